"""Read notebooks, write modules, and carry edits of modules back into notebooks."""

import os

from octavo.core.errors import FormatError, OctavoError, Span
from octavo.modules import export, export_back, finder, source
from octavo.modules.errors import ModuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from octavo.core.document import Document


class Written:
    """What became of one file: "created", "updated" or "unchanged"."""

    __slots__ = ("path", "what")

    def __init__(self, path: str, what: 'Literal["created", "updated", "unchanged"]') -> None:
        self.path = path
        self.what = what


def notebooks_in(names: "Iterable[str]") -> "Iterator[str]":
    """Yield the notebooks among files and, sorted, in folders: those that are imported.

    Of several files with one name in a folder the first of `finder.SUFFIXES` counts, and
    hidden folders do not.
    """
    for name in names:
        if not os.path.isdir(name):
            yield name
            continue
        for folder, below, files in os.walk(name):
            below[:] = sorted(one for one in below if one[0] not in "._")
            best: dict[str, str] = {}
            for file in sorted(files, key=_rank):
                stem = finder.stem_of(file)
                if stem and file[0] not in "._":
                    best.setdefault(stem, file)
            yield from (os.path.join(folder, file) for file in sorted(best.values()))


def read(path: str, *, module: str = "") -> export.Notebook:
    """Return the notebook in a file; *module* goes before the name that it gives itself.

    Raises: `FileError`, `ModuleError`.
    """
    return _parsed(_bytes(path), path, module)


def write(
    notebooks: "Iterable[export.Notebook]",
    folder: str,
    *,
    force: bool = False,
    dry_run: bool = False,
) -> list[Written]:
    """Write the modules of *notebooks* below *folder* and tell what became of each file.

    A module that was edited, or that is not ours, is not overwritten unless *force* is set.
    Nothing is written if that is so for one of them.

    Raises: `ModuleError` OCT-M007 (edited), OCT-M008 (not ours), and as `export.plan`;
    `FileError`.
    """
    texts: dict[str, str] = {}
    for module in export.plan(notebooks):
        path = os.path.join(folder, *module.name.split(".")) + ".py"
        place = os.path.dirname(os.path.abspath(path))
        texts[path] = export.text_of(module, lambda book, place=place: _link(book, place))  # type: ignore[misc]  # bound now
    packages = [one for path in texts for one in _packages(path, folder)]
    for path in dict.fromkeys(packages):
        if path not in texts and not os.path.exists(path):
            texts[path] = ""
    before = {path: _old(path, text, force=force) for path, text in texts.items()}
    return [_write(path, text, before[path], dry_run=dry_run) for path, text in texts.items()]


def bring_back(path: str, *, dry_run: bool = False) -> list[export_back.Verdict]:
    """Carry the edits in an exported module back to the cells, and tell about each.

    Raises: `ModuleError` OCT-M008 (not an exported module), OCT-M009 (code that has no cell);
    `FileError`.
    """
    text = _text(path)
    head, found = export_back.sections(text)
    if export.HEAD not in head:
        raise ModuleError(
            "OCT-M008", "was not written by `octavo export-module`", Span(path),
            hint="name a module that was exported",
        )  # fmt: skip
    if export_back.has_own_code(head):
        raise ModuleError(
            "OCT-M009", "code above the first cell has no notebook to go to", Span(path),
            hint="move it below the line `# %%` of a cell",
        )  # fmt: skip
    edited = [one for one in found if one.is_edited]
    place = os.path.dirname(os.path.abspath(path))
    verdicts: dict[int, export_back.Verdict] = {}
    marks: dict[int, str] = {}
    for link in dict.fromkeys(one.path for one in edited):
        mine = [one for one in edited if one.path == link]
        book = os.path.relpath(os.path.join(place, link))
        judged = _into(book, mine, dry_run=dry_run)
        verdicts.update((id(verdict.found), verdict) for verdict in judged)
        if not dry_run:
            marks.update(_new_marks(book, link, judged))
    if marks:
        _renew_marks(path, marks)
    return [verdicts[id(one)] for one in edited]


def _into(
    path: str, edited: "list[export_back.Found]", *, dry_run: bool
) -> "list[export_back.Verdict]":
    """Carry edits into one notebook."""
    from octavo.formats import _names, _text
    from octavo.workspace import files

    data = _bytes(path)
    book = _parsed(data, path, "")
    verdicts = [export_back.judge(one, book) for one in edited]
    new = {verdict.index: verdict.source for verdict in verdicts if verdict.what == "brought"}
    if new and not dry_run:
        cells = [
            cell.with_(source=new[i]) if i in new else cell
            for i, cell in enumerate(book.document.cells)
        ]
        document = book.document.with_(cells=cells)
        target = files.target_of(path, _names.Target(), document.origin.format)
        target = _text.settle_target(target, document.metadata, {})
        text = files.document_bytes(document, target, {}, files.previous_text(path, target))
        files.replace_file(path, text, data)
    return verdicts


