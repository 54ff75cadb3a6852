"""The reader of marimo files: one pass over the text, by lines at the left margin.

Nothing is run and the text need not be valid Python.  What is no cell stays, verbatim, in a
code cell, with a notice.

Source: the files that marimo 0.17.8 and 0.25.2 write, and what its own reader accepts.
"""

import re

from octavo.core.document import Cell
from octavo.core.errors import Notice, Span
from octavo.formats import _marimo_cells as _cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata, Origin

#: The release whose layout is written for a notebook that names no other.
GENERATED_WITH = "0.17.8"
#: The first release that puts a blank line between a closing import or block and `return`.
_BLANK_BEFORE_RETURN = (0, 19, 8)
IMPORT = "import marimo as mo"
GUARD = 'if __name__ == "__main__":\n    app.run()\n'
#: Decorator arguments that tell our own import of marimo from the notebook's.
GENERATED_MARK = "(hide_code=True)"
OWN_MARK = "(hide_code=False)"

_PREAMBLE = re.compile(
    r'import marimo\n\n__generated_with = "([^"\\\n]*)"\n'
    r"app = marimo\.App(\((?:[^\n]*|\n(?: [^\n]*\n)*)\))\n"
)
VERSION = re.compile(r'[^"\\\n]+')
_APP = re.compile(r"^app = \w+\.App\(", re.MULTILINE)
_MARIMO_IMPORT = re.compile(r"^import marimo\b", re.MULTILINE)
START = re.compile(
    r"^(?:@app\.(?P<bare>function|class_definition)(?=[(\n])|@app\.(?P<cell>cell)(?=[(\n])"
    r"|app\.(?P<unparsable>_unparsable_cell)\(\n|(?:async )?with app\.(?P<setup>setup)(?=[:(])"
    r"|if (?P<guard>__name__) == [\"']__main__[\"']:)",
    re.MULTILINE,
)
_IN_PARENTHESES = r"\((?:[^\n]*|\n(?: [^\n]*\n)*)\)"
ARGUMENTS = re.compile(_IN_PARENTHESES)
_ARGUMENTS = re.compile(rf"({_IN_PARENTHESES})?[ \t]*\n")
_HEAD = re.compile(
    r"(?:async )?def (\w+)\((?:[^\n]*|\n(?: [^\n]*\n)*)\)(?: -> [^\n]+)?:"
    r"[ \t]*(#[^\n]*)?(?:\n|\Z)"
)
_INLINE_HEAD = re.compile(r"(?:async )?def (\w+)\([^\n]*?\)[ \t]*:[ \t]*([^\n]*)(?:\n|\Z)")
_INLINE_RETURN = re.compile(r"(?:^|;)[ \t]*return\b[^;'\"]*\Z")
_SETUP_HEAD = re.compile(r"(?:async )?with app\.setup(\([^\n]*\))?:[ \t]*\n")
_RETURN = re.compile(r"([ \t]+)return(?!\w)[^\n'\"]*\Z")
_RETURN_END = re.compile(r"([ \t]+)\)\Z")
_RETURNED = re.compile(r"[ \t]+\w+,?\Z")
_OUTDENTED = re.compile(r"^\S", re.MULTILINE)
_INDENT = re.compile(r"[ \t]*")


class Module:
    """What a marimo file says: its cells, and the metadata of the notebook under `marimo`.

    `imports` maps the position of each cell that is exactly our import of marimo to the
    arguments of its decorator.
    """

    __slots__ = ("cells", "imports", "metadata", "notices")

    def __init__(self, metadata: "Metadata") -> None:
        self.cells: list[Cell] = []
        self.imports: dict[int, str] = {}
        self.metadata = metadata
        self.notices: list[Notice] = []


def read_module(text: str, origin: "Origin") -> Module:
    """Return the cells of a marimo file."""
    at, own = _read_preamble(text)
    reader = _Reader(text, origin, own)
    footer = reader.read_from(at)
    if footer is not None and (footer or at):
        own["footer"] = footer
    return reader.module


def is_recent(version: "Json") -> bool:
    """Return whether files of that release have a blank line before some returns."""
    numbers = re.findall(r"[0-9]+", str(version))[:3]
    return tuple(int(number[:9]) for number in numbers) >= _BLANK_BEFORE_RETURN


