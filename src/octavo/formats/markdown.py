"""markdown: Markdown documents whose code cells are fenced blocks.

# A title

```python tags=["a"]
1 + 1
```
"""

from octavo.formats import _header, _markdown, _markdown_writer
from octavo.formats._format import Format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document, Origin
    from octavo.core.options import Options

_DIALECT = _markdown.Dialect("markdown", as_chunks=False, comments_magics=False)
_VERSION = "1.3"
_VERSIONS = {".markdown": "1.2"}
_SUFFIXES = (".md", ".markdown")


def read(text: str, options: "Options", origin: "Origin") -> "Document":
    """Return the document that *text* holds."""
    return _markdown.read(text, options, origin, _DIALECT)


def write(document: "Document", options: "Options") -> str:
    """Return *document* as a Markdown document."""
    version = _VERSIONS.get(options.suffix, _VERSION)
    return _markdown_writer.write(document, options, _DIALECT, version)


FORMAT = Format(
    "markdown",
    _SUFFIXES,
    read,
    write,
    summary="Markdown documents with code cells between fences",
    version=_VERSION,
    oldest="1.0",
    options=(
        *_header.COMMON_OPTIONS,
        "comment_magics",
        "split_at_heading",
        "hide_notebook_metadata",
        "doxygen_equation_markers",
    ),
    default_for=_SUFFIXES,
)
