"""rmarkdown: R Markdown documents, whose code cells are chunks.

# A title

```{python a-name, echo=FALSE}
1 + 1
```
"""

from octavo.formats import _header, _markdown, _markdown_writer
from octavo.formats._format import Format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document, Origin
    from octavo.core.options import Options

_DIALECT = _markdown.Dialect("rmarkdown", as_chunks=True, comments_magics=True)
_VERSION = "1.2"


def read(text: str, options: "Options", origin: "Origin") -> "Document":
    """Return the document that *text* holds."""
    return _markdown.read(text, options, origin, _DIALECT)


def write(document: "Document", options: "Options") -> str:
    """Return *document* as an R Markdown document."""
    return _markdown_writer.write(document, options, _DIALECT, _VERSION)


FORMAT = Format(
    "rmarkdown",
    (".Rmd",),
    read,
    write,
    summary="R Markdown documents with code cells in chunks",
    version=_VERSION,
    oldest="1.0",
    options=(
        *_header.COMMON_OPTIONS,
        "comment_magics",
        "split_at_heading",
        "use_runtools",
        "doxygen_equation_markers",
    ),
    default_for=(".Rmd",),
)
