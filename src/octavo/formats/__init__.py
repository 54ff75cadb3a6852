"""Text formats: pure functions between text and Document, one file a format."""
