"""Jupytext's configuration keys, and what they are called here.

Its files are honoured as they are: the same keys, the same types, an unknown key is an error.
"""

from octavo.core.options import FORMAT_OPTIONS, OPTION_BY_NAME
from octavo.workspace.config_keys import KEY_BY_NAME, Key, of_option

#: Options of formats that Jupytext takes on the command line only.
_NOT_IN_FILES = frozenset(("cell_metadata_json", "use_runtools", "rst2md"))

#: Its older and other names of our keys, stronger ones last.
RENAMED = {
    "default_jupytext_formats": "formats",
    "default_notebook_metadata_filter": "notebook_metadata_filter",
    "default_cell_metadata_filter": "cell_metadata_filter",
    "default_cell_markers": "cell_markers",
    "sphinx_convert_rst2md": "rst2md",
}
PREFERRED = "preferred_jupytext_formats_save"
#: Keys that speak to its contents manager, not to a converter.
SERVER_KEYS = frozenset((
    "preferred_jupytext_formats_read",
    "outdated_text_notebook_margin",
    "cm_config_log_level",
    "notebook_extensions",
))  # fmt: skip

KEYS = {
    key.name: key
    for key in (
        KEY_BY_NAME["formats"],
        Key(
            "default_jupytext_formats", "formats", None, "The older name of formats.",
            example="ipynb,py:percent",
        ),
        Key(
            PREFERRED, "text", "", "Names of formats for suffixes in formats that have none.",
            example="py:percent",
        ),
        Key(
            "preferred_jupytext_formats_read", "text", "", "Formats to read texts as in Jupyter.",
            example="py:sphinx",
        ),
        *(of_option(option) for option in FORMAT_OPTIONS if option.name not in _NOT_IN_FILES),
        *(
            of_option(OPTION_BY_NAME[ours], theirs)
            for theirs, ours in RENAMED.items()
            if ours in OPTION_BY_NAME
        ),
        Key(
            "outdated_text_notebook_margin", "number", 1.0,
            "Seconds by which a notebook may be newer than its text, in Jupyter.",
        ),
        Key(
            "cm_config_log_level", "text", "", "How loud Jupyter's log tells about configuration.",
            example="info_if_changed",
        ),
        Key(
            "notebook_extensions", "texts", None, "Suffixes that Jupyter shows as notebooks.",
            example="ipynb,md",
        ),
    )
}  # fmt: skip
