"""Convert one document: read, change, place, combine, render, store."""

import os
import sys

from octavo.cli import _options, _plan
from octavo.core.errors import FileError, FormatError, OptionError, Span
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.cli._plan import Job
    from octavo.core.document import Document
    from octavo.core.errors import Notice, OctavoError
    from octavo.core.loss import Loss
    from octavo.core.options import Value
    from octavo.formats._names import Target
    from octavo.workspace.config import Configurations
    from octavo.workspace.outputs import OutputStore, Stores


class Wishes:
    """What the command line asks of every file.

    `target` is None when neither --to nor the suffix of -o told it: then the file keeps its
    format.  `changes` are made to each document that was read.  `configurations` is None when
    configuration files are not to be looked at.
    """

    __slots__ = (
        "changes", "configurations", "force", "options", "source", "stores", "target", "update",
    )  # fmt: skip

    def __init__(
        self,
        source: "Target",
        target: "Target | None",
        options: "dict[str, Value]",
        changes: "tuple[Callable[[Document], Document], ...]" = (),
        *,
        update: bool = False,
        force: bool = False,
        configurations: "Configurations | None" = None,
    ) -> None:
        self.configurations = configurations
        self.stores: Stores | None = None
        self.source = source
        self.target = target
        self.options = options
        self.changes = changes
        self.update = update
        self.force = force


class KeptOutputs:
    """Where the output store keeps what the text of a conversion cannot hold, if it does.

    `path` is the text; `remembers` tells that the conversion goes from a notebook to it.
    """

    __slots__ = ("path", "remembers", "store")

    def __init__(
        self, path: str = "", store: "OutputStore | None" = None, *, remembers: bool = False
    ) -> None:
        self.path = path
        self.store = store
        self.remembers = remembers

    def recalled(self, document: "Document") -> "Document":
        """Return *document* with what is kept of it."""
        if self.store is None:
            return document
        from octavo.workspace import outputs

        return outputs.recall(document, self.path, self.store)

    def remember(self, document: "Document") -> None:
        """Keep what the text cannot hold."""
        if self.store is not None and self.remembers:
            from octavo.workspace import outputs

            outputs.remember(document, self.path, self.store)


class Conversion:
    """A document that was read and rendered, and the place that it will have.

    `data` is what is to be written, `original` what was read; `folder` is the folder that must
    exist for it, "" when that is up to the user.  `options` are those that it was written with,
    `kept` is the place of its outputs in the output store, `seen` what was read of the file that
    is replaced, if the result was made from it.
    """

    __slots__ = (
        "data", "document", "folder", "kept", "options", "original", "output", "seen", "source",
        "target",
    )  # fmt: skip

    def __init__(
        self,
        document: "Document",
        source: "Target",
        target: "Target",
        output: str,
        *,
        data: bytes,
        original: bytes,
        folder: str,
        options: "dict[str, Value]",
        kept: "KeptOutputs",
        seen: "bytes | files.Anything | None" = files.ANYTHING,
    ) -> None:
        self.seen = seen
        self.kept = kept
        self.options = options
        self.document = document
        self.source = source
        self.target = target
        self.output = output
        self.data = data
        self.original = original
        self.folder = folder

    @property
    def is_stdout(self) -> bool:
        """Whether the result is to be printed."""
        return self.output == _plan.STDOUT


