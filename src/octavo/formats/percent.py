"""percent: scripts whose cells start with `# %%`, as many editors know them.

# %% [markdown]
# # A title
#
# %% tags=["a"]
1 + 1
"""

from octavo.core.languages import SCRIPT_SUFFIXES
from octavo.formats import _percent, _percent_reader, _percent_writer
from octavo.formats._format import Format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document, Origin
    from octavo.core.options import Options


def read(text: str, options: "Options", origin: "Origin") -> "Document":
    """Return the document that *text* holds."""
    return _percent_reader.read(text, options, origin, comments_magics=True)


def write(document: "Document", options: "Options") -> str:
    """Return *document* as a percent script."""
    return _percent_writer.write(
        document, options, name="percent", comments_magics=True, splits_magics=True
    )


def sniff(text: str, suffix: str) -> "dict[str, bool | str] | None":
    """Return {} when *text* has cell markers outside strings."""
    from octavo.formats._guess import has_percent_markers

    return {} if has_percent_markers(text, suffix) else None


FORMAT = Format(
    "percent",
    SCRIPT_SUFFIXES,
    read,
    write,
    summary="scripts with cells that start with `# %%` (the default for scripts)",
    version=_percent.VERSION,
    oldest=_percent.OLDEST,
    options=_percent.OPTIONS,
    sniff=sniff,
    rank=20,
    default_for=SCRIPT_SUFFIXES,
    assumed_for=(),
)
