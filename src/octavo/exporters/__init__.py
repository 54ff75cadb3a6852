"""Exporters: a Document to what readers get, in memory.  One target a file.

Pure like `formats`: bytes of images and the like are handed in as `Resources`.  What several
exporters need starts with `_`: `_markdown` makes a tree of prose, `_page` a whole document of
trees, sources and outputs with numbers and labels resolved.
"""
