"""Editions: what `[edition.NAME]` of octavo.toml asks for, planned, made and kept up to date."""
