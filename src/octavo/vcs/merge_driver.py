"""Merge three versions of a file for git: by cell, with the one merge engine of `core`."""

from octavo.core.errors import OctavoError
from octavo.vcs.errors import VcsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.formats._names import Target


class Versions:
    """The three versions of a file as git hands them over, and the path that tells its format.

    `kept_as` is the text format in which git keeps notebooks here, "" for none.
    """

    __slots__ = ("base", "kept_as", "labels", "ours", "path", "theirs")

    def __init__(
        self,
        base: bytes,
        ours: bytes,
        theirs: bytes,
        path: str,
        labels: tuple[str, str] = ("ours", "theirs"),
        kept_as: str = "",
    ) -> None:
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.path = path
        self.labels = labels
        self.kept_as = kept_as


class Result:
    """The merged bytes, and what is in conflict in them, in words."""

    __slots__ = ("conflicts", "data")

    def __init__(self, data: bytes, conflicts: list[str]) -> None:
        self.data = data
        self.conflicts = conflicts


def merge_versions(versions: Versions) -> Result:
    """Return the merge of three versions.

    Sources are merged cell by cell and line by line; each output comes from the side that
    supplied the source; counts and versions of kernels are never in conflict.  What both sides
    changed is kept twice, in marked cells, which `octavo resolve` finishes.

    Raises: `VcsError` OCT-V020 when a version is no document that can be read; nothing is
    merged then.
    """
    from octavo.core.merge import merge

    ours = _read(versions.ours, versions, versions.labels[0])
    theirs = _read(versions.theirs, versions, versions.labels[1])
    base = _base(versions, ours, theirs)
    merged = merge(base, ours, theirs, labels=versions.labels)
    document = _with_ids(merged.document)
    data = _written(document, versions)
    return Result(data, [conflict.detail for conflict in merged.conflicts])


def _base(versions: Versions, ours: "Document", theirs: "Document") -> "Document":
    """Return the common version; where there is none, what both sides share stands for it."""
    from octavo.workspace import conflict

    if not versions.base.strip():
        return conflict.common(ours, theirs)
    try:
        return _read(versions.base, versions, "base")
    except VcsError:
        return conflict.common(ours, theirs)


def _read(data: bytes, versions: Versions, label: str) -> "Document":
    from octavo.core import ids
    from octavo.formats import _text

    try:
        document = _text.read_text(data, _target(data, versions), {}, versions.path)
    except OctavoError as error:
        raise VcsError(
            "OCT-V020", f"{versions.path}: the version of {label} cannot be read: {error.message}",
            hint="nothing was merged; mend that version, or take one side",
        ) from None  # fmt: skip
    return ids.unique(document) if any(cell.id for cell in document.cells) else document


def _target(data: bytes, versions: Versions) -> "Target":
    """Return what a version is: a notebook that git keeps as text is one, by its content."""
    from octavo.formats import _names
    from octavo.workspace import files

    target = files.source_of(versions.path, _names.Target())
    if versions.kept_as and target.suffix == _names.IPYNB and data.lstrip()[:1] != b"{":
        return _names.parse(versions.kept_as)
    return target


def _with_ids(document: "Document") -> "Document":
    """Give the cells that a conflict added ids of their own, where cells have ids."""
    from octavo.core import ids

    has_ids = any(cell.id for cell in document.cells)
    return ids.unique(document) if has_ids else document


def _written(document: "Document", versions: Versions) -> bytes:
    from octavo.formats import _names, _text
    from octavo.workspace import files

    target = _target(versions.ours, versions)
    if files.holds_outputs(target):
        return files.document_bytes(document, target, {})
    target = _names.parse(document.origin.format)
    previous = _text.decode(versions.ours, versions.path)
    return files.document_bytes(document, target, {}, previous)
