"""Send documents through a program: formatters change them, checkers find places in them.

The program gets the text form of the document (`formats/_text_form`).  What a formatter made of
it is put back cell by cell; the other members of a pair follow through a sync.  Places that a
checker names become places in the user's own file.
"""

import os
import re

from octavo.core.errors import FormatError, OctavoError
from octavo.formats import _names, _text
from octavo.formats._text_form import TextForm, starts, target_for
from octavo.run.program import ProgramError, run_program
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.run.program import Ended
    from octavo.workspace.pipe_command import Command

    Value = bool | str

#: One line for each finding, unless the user wants something else.
_ENVIRON = {"RUFF_OUTPUT_FORMAT": "concise", "PYTHONIOENCODING": "utf-8"}
_PLACE = r"(?P<file>{names}):(?P<line>\d+)(?::(?P<column>\d+))?"
_TRACE = r'File "(?P<file2>{names})", line (?P<line2>\d+)'


class Piped:
    """What a program did to one document.

    `code` is its exit code; `findings` are the lines it printed, places mapped (`Finding`);
    `before` and `after` are the text forms, `document` the new document (None: unchanged, or
    only a check).
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.code = 0
        self.findings: list[Finding] = []
        self.target = ""
        self.before = ""
        self.after = ""
        self.document: Document | None = None


class Finding:
    """A line that a program printed; `line` 0: it names no place.  `cell` is 1-based."""

    __slots__ = ("cell", "column", "line", "text", "title")

    def __init__(
        self, text: str, cell: int = 0, line: int = 0, column: int = 0, title: str = ""
    ) -> None:
        self.text = text
        self.cell = cell
        self.line = line
        self.column = column
        self.title = title


class Pipe:
    """A program, and how documents go through it."""

    def __init__(self, command: "Command", target: str, timeout_s: float) -> None:
        self.command = command
        self.target = target
        self.timeout_s = timeout_s

    def run(self, path: str, data: bytes, shown: str) -> Piped:
        """Run the program on the document in *data*; nothing of the user's is written.

        *shown* is the path as people know it.  Raises: `FormatError`, `OptionError`,
        `ProgramError`.
        """
        document = self.read(path, data)
        return self.through(document, path, data, shown)

    def read(self, path: str, data: bytes) -> "Document":
        """Return the document in *data*."""
        try:
            return _text.read_text(data, files.source_of(path, _names.Target()), {}, path)
        except FormatError as error:
            raise error.in_file(path) from None

    def through(self, document: "Document", path: str, data: bytes, shown: str) -> Piped:
        """Return what the program does to *document*, which stands in *path* as *data*."""
        piped = Piped(path)
        try:
            form = TextForm(document, target_for(self.target, document))
            piped.target = str(form.target)
            piped.before = piped.after = form.text
            ended, names = self._run(form, path, shown)
            piped.code = ended.code
            places = _Places(form, document, data, shown, names)
            self._judge(piped, form, ended, places)
        except OctavoError as error:
            raise error.in_file(shown) from None
        return piped

    def again(self, document: "Document", piped: Piped, shown: str) -> "Document":
        """Return *document* as the program wants it: another state of the one in *piped*.

        The program runs again only if its text is another one.
        """
        try:
            form = TextForm(document, _names.parse(piped.target))
            if form.text == piped.before:
                return form.back(piped.after)
        except OctavoError as error:
            raise error.in_file(shown) from None
        other = Pipe(self.command, piped.target, self.timeout_s)
        return other.through(document, piped.path, b"", shown).document or document

    def _judge(self, piped: Piped, form: TextForm, ended: "Ended", places: "_Places") -> None:
        word = self.command.words[0]
        fails = ended.code != 0 and not (self.command.finds and ended.code == 1 and ended.out)
        if self.command.is_check:
            piped.findings = [*places.findings(ended.out), *places.findings(ended.err)]
            return
        if fails:
            first = next((one.text for one in places.findings(ended.err) if one.text.strip()), "")
            raise ProgramError(
                "OCT-P003",
                f"{word!r} ended with {ended.code}" + (f": {first}" if first else ""),
                hint="nothing was changed; --check runs a program that only prints what it finds",
            )
        text = _decoded(ended.out, word)
        if not text.strip() and form.text.strip():
            raise ProgramError(
                "OCT-P004", f"{word!r} printed nothing, and the document is not empty",
                hint="nothing was changed; does it want `-` to read its input, or --check?",
            )  # fmt: skip
        after = form.back(text)
        piped.after = text
        if ended.code:
            piped.findings = places.findings(ended.err)
        if after is not form.document and after.cells != form.document.cells:
            piped.document = after

    def _run(self, form: TextForm, path: str, shown: str) -> "tuple[Ended, list[str]]":
        """Run the program; return how it ended and the names by which it calls the text."""
        suffix = form.target.suffix
        name = os.path.splitext(shown)[0] + suffix
        data = form.text.encode("utf-8", "surrogatepass")
        environ = {key: value for key, value in _ENVIRON.items() if key not in os.environ}
        names = ["<stdin>", "stdin", "<unknown>", "<string>", "-", name, os.path.abspath(name)]
        if not self.command.wants_file:
            words = self.command.filled(name, "")
            return run_program(words, data, timeout_s=self.timeout_s, environ=environ), names
        with files.temporary_beside(path, suffix, data) as file:
            words = self.command.filled(name, file)
            ended = run_program(words, b"", timeout_s=self.timeout_s, environ=environ)
            if not self.command.is_check:
                ended.out = files.read_bytes(file)
            return ended, [file, os.path.relpath(file), os.path.basename(file), *names]


def write(piped: Piped, data: bytes, options: "dict[str, Value]") -> bool:
    """Write the new document into its own file, which held *data*; return whether it changed.

    Raises: `FileError` OCT-W015 when somebody else wrote the file meanwhile.
    """
    document = piped.document
    if document is None:
        return False
    path = piped.path
    target = _names.parse(document.origin.format)
    previous = None if files.holds_outputs(target) else _text.decode(data, path)
    known = () if target.suffix == _names.IPYNB else _text.get_format(target.name).options
    options = {name: value for name, value in options.items() if name in known}
    new = files.document_bytes(document, target, options, previous)
    return files.replace_file(path, new, data)


def _decoded(data: bytes, word: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProgramError(
            "OCT-P005", f"{word!r} printed byte 0x{data[error.start]:02x}, which is not UTF-8",
            hint="nothing was changed; ask the program for UTF-8",
        ) from None  # fmt: skip
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


class _Places:
    """Turns the places that a program names into places in the user's file."""

    def __init__(
        self, form: TextForm, document: "Document", data: bytes, shown: str, names: list[str]
    ) -> None:
        self._form = form
        self._shown = shown
        self._cells = document.cells
        self._starts: list[int] = []
        if not document.origin.format.startswith(_names.IPYNB[1:]):
            text = data.decode("utf-8", "replace").replace("\r\n", "\n")
            self._starts = starts(text, document.cells)
        escaped = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True))
        place, trace = _PLACE.format(names=escaped), _TRACE.format(names=escaped)
        self._pattern = re.compile(rf"(?:(?<![\w./\\-]){place})|{trace}")
        self._gutter = re.compile(r"^(\s*)(\d+)( [|+-])")

    def findings(self, data: bytes) -> list[Finding]:
        """Return the lines of an output with their places mapped."""
        found = []
        in_frame = False
        for line in data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"):
            if not line.strip():
                in_frame = False
            finding = self._mapped(line)
            if finding is None and in_frame:
                finding = Finding(self._gutter.sub(self._with_own_line, line))
            elif finding is not None:
                in_frame = True
            found.append(finding or Finding(line))
        while found and not found[-1].text.strip():
            found.pop()
        return found

    def _with_own_line(self, found: "re.Match[str]") -> str:
        place = self._own(int(found[2]))
        if place is None:
            return found[0]
        return f"{found[1]}{place[1]:>{len(found[2])}}{found[3]}"

    def _own(self, line: int) -> tuple[int, int] | None:
        """Return cell (1-based; 0 where the file has lines of its own) and line."""
        place = self._form.place(line)
        if place is None:
            return None
        i, below = place
        if not self._starts:
            return i + 1, below
        return 0, self._starts[i] + below - 1

    def _mapped(self, line: str) -> Finding | None:
        found = self._pattern.search(line)
        if found is None:
            return None
        number = int(found["line"] or found["line2"])
        column = int(found["column"] or 0)
        place = self._own(number)
        if place is None:
            return None
        cell, own = place
        where = f"{self._shown}:cell {cell}:{own}" if cell else f"{self._shown}:{own}"
        if found["column"]:
            where += f":{column}"
        if found["file2"]:
            where = f'File "{self._shown}", ' + (f"cell {cell}, " if cell else "") + f"line {own}"
        title = _title(self._cells[cell - 1].source) if cell else ""
        text = line[: found.start()] + where + line[found.end() :]
        return Finding(text + (f"  (cell {title!r})" if title else ""), cell, own, column, title)


def _title(source: str) -> str:
    return source.strip().partition("\n")[0][:40]
