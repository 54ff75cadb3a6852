"""The user's files: the only code that reads and writes them."""