class Outcome:
    """What became of one file, for people and for JSON.

    `status` is "created", "updated", "unchanged", "printed", "ok", "different", "failed" or
    "skipped".
    """

    __slots__ = (
        "diff", "error", "input", "losses", "output", "source", "status", "target", "warnings",
    )  # fmt: skip

    def __init__(self, name: str, status: str = "failed") -> None:
        self.input = name
        self.output = ""
        self.status = status
        self.source = ""
        self.target = ""
        self.warnings: tuple[Notice, ...] = ()
        self.losses: list[Loss] | None = None
        self.diff: str | None = None
        self.error: OctavoError | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the record for --json."""
        record: dict[str, object] = {
            "input": self.input,
            "output": self.output,
            "status": self.status,
            "from": self.source,
            "to": self.target,
            "warnings": [_fault(notice, self.input) for notice in self.warnings],
            "error": None if self.error is None else _fault(self.error, self.input),
        }
        if self.losses is not None:
            record["losses"] = [loss.as_dict() for loss in self.losses]
        if self.diff is not None:
            record["diff"] = self.diff
        return record


def prepare(job: "Job", wishes: Wishes) -> Conversion | None:
    """Return the conversion that *job* asks for; nothing is written yet.

    None: the file was found in a folder and is not in the format of --from.
    Raises: `FileError`, `FormatError`, `OptionError`, `ConfigError`.
    """
    if job.fault is not None:
        raise job.fault
    original = _read_bytes(job)
    said = wishes.source if job.input == _plan.STDIN else files.source_of(job.input, wishes.source)
    if job.searched and wishes.source.name and not _is_in_format(original, said):
        return None
    document = _read_as_configured(job, original, said, wishes)
    source = _named(document.origin.format)
    document = _changed(document, wishes)
    configured = _configured(job.output or job.input, job, wishes)
    options = {**configured, **wishes.options}
    target = _settle(document, source, wishes, job, options)
    _options.check_known(wishes.options, source, target)
    output = job.output or _beside(job, target)
    if not job.output:
        options = {**_configured(output, job, wishes), **wishes.options}
    _check_place(job, output, source, target, wishes)
    kept = _outputs_of(job, source, target, output, wishes)
    if not kept.remembers:
        document = kept.recalled(document)
    document, seen = _combine(document, source, target, output, wishes)
    if output == job.input and output != _plan.STDIN:
        seen = original
    data = _render(document, target, output, wishes, options)
    return Conversion(
        document, source, target, output,
        data=data, original=original, folder=job.folder, options=options, kept=kept, seen=seen,
    )  # fmt: skip


def status_of(conversion: Conversion) -> str:
    """Return what storing the conversion would do."""
    if conversion.is_stdout:
        return "printed"
    if not os.path.lexists(conversion.output):
        return "created"
    return "unchanged" if old_bytes(conversion.output) == conversion.data else "updated"


def store(conversion: Conversion) -> str:
    """Write the conversion and return its status."""
    if conversion.is_stdout:
        from octavo.cli import _output

        _output.out_bytes(conversion.data)
        return "printed"
    if conversion.folder:
        files.make_folder(conversion.folder)
    conversion.kept.remember(conversion.document)
    existed = os.path.exists(conversion.output)
    changed = files.replace_file(conversion.output, conversion.data, conversion.seen)
    return ("updated" if existed else "created") if changed else "unchanged"


def old_bytes(output: str) -> bytes:
    """Return what stands at *output* now, b"" when there is nothing."""
    is_there = output != _plan.STDOUT and os.path.isfile(output)
    return files.read_bytes(output) if is_there else b""


def _read_bytes(job: "Job") -> bytes:
    if job.input != _plan.STDIN:
        return files.read_bytes(job.input)
    if sys.stdin is None:
        raise FileError("OCT-W003", "is closed", Span(job.name))
    buffer = getattr(sys.stdin, "buffer", None)
    try:
        data: bytes = sys.stdin.read().encode("utf-8") if buffer is None else buffer.read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError("OCT-W003", f"cannot be read: {reason}", Span(job.name)) from None
    return data


def _configured(path: str, job: "Job", wishes: Wishes) -> "dict[str, Value]":
    """Return the format options that the configuration has for *path*.

    A stream has those of the file that is read, or of the current folder.
    """
    if wishes.configurations is None:
        return {}
    if path == _plan.STDOUT:
        path = job.input
    if path == _plan.STDIN:
        path = ""
    return wishes.configurations.of(path).options_for(path)


def _read_as_configured(job: "Job", data: bytes, said: "Target", wishes: Wishes) -> "Document":
    """Return the document in *data*: command line, then its header, then the configuration.

    What the header leaves open is known only after reading, so a text that the configuration
    says something about is read twice.
    """
    document = _read(job, data, said, wishes.options)
    configured = _configured(job.input, job, wishes)
    if not configured:
        return document
    from octavo.core.options import OPTION_BY_NAME

    section = document.metadata.get("jupytext")
    recorded = section if isinstance(section, dict) else {}
    known = _options.known_to(_named(document.origin.format), configured)
    weaker = {
        name: value
        for name, value in known.items()
        if name not in recorded and OPTION_BY_NAME[name].direction != "write"
    }
    return _read(job, data, said, {**weaker, **wishes.options}) if weaker else document


def _read(job: "Job", data: bytes, said: "Target", options: "dict[str, Value]") -> "Document":
    from octavo.formats import _text

    try:
        if options:
            options = _options.known_to(_recognised(data, said), options)
        path = "" if job.input == _plan.STDIN else job.input
        return _text.read_text(data, said, options, path)
    except FormatError as error:
        raise error.in_file(job.name) from None


def _changed(document: "Document", wishes: Wishes) -> "Document":
    """Return *document* with the changes of its metadata that were asked for."""
    if not wishes.changes:
        return document
    from octavo.cli import _metadata

    changed = document
    for change in wishes.changes:
        changed = change(changed)
    return _metadata.with_header(document, changed)


def _recognised(data: bytes, said: "Target") -> "Target":
    """Return the full format of the text in *data*."""
    from octavo.core.lines import normalise
    from octavo.formats import _guess, _names, _text

    if said.suffix == _names.IPYNB:
        return _names.Target(said.suffix, _named(said.suffix).name)
    target, _ = _guess.recognise(normalise(_text.decode(data))[0], said)
    return target


def _is_in_format(data: bytes, said: "Target") -> bool:
    """Return whether the text in *data* would be taken for that format by its look."""
    from octavo.formats import _names

    try:
        return _recognised(data, _names.Target(said.suffix)).name == said.name
    except FormatError:
        return False


def _named(short: str) -> "Target":
    """Return a short name as a target with both suffix and format."""
    from octavo.formats import _index, _names

    target = _names.parse(short)
    return _names.Target(target.suffix, target.name or _index.default_name(target.suffix))


def _settle(
    document: "Document",
    source: "Target",
    wishes: Wishes,
    job: "Job",
    options: "dict[str, Value]",
) -> "Target":
    """Return the full format to write."""
    from octavo.formats import _names, _text

    said = wishes.target
    if said is None:
        if job.output in ("", _plan.STDOUT):
            return source
        said = files.target_of(job.output, _names.Target(), str(source))
    elif not said.suffix and job.output not in ("", _plan.STDOUT):
        said = files.target_of(job.output, said)
    if said.suffix == _names.AUTO:
        said = _auto(document, source, said)
    return _text.settle_target(said, document.metadata, options)


def _auto(document: "Document", source: "Target", said: "Target") -> "Target":
    """Return *said* with the suffix of the script that was read, if the notebook tells none."""
    from octavo.core.languages import SCRIPT_SUFFIXES, script_suffix
    from octavo.formats import _names

    if script_suffix(document.metadata) is None and source.suffix in SCRIPT_SUFFIXES:
        return _names.Target(source.suffix, said.name)
    return said


def _beside(job: "Job", target: "Target") -> str:
    """Return the path of the input with the suffix of *target*, in the folder that was named."""
    if job.input == _plan.STDIN:
        name = "notebook"
    else:
        folder, base = os.path.split(job.input)
        stem, _ = os.path.splitext(base)
        name = stem if job.folder else os.path.join(folder, stem)
    return os.path.join(job.folder, name + target.suffix)


def _check_place(
    job: "Job", output: str, source: "Target", target: "Target", wishes: Wishes
) -> None:
    """Check that writing *output* would destroy nothing that cannot be had again.

    Raises: `FileError` OCT-W010 (the input itself, in another format), OCT-W011 (a notebook
    whose outputs would be lost).
    """
    if wishes.force or output == _plan.STDOUT or not os.path.isfile(output):
        return
    if job.input != _plan.STDIN and os.path.samefile(job.input, output):
        if str(source) != str(target):
            raise FileError(
                "OCT-W010", f"would be replaced by itself as {target}", Span(output),
                hint="name another file with -o, or use --force",
            )  # fmt: skip
        return
    if not wishes.update and files.holds_outputs(target) and not files.holds_outputs(source):
        _check_outputs(output)


def _check_outputs(output: str) -> None:
    try:
        previous = _previous(output)
    except FormatError as error:
        raise FileError(
            "OCT-W011", f"is no notebook that can be read, so it is not replaced: {error.message}",
            Span(output), hint="repair or remove it, or use --force",
        ) from None  # fmt: skip
    if previous is None:
        return
    from octavo.core.loss import has_outputs

    if any(has_outputs(cell) or cell.attachments for cell in previous.cells):
        raise FileError(
            "OCT-W011", "holds outputs that would be lost", Span(output),
            hint="--update keeps them, --force drops them",
        )  # fmt: skip


def _outputs_of(
    job: "Job", source: "Target", target: "Target", output: str, wishes: Wishes
) -> KeptOutputs:
    """Return the place of the text's outputs in the store, if its project has one."""
    remembers = files.holds_outputs(source)
    path = output if remembers else job.input
    if remembers == files.holds_outputs(target) or path in (_plan.STDOUT, _plan.STDIN):
        return KeptOutputs()
    if wishes.configurations is None:
        return KeptOutputs()
    config = wishes.configurations.of(path)
    if not config.keeps_outputs(path):
        return KeptOutputs()
    from octavo.workspace import outputs

    wishes.stores = wishes.stores or outputs.Stores()
    return KeptOutputs(path, wishes.stores.open_for(path, config), remembers=remembers)