def keywords(call: str) -> "Metadata | None":
    """Return the constant keyword arguments in the parentheses of a call, else None.

    >>> keywords("(hide_code=True, column=1)")
    {'hide_code': True, 'column': 1}
    """
    if call in ("", "()"):
        return {}
    if call == GENERATED_MARK:
        return {"hide_code": True}
    found = _parse_arguments(call)
    return found[1] if found is not None and not found[0] else None


def _parse_arguments(call: str) -> "tuple[list[Json], Metadata] | None":
    """Return the constant arguments in the parentheses of a call, None if any is not one."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse("call" + call, mode="eval").body
            if not isinstance(tree, ast.Call):
                return None
            values = [ast.literal_eval(value) for value in tree.args]
            named = {word.arg: ast.literal_eval(word.value) for word in tree.keywords}
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            return None
    if None in named or not all(map(is_constant, [*values, *named.values()])):
        return None
    return values, named  # type: ignore[return-value]  # no key is None


def is_constant(value: object) -> bool:
    """Return whether a value can stand as an argument in a marimo file."""
    if isinstance(value, list):
        return all(map(is_constant, value))
    return value is None or isinstance(value, (bool, int, str))


def app_line(config: "Metadata") -> str:
    """Return the line that makes the app."""
    return in_parentheses("app = marimo.App", [f"{k}={literal(v)}" for k, v in config.items()])


def literal(value: "Json") -> str:
    """Return a constant as marimo spells it in arguments."""
    if isinstance(value, str):
        if any(not character.isprintable() or character == '"' for character in value):
            return repr(value)
        return '"' + value.replace("\\", "\\\\") + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def in_parentheses(start: str, items: "list[str]", end: str = "") -> str:
    """Return a call or signature on one line, or over several when it would be too long.

    >>> in_parentheses("def _", ["a", "b"], ":")
    'def _(a, b):'
    """
    line = f"{start}({', '.join(items)}){end}"
    if len(line) < 80 or not items:
        return line
    return f"{start}(\n    " + ",\n    ".join(items) + f",\n){end}"


def _read_preamble(text: str) -> "tuple[int, Metadata]":
    """Return where the cells begin, and what the lines before them say."""
    found = _MARIMO_IMPORT.search(text)
    app = _APP.search(text, found.end()) if found else None
    first = START.search(text)
    if found is None or app is None or (first and first.start() < app.start()):
        return 0, {}
    usual = _PREAMBLE.match(text, found.start())
    config = keywords(usual[2]) if usual else None
    header = text[: found.start()]
    if (
        usual
        and config is not None
        and text.startswith(app_line(config) + "\n", app.start())
        and header in ("", header.rstrip() + "\n\n")
    ):
        own: Metadata = {}
        if header:
            own["header"] = header[:-2]
        if config:
            own["app_config"] = config
        if usual[1] != GENERATED_WITH:
            own["marimo_version"] = usual[1]
        return usual.end(), own
    # An unusual beginning is kept as it is.
    stop = first.start() if first else len(text)
    end = text.find("\n\n\n", app.end(), stop)
    end = stop if end < 0 else end + 1
    return end, {"preamble": text[:end].rstrip("\n")}


class _Reader:
    """One pass over the cells of a text."""

    def __init__(self, text: str, origin: "Origin", own: "Metadata") -> None:
        self.text = text
        self.origin = origin
        self.module = Module(own)
        self._recent = is_recent(own.get("marimo_version", GENERATED_WITH))
        self._counted = 0
        self._line = 1

    def read_from(self, at: int) -> str | None:
        """Read all cells from offset *at*; return the end of the file where it is unusual."""
        text = self.text
        starts = self._starts(at)
        self._verbatim(at, starts[0].start() if starts else len(text))
        for i, match in enumerate(starts):
            start = match.start()
            stop = starts[i + 1].start() if i + 1 < len(starts) else len(text)
            if match["cell"]:
                self._cell(match.end(), start, stop)
            elif match["bare"]:
                self._bare(match.end(), start, stop)
            elif match["unparsable"]:
                self._unparsable(match.end(), start, stop)
            elif match["setup"]:
                self._setup(start, stop)
            elif stop < len(text):
                self._verbatim(start, stop)
            else:
                footer = text[start:]
                return None if footer == GUARD else footer
        return ""

    def _starts(self, at: int) -> "list[re.Match[str]]":
        """Return the beginnings of cells; lines inside strings do not count."""
        starts = list(START.finditer(self.text, at))
        for i in range(len(starts) - 1):
            part = self.text[starts[i].start() : starts[i + 1].start()]
            if part.count('"""') % 2 or part.count("'''") % 2:
                lines = _statement_lines(self.text)
                if lines is None:
                    return starts
                return [match for match in starts if self._line_of(match.start()) in lines]
        return starts

    def _line_of(self, at: int) -> int:
        if at < self._counted:
            self._counted, self._line = 0, 1
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _add(self, cell: Cell, start: int) -> None:
        self.module.cells.append(cell.with_(line=self._line_of(start)))

    def _verbatim(self, start: int, stop: int) -> None:
        """Keep text that is no cell as a code cell."""
        part = self.text[start:stop]
        source = part.strip("\n")
        if not source.strip():
            return
        start += len(part) - len(part.lstrip("\n"))
        self._add(Cell("code", source, outputs=[]), start)
        self.module.notices.append(
            Notice(
                "OCT-F070",
                "this text is no marimo cell",
                Span(self.origin.path, self._line),
                hint="it was kept as a code cell; marimo itself drops it",
            )
        )

    def _cell(self, at: int, start: int, stop: int) -> None:
        text = self.text
        decorator = _ARGUMENTS.match(text, at, stop)
        head = _HEAD.match(text, decorator.end(), stop) if decorator else None
        if decorator is None or head is None:
            self._inline_cell(decorator, start, stop)
            return
        end = _block_end(text, head.end(), stop)
        body = self._body(text[head.end() : end].rstrip("\n"))
        if head[2]:  # a comment after the colon
            body = head[2] + "\n" + body if body else head[2]
        self._add_function(body, head[1], decorator[1] or "", start)
        self._verbatim(end, stop)

    def _inline_cell(self, decorator: "re.Match[str] | None", start: int, stop: int) -> None:
        """Read `def _(): x = 0; return x`."""
        head = _INLINE_HEAD.match(self.text, decorator.end(), stop) if decorator else None
        if decorator is None or head is None or self.text[head.end() : stop].strip():
            self._verbatim(start, stop)
            return
        body = _INLINE_RETURN.sub("", head[2])
        self._add_function("" if body == "..." else body, head[1], decorator[1] or "", start)

    def _add_function(self, body: str, name: str, arguments: str, start: int) -> None:
        if body == IMPORT and name == "_" and arguments in ("", GENERATED_MARK):
            self.module.imports[len(self.module.cells)] = arguments
        self._add(_decode(body, arguments, name), start)

    def _body(self, block: str) -> str:
        """Return the code of a function's body, without indentation and final return."""
        lines = block.split("\n") if block else []
        indent, count = _find_return(lines)
        if count:
            del lines[-count:]
        else:
            indent = _first_indent(lines)
        lines = _dedent(lines, indent)
        if count and self._recent and len(lines) > 1 and not lines[-1]:
            from octavo.formats._marimo_names import ends_in_block

            if ends_in_block("\n".join(lines)):
                lines.pop()
        return "\n".join(lines)

    def _bare(self, at: int, start: int, stop: int) -> None:
        """Read a function or class that is a cell of its own."""
        decorator = _ARGUMENTS.match(self.text, at, stop)
        if decorator is None:
            self._verbatim(start, stop)
            return
        source = self.text[decorator.end() : stop]
        # Two blank lines follow a cell; more are blank lines at its end.
        end = 3 if source.endswith("\n\n\n") else len(source) - len(source.rstrip("\n"))
        self._add(_decode(source[: len(source) - end], decorator[1] or "", "_"), start)

    def _setup(self, start: int, stop: int) -> None:
        head = _SETUP_HEAD.match(self.text, start, stop)
        if head is None:
            self._verbatim(start, stop)
            return
        end = _block_end(self.text, head.end(), stop)
        lines = self.text[head.end() : end].rstrip("\n").split("\n")
        lines = _dedent(lines, _first_indent(lines))
        if lines[-1] == "pass" and all(map(is_comment, lines[:-1])):
            lines.pop()
        self._add(_decode("\n".join(lines), head[1] or "", "setup"), start)
        self._verbatim(end, stop)

    def _unparsable(self, at: int, start: int, stop: int) -> None:
        """Read the code with a syntax error that marimo keeps in a string."""
        end = self.text.find("\n)", at, stop)
        end = stop if end < 0 else end + 2
        found = _parse_arguments("(" + self.text[at:end])
        if found is None or len(found[0]) != 1 or not isinstance(found[0][0], str):
            self._verbatim(start, stop)
            return
        name = str(found[1].pop("name", None) or "_")
        own: Metadata = {"unparsable": True}
        if found[1]:
            own["config"] = found[1]
        if name != "_":
            own["name"] = name
        lines = found[0][0].removeprefix("\n").split("\n")
        if not lines[-1].strip():
            lines.pop()
        source = "\n".join(_dedent(lines, "    "))
        self._add(Cell("code", source, {"marimo": own}, outputs=[]), start)
        self._verbatim(end, stop)


