"""From Document to Document: pure, one file a transform."""
