"""The public Python API: read, write, reads, writes, update, convert, execute, export.

Everything here is a thin door: the work is done in `formats` (pure), `workspace` (files) and
`run` (kernels).
"""

from octavo.core.document import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from octavo.core.document import Json
    from octavo.exporters._exporter import Artifact


def reads(text: "str | bytes", fmt: str | None = None, **options: object) -> Document:
    """Return the document that *text* holds.

    *fmt* is a short name such as "ipynb", "py:percent", "md", "md:myst", "R:spin"; without it
    (or without its part after the colon) the format is recognised from the text.  *options*
    are those of `octavo formats --options`, such as `split_at_heading=True`.  Every cell has an
    id: its own, else one made from its content, the same at every reading.

    Raises: `FormatError` when the text cannot be read, `OptionError` for an unknown format or
    option.
    """
    from octavo.core import ids
    from octavo.core.options import parse_options
    from octavo.formats import _names, _text

    target = _names.parse(fmt) if fmt else _names.Target()
    return ids.assign(_text.read_text(text, target, parse_options(options)))


def writes(
    document: Document, fmt: str | None = None, *, previous: str | None = None, **options: object
) -> str:
    """Return *document* as text.

    *fmt* as in `reads`, also "auto" or "auto:light" for the suffix of the notebook's language;
    without it the format that the document was read from.  With *previous* (the text as it was)
    the bytes of unchanged cells are kept, so that a one-cell edit gives a one-hunk diff.

    Raises: `OptionError` for an unknown format or option.
    """
    from octavo.core.options import parse_options
    from octavo.formats import _names, _text

    target = _names.parse(fmt or document.origin.format or "auto")
    return _text.write_text(document, target, parse_options(options), previous)


def read(path: "str | PathLike[str]", fmt: str | None = None, **options: object) -> Document:
    """Return the document in a file; its suffix tells the format unless *fmt* does.

    Raises: `FileError` when the file cannot be read, else as `reads`.
    """
    from octavo.core import ids
    from octavo.core.options import parse_options
    from octavo.workspace import files

    return ids.assign(files.read_document(path, fmt, parse_options(options)))


def write(
    document: Document,
    path: "str | PathLike[str]",
    fmt: str | None = None,
    **options: object,
) -> bool:
    """Write *document* to a file, atomically, and return whether its bytes changed.

    Where a text file of the same format stands, the bytes of unchanged cells are kept.

    Raises: `FileError` when the file cannot be written (it is then as it was before).
    """
    from octavo.core.options import parse_options
    from octavo.workspace import files

    return files.write_document(document, path, fmt, parse_options(options))


def update(document: Document, previous: Document, fmt: str | None = None) -> Document:
    """Return *document* with what its text could not carry, taken from *previous*.

    Cells are matched by content and order; a matched cell gets the outputs, count, id,
    attachments and filtered metadata of its counterpart.  *fmt* is the format that *document*
    was read from, if the document does not know it.
    """
    from octavo.formats import _names
    from octavo.formats._update import update as combine

    target = _names.parse(fmt) if fmt else None
    return combine(document, previous, target)


def pipe(
    document: Document, command: str, fmt: str = "auto:percent", *, timeout_s: float = 60.0
) -> Document:
    """Return *document* as a formatter leaves it: sources change, all else stays.

    *command* is the program with its arguments, such as "black -"; it gets the document as a text
    of the format *fmt*, on its input or as a temporary file (`{}`).  No shell is involved.

    Raises: `OctavoError` OCT-P... when the program fails, `FormatError` OCT-F060 when what it
    prints is no document, `OptionError` for an unknown format or a command that cannot be split.
    """
    from octavo.core import ids
    from octavo.workspace.pipe import Pipe
    from octavo.workspace.pipe_command import Command

    program = Pipe(Command(command, is_check=False), fmt, timeout_s)
    name = document.origin.path or "document.ipynb"
    changed = program.through(document, name, b"", name).document
    return document if changed is None else ids.assign(changed)


