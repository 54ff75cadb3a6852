"""`octavo convert --check`: prove the round trip in memory."""

from octavo.cli import _options
from octavo.cli._conversion import store
from octavo.core.errors import FormatError
from octavo.core.loss import Loss, compare, first_difference
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.cli._conversion import Conversion, Outcome
    from octavo.core.document import Document, Json, Metadata
    from octavo.core.loss import View
    from octavo.core.options import Value

DIFFERENT = 1


def prove(
    conversion: "Conversion", outcome: "Outcome", options: "dict[str, Value]", *, write: bool
) -> int:
    """Go from source to target and back; put every difference into *outcome*.

    Return 1 if something is lost that the format should carry, else 0.  With *write*, what
    passes is written.
    """
    if not write:
        outcome.output = ""
    outcome.losses = round_trip(conversion, options)
    if not all(loss.inherent for loss in outcome.losses):
        outcome.status = "different"
        return DIFFERENT
    outcome.status = "ok"
    if write:
        store(conversion)
    return 0


def round_trip(conversion: "Conversion", options: "dict[str, Value]") -> list[Loss]:
    """Return what the way to the target and back changes."""
    from octavo.formats import _text

    before = conversion.document
    target = conversion.target
    after = _read_back(conversion, options)
    keeps = _text.get_format(target.name).keeps
    cell_view, notebook_view = _views(options, _settings(before), _style(conversion, after))
    losses = compare(before, after, keeps, cell_view=cell_view, notebook_view=notebook_view)
    if all(loss.inherent for loss in losses) and not files.holds_outputs(conversion.source):
        losses += _text_losses(conversion, after, options)
    return losses


def report(outcome: "Outcome", *, quiet: bool = False) -> list[str]:
    """Return what --check prints about one file: one line for each fact."""
    losses = outcome.losses or []
    real = [loss for loss in losses if not loss.inherent]
    lines = []
    if not quiet:
        verdict = "differs" if real else "ok"
        lines.append(f"{outcome.input} as {outcome.target}: {verdict}")
        lines += [f"  not carried by {outcome.target}: {fact}" for fact in _inherent(losses)]
    return lines + [f"  {_place(outcome, loss)}{loss}" for loss in real]


def _place(outcome: "Outcome", loss: Loss) -> str:
    return f"{outcome.input}:{loss.line}: " if loss.line else ""


def _inherent(losses: list[Loss]) -> list[str]:
    """Return the losses by nature, those of one sort in one line."""
    cells: dict[str, set[int]] = {}
    notebook: list[str] = []
    for loss in losses:
        if not loss.inherent:
            continue
        sort = f"{loss.what} {loss.key}".strip()
        if loss.cell:
            cells.setdefault(sort, set()).add(loss.cell)
        else:
            notebook.append(f"notebook {sort}")
    facts = [
        f"{sort} of {len(numbers)} cell{'s' * (len(numbers) > 1)}"
        for sort, numbers in sorted(cells.items())
    ]
    return facts + sorted(notebook)


def _read_back(conversion: "Conversion", options: "dict[str, Value]") -> "Document":
    from octavo.core import ids
    from octavo.formats import _text

    target = conversion.target
    known = _options.known_to(target, options)
    return ids.assign(_text.read_text(conversion.data, target, known))


def _text_losses(
    conversion: "Conversion", after: "Document", options: "dict[str, Value]"
) -> list[Loss]:
    """Return where the source text itself would not come back byte for byte."""
    source = conversion.source
    original = conversion.original.decode("utf-8")
    document = _with_settings(after, conversion.document)
    try:
        back = files.document_bytes(
            document, source, _options.known_to(source, options), original
        ).decode("utf-8")
    except FormatError as error:
        return [Loss("text", error.message)]
    if back == original:
        return []
    return [Loss("text", f"written back as {source}, {first_difference(original, back)}")]


def _settings(document: "Document") -> "Metadata":
    section = document.metadata.get("jupytext")
    return section if isinstance(section, dict) else {}


def _with_settings(document: "Document", other: "Document") -> "Document":
    """Return *document* with the settings of *other*: each format notes its own."""
    metadata = {key: value for key, value in document.metadata.items() if key != "jupytext"}
    settings = _settings(other)
    return document.with_(metadata={**metadata, "jupytext": settings} if settings else metadata)


def _style(conversion: "Conversion", after: "Document") -> "Metadata":
    """Return the settings that the text at the target imposes: its header stays as it is."""
    if conversion.is_stdout or files.previous_text(conversion.output, conversion.target) is None:
        return {}
    return _settings(after)


def _views(*settings: "Mapping[str, Json]") -> "tuple[View, View]":
    """Return what the metadata filters let through; the first settings that have one count."""
    from octavo.formats import _filters

    def wish(name: str) -> "Json":
        return next((section[name] for section in settings if section.get(name)), "")

    return (
        _filters.cell_filter(wish("cell_metadata_filter")).apply,
        _filters.notebook_filter(wish("notebook_metadata_filter")).apply,
    )
