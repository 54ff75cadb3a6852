"""Make the files of one unit: in memory, in whatever process, so nothing is written here."""

import os

from octavo.core.errors import InternalError, Notice, OctavoError, Span
from octavo.editions.errors import Fault
from octavo.editions.plan import JOINED, page_key, target_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Document, Json
    from octavo.editions.plan import Unit
    from octavo.editions.prepare import Prepared, Row
    from octavo.exporters._exporter import Settings
    from octavo.workspace.config_editions import Write


class File:
    """A file to be written: its path from the root, its bytes, its format."""

    __slots__ = ("data", "format", "path")

    def __init__(self, path: str, data: bytes, fmt: str) -> None:
        self.path = path
        self.data = data
        self.format = fmt


class Made:
    """What became of a unit; all of it can go from one process to another.

    `pages` has a page as JSON for each site and each book, by `plan.page_key`.
    `libraries` are those that its plots asked for, whether they are installed or not.
    """

    __slots__ = ("audiences", "faults", "files", "inputs", "libraries", "notices", "pages", "ran",
                 "rows", "tags")  # fmt: skip

    def __init__(self) -> None:
        self.files: list[File] = []
        self.pages: dict[str, bytes] = {}
        self.faults: list[Fault] = []
        self.notices: list[Notice] = []
        self.rows: list[Row] = []
        self.inputs: list[str] = []
        self.tags: set[str] = set()
        self.audiences: set[str] = set()
        self.ran = 0
        self.libraries: set[str] = set()


def make(unit: "Unit") -> Made:
    """Return the files of a unit; what fails is in `faults`, and the rest is there all the same."""
    from octavo.editions import prepare

    made = Made()
    try:
        prepared = prepare.prepare(unit)
    except Exception as error:  # noqa: BLE001  one document must not keep the others from readers
        made.faults.append(_fault(error, unit))
        return made
    made.rows, made.inputs, made.ran = prepared.rows, prepared.inputs, prepared.ran
    made.tags, made.audiences = prepared.tags, prepared.audiences
    for write in unit.edition.writes:
        try:
            _make_one(unit, write, prepared, made)
        except Exception as error:  # noqa: BLE001  nor one format the others
            made.faults.append(_fault(error, unit))
    return made


def _fault(error: Exception, unit: "Unit") -> Fault:
    told = error if isinstance(error, OctavoError) else InternalError.of(error)
    if told is not error and os.environ.get("OCTAVO_DEBUG") == "1":
        raise error
    return Fault(told.in_file(unit.path))


def _make_one(unit: "Unit", write: "Write", prepared: "Prepared", made: Made) -> None:
    """Make the files of one format, or the page of a site."""
    document = document_for(unit, write, prepared)
    asserted = unit.edition.texts("assert")
    removed: list[str] = []
    if asserted:
        from octavo.editions import checks

        checks.check_document(asserted, unit, document)
        if "no-leak" in asserted:
            removed = checks.fingerprints(prepared.before, document)
    if write.format in JOINED:
        from octavo.editions import site

        settings = _settings(unit, write, made)
        page = site.page(unit, write.format, document, settings, removed)
        made.pages[page_key(write)] = page
        return
    files = list(_written(unit, write, document, made))
    if asserted:
        checks.check_files(asserted, Span(unit.path), files, removed)
    made.files += files


def document_for(unit: "Unit", write: "Write", prepared: "Prepared") -> "Document":
    """Return the document that is written: with or without what marks hide."""
    marks = write.text("marks") or unit.edition.text("marks")
    return prepared.hidden if marks == "remove" else prepared.document


def _written(unit: "Unit", write: "Write", document: "Document", made: Made) -> "Iterator[File]":
    from octavo.exporters import _index

    if write.format not in _index.names() and not _is_foreign_target(write.format):
        yield from _text(unit, write, document, made)
        return
    settings = _settings(unit, write, made)
    for artifact in _index.get(write.format).export(document, settings):
        for notice in artifact.notices:
            place = Span(notice.span.file or unit.path, notice.span.line)
            made.notices.append(Notice(notice.code, notice.message, place, hint=notice.hint))
        path = target_path(unit.folder, write, unit.source, artifact.path)
        yield File(path, artifact.data, write.format)


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

    source = unit.source
    target = _text.settle_target(
        _names.parse(write.format), document.metadata, options := parse_options(write.options)
    )
    known = _text.get_format(target.name or _index.default_name(target.suffix)).options
    data = files.document_bytes(
        document, target, {name: value for name, value in options.items() if name in known}
    )
    stem = os.path.splitext(os.path.basename(source))[0]
    path = target_path(unit.folder, write, source, stem + target.suffix)
    yield File(path, data, write.format)
    resource = prepare.resource_of(unit.path, made.inputs)
    from octavo.core.percents import unquote

    for address, line in prepare.images_of(document):
        name = unquote(address.partition("#")[0].partition("?")[0])
        content = resource(name)
        inner = os.path.normpath(os.path.join(os.path.dirname(source), name.lstrip("/")))
        if content is None:
            made.notices.append(
                Notice("OCT-E003", f"no such image: {name}", Span(unit.path, line),
                       hint="paths are relative to the document")
            )  # fmt: skip
        elif not inner.startswith(os.pardir):
            inner = inner.replace(os.sep, "/")
            folder, base = os.path.split(inner)
            copy = target_path(unit.folder, write, f"{folder}/-" if folder else "", base)
            yield File(copy, content, "picture")


def _settings(unit: "Unit", write: "Write", made: Made) -> "Settings":
    from octavo.editions import prepare
    from octavo.exporters._exporter import Settings
    from octavo.workspace import apart, libraries

    def library(name: str) -> str | None:
        made.libraries.add(name)
        return libraries.script(name)

    def draw(kind: str, specification: "dict[str, Json]") -> str | None:
        made.libraries.add("vega")
        return apart.draw(kind, specification)

    is_page = write.format in JOINED  # its title and style are those of the whole
    return Settings(
        os.path.splitext(os.path.basename(unit.source))[0],
        title="" if is_page else write.text("title"),
        language=write.text("lang"),
        css="" if is_page else css_of(unit.root, write, made.inputs),
        contents=write.values.get("contents") is not False,
        number_sections=write.values.get("number_sections") is True,
        standard=write.text("standard"),
        resource=prepare.resource_of(unit.path, made.inputs),
        library=None if write.values.get("live") is False else library,
        draw=draw,
        typeset=apart.typeset,
    )


def css_of(root: str, write: "Write", inputs: list[str]) -> str:
    """Return the style sheet that a format adds; its file goes into *inputs*.

    Raises: `FileError` when it cannot be read.
    """
    from octavo.workspace import files

    if not write.text("css"):
        return ""
    path = os.path.join(root, write.text("css"))
    inputs.append(path)
    return files.read_bytes(path).decode("utf-8", "replace")
