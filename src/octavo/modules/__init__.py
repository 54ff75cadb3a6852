"""Notebooks as Python modules: importing, reloading and exporting them."""
