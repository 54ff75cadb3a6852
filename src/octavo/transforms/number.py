"""Number the headings of a document in its text: `## 1.2 Title`."""

from octavo.core.patterns import lazy
from octavo.transforms import _sections
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.transforms._transform import Step

_HEADING = lazy(r"( {0,3})(#{2,6})([ \t]+)(?:\d+(?:\.\d+)*\.?[ \t]+)?(?=\S)")


def number(document: "Document") -> "Document":
    r"""Return *document* with numbers before its headings of level 2 and below; old ones go.

    The heading of level 1 is the title.

    >>> from octavo.core.document import Cell, Document
    >>> number(Document([Cell("markdown", "# T\n\n## A\n\n### B\n\n## C")])).cells[0].source
    '# T\n\n## 1 A\n\n### 1.1 B\n\n## 2 C'
    """
    counts: list[int] = []
    sources = [cell.source for cell in document.cells]
    texts: dict[int, list[str]] = {}
    for part in _sections.parts(document):
        text = part.text
        found = _HEADING.match(text) if part.facts.cell == "markdown" else None
        if found is not None:
            depth = len(found[2]) - 1
            counts = [*counts[:depth], *[0] * (depth - len(counts))]
            counts[-1] += 1
            label = ".".join(map(str, counts))
            text = f"{found[1]}{found[2]}{found[3]}{label} {text[found.end() :]}"
        texts.setdefault(part.place, []).append(text)
    cells = [
        cell if (text := "".join(texts[i])) == sources[i] else cell.with_(source=text)
        for i, cell in enumerate(document.cells)
    ]
    return document.with_(cells=cells)


def _apply(document: "Document", _step: "Step") -> "Document":
    return number(document)


TRANSFORMS = (Transform("number", _apply, summary="Number the headings in the text."),)
