"""Sphinx settings: `make docs` builds the pages into build/docs, and any warning is an error."""

from octavo import __version__

project = "Octavo"
author = "The Octavo developers"
project_copyright = "2026, The Octavo developers"
release = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
suppress_warnings = [
    "misc.highlighting_failure",  # texts are shown as they are, also those wrong on purpose
    "toc.empty_glob",  # the contents end with whatever pages are not named, if there are any
]

html_theme = "furo"
html_title = f"Octavo {release}"
html_copy_source = False
