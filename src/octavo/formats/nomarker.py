"""nomarker: plain scripts, with no sign of where the cells were.

It is for people who want the script and nothing else.  Cells come back as the paragraphs that
the light format sees; cell metadata and raw cells do not come back.
"""

from octavo.core.languages import SCRIPT_SUFFIXES
from octavo.formats import _header, _light_reader, _light_writer
from octavo.formats._format import Format, Keeps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document, Origin
    from octavo.core.options import Options


def read(text: str, options: "Options", origin: "Origin") -> "Document":
    """Return the document whose cells are the paragraphs of *text*."""
    return _light_reader.read(text, options, origin, takes_markers=False)


def write(document: "Document", options: "Options") -> str:
    """Return *document* as a script without cell markers."""
    return _light_writer.write_without_markers(document, options)


FORMAT = Format(
    "nomarker",
    SCRIPT_SUFFIXES,
    read,
    write,
    summary="plain scripts without any cell marker (not a round trip)",
    options=(*_header.COMMON_OPTIONS, "comment_magics"),
    keeps=Keeps("none", raw=False, kinds=False),
    rank=100,
    aliases=("bare",),
)
