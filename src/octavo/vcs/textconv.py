"""A notebook as text for `git diff`, `git log -p`, `git show` and `git blame`."""

from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell

#: A script in the notebook's language; prose with fences where that is not known.
_FORMATS = ("auto:percent", "md:markdown")


def readable(data: bytes, *, outputs: bool = False) -> bytes:
    """Return the bytes of a notebook as a script that people can read.

    Metadata, counts and outputs are left out; with *outputs*, a line tells of each output.
    What is no notebook comes back as it is.
    """
    from octavo.formats import _names, _text
    from octavo.workspace import files

    try:
        document = _text.read_text(data, _names.Target(_names.IPYNB), {})
        options: dict[str, bool | str] = {
            "notebook_metadata_filter": "-all", "cell_metadata_filter": "tags,-all",
        }  # fmt: skip
    except OctavoError:
        return data
    if outputs:
        document = document.with_(cells=[_with_summary(cell) for cell in document.cells])
    for fmt in _FORMATS:
        try:
            target = _text.settle_target(_names.parse(fmt), document.metadata, options)
            return files.document_bytes(document, target, options)
        except OctavoError:
            continue
    return data


def _with_summary(cell: "Cell") -> "Cell":
    from octavo.vcs.outputs import summaries

    lines = [f"# -> {line}" for line in summaries(cell)] if cell.kind == "code" else []
    return cell.with_(source="\n".join([cell.source, *lines])) if lines else cell