def _new_marks(
    path: str, link: str, verdicts: "list[export_back.Verdict]"
) -> "Iterator[tuple[int, str]]":
    """Yield line and marker of each section that agrees with its cell again."""
    book = read(path)
    for verdict in verdicts:
        if verdict.what not in ("brought", "same"):
            continue
        for entry in book.cells:
            lines = export.exported_lines(entry, path, book.renamed)
            section = export.Section(book, entry, lines, is_public=True)
            if entry.index == verdict.index and section.text == verdict.found.text:
                yield verdict.found.line, export.marker_of(section, link)


def _renew_marks(path: str, marks: dict[int, str]) -> None:
    from octavo.workspace import files

    data = _bytes(path)
    lines = data.decode("utf-8").split("\n")
    for number, mark in marks.items():
        end = "\r" if lines[number - 1].endswith("\r") else ""
        lines[number - 1] = mark + end
    files.replace_file(path, "\n".join(lines).encode("utf-8"), data)


def _renamed_beside(path: str) -> dict[str, str]:
    """Return the modules that notebooks beside *path* become, by the names they are imported as.

    `import core` in a notebook means the one beside it; in a package it is `package.core`.
    """
    from octavo.modules.directives import module_of

    folder = os.path.dirname(path) or "."
    renamed = {}
    for file in sorted(os.listdir(folder), key=_rank, reverse=True):
        stem = finder.stem_of(file)
        if not stem or file[0] in "._":
            continue
        try:
            data = _bytes(os.path.join(folder, file))
            has_name = b"default_exp" in data or b"module" in data
            module = module_of(_document(data, file)) if has_name else ""
        except OctavoError:
            continue
        if module and module != _word(stem):
            renamed[_word(stem)] = module
    return renamed


def _write(path: str, text: str, before: bytes | None, *, dry_run: bool) -> Written:
    from octavo.workspace import files

    data = text.encode("utf-8")
    if before == data:
        return Written(path, "unchanged")
    if not dry_run:
        files.make_folder(os.path.dirname(path) or ".")
        files.replace_file(path, data, before)
    return Written(path, "created" if before is None else "updated")


def _old(path: str, new: str, *, force: bool) -> bytes | None:
    """Return what stands at *path*, None if nothing does.

    An edit that is in *new* already is none that could be lost.

    Raises: `ModuleError` OCT-M007, OCT-M008 when it must not be overwritten.
    """
    if not os.path.lexists(path):
        return None
    data = _bytes(path)
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    if force:
        return data
    head, found = export_back.sections(text)
    if export.HEAD not in head:
        raise ModuleError(
            "OCT-M008", "was not written by `octavo export-module`", Span(path),
            hint="choose another folder with --output, or overwrite it with --force",
        )  # fmt: skip
    known = {one.text for one in export_back.sections(new)[1]}
    edited = next((one for one in found if one.is_edited and one.text not in known), None)
    if edited is not None or export_back.has_own_code(head):
        raise ModuleError(
            "OCT-M007", "was edited since it was exported",
            Span(path, edited.line if edited else 0),
            hint="bring the edits home with --back, or give them up with --force",
        )  # fmt: skip
    return data


def _packages(path: str, folder: str) -> "Iterator[str]":
    """Yield the `__init__.py` of each folder between *folder* and a module."""
    place = os.path.dirname(path)
    while len(place) > len(folder.rstrip(os.sep)) and place != folder:
        yield os.path.join(place, "__init__.py")
        place = os.path.dirname(place)


def _parsed(data: bytes, path: str, module: str) -> export.Notebook:
    from octavo.core import ids
    from octavo.modules.directives import module_of

    document, _, cells = source.read(data, path)
    document = ids.unique(document)
    for entry in cells:
        entry.cell = document.cells[entry.index]
    module = module or module_of(document) or _word(finder.stem_of(os.path.basename(path)))
    return export.Notebook(path, module, document, cells, _renamed_beside(path))


def _document(data: bytes, path: str) -> "Document":
    from octavo.formats import _names, _text

    return _text.read_text(data, _names.of_path(path), {}, path)


def _bytes(path: str) -> bytes:
    from octavo.workspace import files

    return files.read_bytes(path)


def _text(path: str) -> str:
    from octavo.formats import _text as texts

    try:
        return texts.decode(_bytes(path), path).replace("\r\n", "\n")
    except FormatError as error:
        raise error.in_file(path) from None


def _link(book: str, place: str) -> str:
    return os.path.relpath(os.path.abspath(book), place).replace(os.sep, "/")


def _rank(file: str) -> int:
    stem = finder.stem_of(file)
    return finder.SUFFIXES.index(file[len(stem) :]) if stem else len(finder.SUFFIXES)


def _word(stem: str) -> str:
    """Return the name under which a notebook is imported."""
    return stem.replace(" ", "_").replace("-", "_")