def _combine(
    document: "Document", source: "Target", target: "Target", output: str, wishes: Wishes
) -> "tuple[Document, bytes | files.Anything]":
    """Return *document* with the outputs of the notebook that stands at *output*, and its bytes."""
    if not wishes.update or not files.holds_outputs(target) or output == _plan.STDOUT:
        return document, files.ANYTHING
    if files.holds_outputs(source):
        raise OptionError(
            "OCT-O027", "--update takes sources from a text, not from a notebook",
            hint="leave --update out",
        )  # fmt: skip
    data = old_bytes(output)
    if not data:
        return document, files.ANYTHING
    from octavo.formats import _names, _text
    from octavo.formats._update import update

    try:
        previous = _text.read_text(data, _names.parse(_names.IPYNB), {}, output)
    except FormatError as error:
        raise error.in_file(output) from None
    return update(document, previous, source), data


def _previous(output: str) -> "Document | None":
    """Return the notebook that stands at *output*, None when there is none."""
    if not os.path.isfile(output) or not os.path.getsize(output):
        return None
    from octavo.formats import _names

    return files.read_document(output, _names.IPYNB, {})


def _render(
    document: "Document",
    target: "Target",
    output: str,
    wishes: Wishes,
    options: "dict[str, Value]",
) -> bytes:
    options = _options.known_to(target, options)
    previous = None if output == _plan.STDOUT else files.previous_text(output, target)
    if previous and wishes.changes:
        previous = _with_header(previous, document, target, options)
    try:
        return files.document_bytes(document, target, options, previous)
    except FormatError as error:
        raise error.in_file(output) from None


def _with_header(
    previous: str, document: "Document", target: "Target", options: "dict[str, Value]"
) -> str:
    """Return *previous* with the header of *document* if it has none.

    A text without header would stay so, but metadata set on purpose is to be seen in it.
    """
    from octavo.core.lines import normalise, restore
    from octavo.formats import _text

    if any(key != "jupytext" for key in _text.read_text(previous, target, options).metadata):
        return previous
    fresh = _text.write_text(document, target, options)
    cells = _text.read_text(fresh, target, options).cells
    header = fresh.split("\n")[: cells[0].line - 1] if cells else []
    text, bom, newline = normalise(previous)
    return restore("\n".join([*header, text]), newline, bom=bom)


def _fault(fault: "OctavoError | Notice", name: str) -> dict[str, object]:
    return {
        "code": fault.code,
        "message": fault.message,
        "file": fault.span.file or name,
        "line": fault.span.line,
        "column": fault.span.column,
        "hint": fault.hint,
    }
