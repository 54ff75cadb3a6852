"""The front matter of a document: a raw cell of YAML between lines `---`, at its top."""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document, Json

_FRONT_MATTER = lazy(r"---[ \t]*\n(.*?)\n---[ \t]*\s*\Z", 16)  # 16: re.DOTALL


def is_front_matter(cell: "Cell") -> bool:
    """Return whether a cell, the first of its document, is front matter."""
    return cell.kind == "raw" and _FRONT_MATTER.match(cell.source) is not None


def head_of(document: "Document") -> "dict[str, Json]":
    """Return what the metadata of the notebook and its front matter say, the latter winning.

    Front matter that is no mapping in YAML says nothing.
    """
    head = dict(document.metadata)
    first = document.cells[0] if document.cells else None
    found = _FRONT_MATTER.match(first.source) if first is not None and first.kind == "raw" else None
    if found is not None:
        import yaml

        try:
            written = yaml.safe_load(found[1])
        except yaml.YAMLError:
            written = None
        head |= written if isinstance(written, dict) else {}
    return head
