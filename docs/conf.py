"""Sphinx settings: `make docs` builds the pages into build/docs, and any warning is an error."""

from octavo import __version__

project = "Octavo"
author = "The Octavo developers"
project_copyright = "2026, The Octavo developers"
release = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
# Texts of notebooks are shown as they are, also those that are wrong on purpose.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = f"Octavo {release}"
html_copy_source = False