def _statement_lines(text: str) -> set[int] | None:
    """Return the lines on which the statements of a module begin, None if it is no Python."""
    import ast
    import warnings

    if "\r" in text or "\f" in text:
        return None  # Python counts lines in another way
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    lines = set()
    for node in tree.body:
        decorators = getattr(node, "decorator_list", None)
        lines.add(decorators[0].lineno if decorators else node.lineno)
    return lines


def _block_end(text: str, at: int, stop: int) -> int:
    """Return where the indented block ends: at a line at the margin that is in no string."""
    doubles = singles = 0
    for match in _OUTDENTED.finditer(text, at, stop):
        doubles += text.count('"""', at, match.start())
        singles += text.count("'''", at, match.start())
        if doubles % 2 == 0 and singles % 2 == 0:
            return match.start()
        at = match.start()
    return stop


def _find_return(lines: "list[str]") -> tuple[str, int]:
    """Return the indentation of the final return statement, and how many lines it takes."""
    last = len(lines) - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0:
        return "", 0
    first = last
    match = _RETURN.match(lines[last])
    if match is None:
        match = _RETURN_END.match(lines[last])
        if match is None:
            return "", 0
        first -= 1
        while first >= 0 and _RETURNED.match(lines[first]):
            first -= 1
        if first < 0 or lines[first] != match[1] + "return (":
            return "", 0
    indent = match[1]
    for line in lines[:first]:
        if line.strip() and line.lstrip()[0] != "#":
            # A return deeper than the first statement is not the function's own.
            return ("", 0) if not line.startswith(indent) else (indent, len(lines) - first)
    return indent, len(lines) - first