def transform(document: Document, *steps: str, path: str = "") -> Document:
    r"""Return *document* after transforms, one after the other.

    A step is written as in an edition: "strip-outputs", "select:not tag:solution",
    "lock:non-answer".  *path* is what `path:` in an expression looks at.

    Raises: `OptionError` for an unknown transform or an expression that cannot be read.

    >>> document = reads('# %%\n1\n\n# %% tags=["solution"]\n2\n', "py:percent")
    >>> [cell.source for cell in transform(document, "select:not tag:solution").cells]
    ['1']
    """
    from octavo.transforms import _index

    for step in steps:
        document = _index.apply(document, step, path)
    return document


def convert(text: "str | bytes", source: str, target: str, **options: object) -> str:
    r"""Return *text* converted from one format to another.

    *options* go to the reader and to the writer, each as far as its format knows them.

    >>> convert("# %%\n1 + 1\n", "py:percent", "py:light")
    '1 + 1\n'
    """
    from octavo.formats import _names, _text

    document = reads(text, source, **_known_to(source, options))
    wanted = _text.settle_target(_names.parse(target), document.metadata, {})
    return writes(document, target, previous=None, **_known_to(str(wanted.name), options))


def execute(
    document: Document,
    *,
    kernel: str = "",
    cwd: "str | PathLike[str]" = "",
    parameters: "Mapping[str, Json] | None" = None,
    timeout_s: float = 0,
    total_timeout_s: float = 0,
    allow_errors: bool = False,
) -> Document:
    """Return *document* with the outputs of its code cells, run in a kernel of its own.

    The kernel is *kernel*, else the one that the document names, else one of its language; it
    is gone when this returns.  *cwd* is the folder to run in (default: that of the file that
    the document was read from, else the current one).  *parameters* are injected after the cell
    tagged `parameters`.  Limits are in seconds, for a cell and for all of them; 0 means none.

    Raises: `CellFailedError` for the first cell that fails, unless *allow_errors* or its tag
    `raises-exception` allows that; `RunError` when there is no kernel to run it with.
    """
    import os

    from octavo.run.execute import execute as run
    from octavo.run.settings import Settings

    folder = os.fspath(cwd) or os.path.dirname(document.origin.path)
    settings = Settings(
        kernel=kernel,
        cwd=folder,
        parameters=parameters,
        cell_s=timeout_s,
        total_s=total_timeout_s,
        allow_errors=allow_errors,
    )
    done = run(document, settings)
    for error in done.errors:
        raise error.in_file(document.origin.path)
    return done.document


def export(
    document: "Document | str | PathLike[str]",
    to: str = "html",
    *,
    stem: str = "",
    title: str = "",
    language: str = "",
    css: str = "",
    contents: bool = True,
    number_sections: bool = False,
    standard: str = "",
    live: bool = True,
) -> "list[Artifact]":
    """Return what readers get of a document or of a file: each artifact has `path` and `data`.

    *to* is a target: "html", "slides", "pdf", "docx", "epub" or one of another package.  Pictures
    are those beside the file that the document was read from.  *stem* begins the names of the
    artifacts; *css* is the text of a style sheet.  *live* lets plots stay alive where their
    packages are installed; else they are pictures or tables.

    Raises: `OptionError` OCT-E010 for an unknown target, else as the target does.
    """
    import os

    from octavo.exporters import _index
    from octavo.exporters._exporter import Settings
    from octavo.workspace import apart, libraries, resources

    exporter = _index.get(to)
    found = document if isinstance(document, Document) else read(document)
    path = found.origin.path if isinstance(document, Document) else os.fspath(document)
    settings = Settings(
        stem or os.path.splitext(os.path.basename(path))[0] or "document",
        title=title,
        language=language,
        css=css,
        contents=contents,
        number_sections=number_sections,
        standard=standard,
        resource=resources.reader(path) if path else None,
        library=libraries.script if live else None,
        draw=apart.draw,
        typeset=apart.typeset,
    )
    return list(exporter.export(found, settings))


def _known_to(name: str, options: "dict[str, object]") -> "dict[str, object]":
    """Return those of *options* that the format of that name takes; unknown names stay."""
    from octavo.core.options import OPTION_BY_NAME
    from octavo.formats import _index, _names

    parsed = _names.parse(name)
    fmt = _index.get(parsed.name or _index.default_name(parsed.suffix))
    known = fmt.options if fmt else ()
    return {
        key: value for key, value in options.items() if key in known or key not in OPTION_BY_NAME
    }
