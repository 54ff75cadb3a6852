"""Make the files of one unit: in memory, in whatever process, so nothing is written here."""

import os

from octavo.core.errors import Notice, OctavoError, Span
from octavo.editions.errors import Fault
from octavo.editions.plan import SITE, target_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Document
    from octavo.editions.plan import Unit
    from octavo.editions.prepare import Prepared, Row
    from octavo.exporters._exporter import Artifact, Settings
    from octavo.workspace.config_editions import Write


class File:
    """A file to be written: its path from the root, its bytes, its format."""

    __slots__ = ("data", "format", "path", "sources")

    def __init__(self, path: str, data: bytes, fmt: str, sources: list[str]) -> None:
        self.path = path
        self.data = data
        self.format = fmt
        self.sources = sources


class Made:
    """What became of a unit; all of it can go from one process to another."""

    __slots__ = ("audiences", "faults", "files", "inputs", "notices", "ran", "rows", "tags")

    def __init__(self) -> None:
        self.files: list[File] = []
        self.faults: list[Fault] = []
        self.notices: list[Notice] = []
        self.rows: dict[str, list[Row]] = {}
        self.inputs: list[str] = []
        self.tags: set[str] = set()
        self.audiences: set[str] = set()
        self.ran = 0


def make(unit: "Unit") -> Made:
    """Return the files of a unit; what fails is in `faults`, and the rest is there all the same."""
    made = Made()
    if any(write.format == SITE for write in unit.writes):
        _site(unit, made)
        return made
    prepared = _prepared(unit, 0, made)
    if prepared is None:
        return made
    for write in unit.writes:
        try:
            files = list(_written(unit, write, prepared, made))
            _check(unit, write, prepared, files)
            made.files += files
        except OctavoError as error:
            made.faults.append(Fault(error.in_file(unit.path(unit.sources[0]))))
    return made


def _prepared(unit: "Unit", place: int, made: Made) -> "Prepared | None":
    from octavo.editions import prepare

    try:
        prepared = prepare.prepare(unit, place)
    except OctavoError as error:
        made.faults.append(Fault(error.in_file(unit.path(unit.sources[place]))))
        return None
    made.rows[unit.sources[place]] = prepared.rows
    made.inputs += prepared.inputs
    made.tags |= prepared.tags
    made.audiences |= prepared.audiences
    made.ran += prepared.ran
    return prepared


def document_for(unit: "Unit", write: "Write", prepared: "Prepared") -> "Document":
    """Return the document that is written: with or without what marks hide."""
    marks = write.text("marks") or unit.edition.text("marks")
    return prepared.hidden if marks == "remove" else prepared.document


def _written(unit: "Unit", write: "Write", prepared: "Prepared", made: Made) -> "Iterator[File]":
    from octavo.exporters import _index

    document = document_for(unit, write, prepared)
    source = unit.sources[0]
    if write.format not in _index.names() and not _is_foreign_target(write.format):
        yield from _text(unit, write, document, made)
        return
    settings = _settings(unit, write, source, made)
    for artifact in _index.get(write.format).export(document, settings):
        _note(made, unit.path(source), artifact)
        path = target_path(unit, write, source, artifact.path)
        yield File(path, artifact.data, write.format, [source])


def _is_foreign_target(name: str) -> bool:
    from octavo.core.errors import OptionError
    from octavo.formats import _names

    try:
        _names.parse(name)
    except OptionError:
        return True
    return False


def _text(unit: "Unit", write: "Write", document: "Document", made: Made) -> "Iterator[File]":
    """Yield the document in a text format, and the pictures that it names."""
    from octavo.core.options import parse_options
    from octavo.editions import prepare
    from octavo.formats import _index, _names, _text
    from octavo.workspace import files

    source = unit.sources[0]
    target = _text.settle_target(
        _names.parse(write.format), document.metadata, options := parse_options(write.options)
    )
    known = _text.get_format(target.name or _index.default_name(target.suffix)).options
    data = files.document_bytes(
        document, target, {name: value for name, value in options.items() if name in known}
    )
    stem = os.path.splitext(os.path.basename(source))[0]
    path = target_path(unit, write, source, stem + target.suffix)
    yield File(path, data, write.format, [source])
    resource = prepare.resource_of(unit.path(source), made.inputs)
    from octavo.core.percents import unquote

    for address, line in prepare.images_of(document):
        name = unquote(address.partition("#")[0].partition("?")[0])
        content = resource(name)
        inner = os.path.normpath(os.path.join(os.path.dirname(source), name.lstrip("/")))
        if content is None:
            made.notices.append(
                Notice("OCT-E003", f"no such image: {name}", Span(unit.path(source), line),
                       hint="paths are relative to the document")
            )  # fmt: skip
        elif not inner.startswith(os.pardir):
            inner = inner.replace(os.sep, "/")
            folder, base = os.path.split(inner)
            copy = target_path(unit, write, f"{folder}/-" if folder else "", base)
            yield File(copy, content, "picture", [source])


def _settings(unit: "Unit", write: "Write", source: str, made: Made) -> "Settings":
    from octavo.editions import prepare
    from octavo.exporters._exporter import Settings
    from octavo.workspace import files

    css = ""
    if write.text("css"):
        path = os.path.join(unit.root, write.text("css"))
        made.inputs.append(path)
        css = files.read_bytes(path).decode("utf-8", "replace")
    stem = os.path.splitext(os.path.basename(source))[0]
    return Settings(
        stem, title=write.text("title"), language=write.text("lang"), css=css,
        contents=write.values.get("contents") is not False,
        number_sections=write.values.get("number_sections") is True,
        standard=write.text("standard"),
        resource=prepare.resource_of(unit.path(source), made.inputs),
    )  # fmt: skip


def _note(made: Made, path: str, artifact: "Artifact") -> None:
    for notice in artifact.notices:
        place = Span(notice.span.file or path, notice.span.line)
        made.notices.append(Notice(notice.code, notice.message, place, hint=notice.hint))


def _site(unit: "Unit", made: Made) -> None:
    """Make a site of all documents that can be made; it has no page of the others."""
    from octavo.editions import site

    write = unit.writes[0]
    pages = []
    for place in range(len(unit.sources)):
        prepared = _prepared(unit, place, made)
        if prepared is not None:
            pages.append((unit.sources[place], document_for(unit, write, prepared), prepared))
    try:
        settings = _settings(unit, write, unit.sources[0], made)
        files = []
        for artifact in site.artifacts(unit, pages, settings, made.inputs):
            _note(made, "", artifact)
            path = target_path(unit, write, "", artifact.path)
            files.append(File(path, artifact.data, SITE, unit.sources))
        for _, _, prepared in pages:
            _check(unit, write, prepared, files)
        made.files += files
    except OctavoError as error:
        made.faults.append(Fault(error))


def _check(unit: "Unit", write: "Write", prepared: "Prepared", files: list[File]) -> None:
    asserted = unit.edition.texts("assert")
    if asserted:
        from octavo.editions import checks

        checks.check(asserted, unit, document_for(unit, write, prepared), prepared, files)
