"""Lock cells: they can be neither edited nor deleted in a notebook."""

from octavo.transforms import _expression, _sections
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.core.document import Cell, Document
    from octavo.transforms._transform import Step

_LOCKS = ("editable", "deletable")


def lock(document: "Document", expression: str = "", *, path: str = "") -> "Document":
    """Return *document* with the cells locked that *expression* is true of (all without it).

    >>> from octavo.core.document import Cell, Document
    >>> cells = [Cell("code", "1"), Cell("code", "2", {"tags": ["answer"]})]
    >>> [cell.metadata.get("editable") for cell in lock(Document(cells), "non-answer").cells]
    [False, None]
    """
    return _changed(document, expression, path, _locked)


def unlock(document: "Document", expression: str = "", *, path: str = "") -> "Document":
    """Return *document* with the locks of those cells taken off."""
    return _changed(document, expression, path, _unlocked)


def _changed(
    document: "Document", expression: str, path: str, turn: "Callable[[Cell], Cell]"
) -> "Document":
    wanted = _expression.of_step(expression)
    places = {part.place for part in _sections.parts(document, path) if wanted.holds(part.facts)}
    return document.with_(
        cells=[turn(cell) if i in places else cell for i, cell in enumerate(document.cells)]
    )


def _locked(cell: "Cell") -> "Cell":
    return cell.with_(metadata={**cell.metadata, **dict.fromkeys(_LOCKS, False)})


def _unlocked(cell: "Cell") -> "Cell":
    left = {key: value for key, value in cell.metadata.items() if key not in _LOCKS}
    return cell.with_(metadata=left)


def _lock(document: "Document", step: "Step") -> "Document":
    return lock(document, step.argument, path=step.path)


def _unlock(document: "Document", step: "Step") -> "Document":
    return unlock(document, step.argument, path=step.path)


TRANSFORMS = (
    Transform("lock", _lock, takes="EXPRESSION, all cells without it",
              summary="Make cells neither editable nor deletable."),
    Transform("unlock", _unlock, takes="EXPRESSION, all cells without it",
              summary="Take the locks off."),
)  # fmt: skip