def _first_indent(lines: "list[str]") -> str:
    """Return the indentation of the first statement (or comment)."""
    comment = ""
    for line in lines:
        bare = line.lstrip()
        if bare and bare[0] != "#":
            return _INDENT.match(line)[0]  # type: ignore[index]  # matches always
        if bare and not comment:
            comment = _INDENT.match(line)[0]  # type: ignore[index]
    return comment


def _dedent(lines: "list[str]", indent: str) -> "list[str]":
    """Remove the indentation from all lines that have it; blank lines never had any."""
    width = len(indent)
    return [line[width:] if line.startswith(indent) and line.strip() else line for line in lines]


def is_comment(line: str) -> bool:
    """Return whether a line is a comment, or blank."""
    bare = line.lstrip()
    return not bare or bare[0] == "#"


def _decode(body: str, arguments: str, name: str) -> Cell:
    """Return the cell with that code, those arguments of its decorator, and that name."""
    metadata: Metadata = {}
    own: Metadata = {}
    config = keywords(arguments)
    if config is None:
        own["decorator"] = arguments
        config = {}
    if name not in ("_", "__"):
        own["name"] = name
    kind, source, tags = _cells.decode(body)
    if tags:
        metadata["tags"] = tags
    if kind == "markdown":
        config.setdefault("hide_code", False)
    elif "hide-cell" in tags or (body == IMPORT and arguments == OWN_MARK):
        config.pop("hide_code", None)
    if config and "decorator" not in own:
        own = {"config": config, **own}
    if own:
        metadata["marimo"] = own
    return Cell(kind, source, metadata, [] if kind == "code" else None)
