"""The core: documents, tables and rules that need the standard library only."""
