"""Octavo: one source, many editions."""

__version__ = "0.1.0"
