"""hydrogen: like percent, but magics stay as they are (such a script runs in Jupyter only).

# %%
%matplotlib inline
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
    return _percent_reader.read(text, options, origin, comments_magics=False)


def write(document: "Document", options: "Options") -> str:
    """Return *document* as a hydrogen script."""
    return _percent_writer.write(
        document, options, name="hydrogen", comments_magics=False, splits_magics=False
    )


def sniff(text: str, suffix: str) -> "dict[str, bool | str] | None":
    """Return {} when *text* has cell markers and magics that are not commented."""
    from octavo.formats._guess import has_bare_magics, has_percent_markers

    found = has_percent_markers(text, suffix) and has_bare_magics(text, suffix)
    return {} if found else None


FORMAT = Format(
    "hydrogen",
    SCRIPT_SUFFIXES,
    read,
    write,
    summary="like percent, with Jupyter magics left as they are",
    version=_percent.VERSION,
    oldest=_percent.OLDEST,
    options=_percent.OPTIONS,
    sniff=sniff,
    rank=10,
)
