r"""Magics in the cells of a module: skipped, translated, or told as an error.

A line is a magic only where a statement may begin: lines inside strings and brackets, and those
that continue the line before, are Python (`x = (a\n % b)`).  A cell that Python can parse has
no magics at all.
"""

import re

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Line magics that mean nothing in a module: how plots and errors look, help, installation.
SKIPPED = frozenset(
    """
    alias alias_magic aimport autoawait autocall automagic autoreload autosave bookmark clear cls
    colors conda config connect_info debug dhist dirs doctest_mode gui hist history killbgscripts
    load_ext logoff logon logstart logstate logstop ls lsmagic magic mamba man matplotlib memit
    micromamba more notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pip pprint precision
    profile psearch psource pwd qtconsole quickref recall reload_ext rerun reset_selective system
    tb timeit unload_ext uv who who_ls whos xmode
    """.split()
)
#: Line magics that run the statement after them.
RUN_LINE = frozenset("time prun mprun lprun snakeviz".split())
#: Cell magics whose body is ordinary code.
RUN_BODY = frozenset("time capture prun debug snakeviz".split())
#: Cell magics whose body leaves nothing behind in the module.
SKIPPED_CELLS = frozenset(
    "html HTML javascript js latex markdown md svg SVG mermaid timeit memit".split()
)

_SIGNS = lazy(r"(?m)^[^\S\n]*[%!?]|\?[^\S\n]*$|=[^\S\n]*[%!]")
_CELL_MAGIC = lazy(r"(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*%%([A-Za-z_]\w*|!)")
_LINE_MAGIC = lazy(r"([^\S\n]*)%([A-Za-z_]\w*)[^\S\n]*(.*)", re.DOTALL)
_HELP = lazy(
    r"[^\S\n]*(?:\?{1,2}\s*[A-Za-z_.*%]\S*|%{0,2}[A-Za-z_*][\w.*\[\]'\"]*\?{1,2})\s*;?\s*\Z"
)
_SHELL = lazy(r"[^\S\n]*!")
_ASSIGNED = lazy(
    r"([^\S\n]*[A-Za-z_][\w.,\s*\[\]'\"]*=[^\S\n]*)(?:%([A-Za-z_]\w*)[^\S\n]*(.*)|!.*)"
)
_OPTIONS = lazy(r"(?:--no-raise-error|-[qrosTDlpf](?:\s+\S+)?)\s+(?=\S)")
_STRING_OR_BRACKET = lazy(
    r"""\#|[([{]|[)\]}]|'''|\"\"\"|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?""", re.DOTALL
)


class Magic(ValueError):  # noqa: N818  a finding, told as an error by the caller
    """A magic that a module cannot have: its text and its line in the cell (0-based)."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


def may_occur(source: str) -> bool:
    """Return whether some line of *source* could be a magic (a cheap test)."""
    return _SIGNS.search(source) is not None


def to_python(source: str) -> str:
    r"""Return *source*, line for line, without its magics.

    Raises: `Magic` for one that can be neither skipped nor translated.

    >>> to_python("%matplotlib inline\nx = '''\n%pwd'''\n%time y = 2")
    "\nx = '''\n%pwd'''\ny = 2"
    """
    if not may_occur(source) or _is_python(source):
        return source
    lines = source.split("\n")
    head = _CELL_MAGIC.match(source)
    if head is not None:
        first = source.count("\n", 0, head.end())
        name = head[1]
        if name in SKIPPED_CELLS:
            return "\n" * (len(lines) - 1)
        if name not in RUN_BODY:
            raise Magic(lines[first].strip(), first)
        lines[first] = ""
        if _is_python("\n".join(lines)):
            return "\n".join(lines)
    for start, stop in logical_lines(lines):
        _translate(lines, start, stop)
    return "\n".join(lines)


def logical_lines(lines: list[str]) -> "Iterator[tuple[int, int]]":
    r"""Yield first and last (exclusive) index of each statement line: strings, brackets joined.

    >>> list(logical_lines(["x = (1", "% 2)", "'''", "%a'''", "%cd \\", "b"]))
    [(0, 2), (2, 4), (4, 6)]
    """
    start, depth, quote = 0, 0, ""
    for i, line in enumerate(lines):
        is_magic = i == start and _is_magic_line(line)
        if not is_magic:
            depth, quote = _scan(line, depth, quote)
        if quote or depth > 0 or line.rstrip().endswith("\\"):
            continue
        yield start, i + 1
        start, depth = i + 1, 0
    if start < len(lines):
        yield start, len(lines)


def _scan(line: str, depth: int, quote: str) -> tuple[int, str]:
    """Return the depth of brackets and the open triple quote after *line*."""
    at = 0
    if quote:
        end = _end_of_quote(line, 0, quote)
        if end < 0:
            return depth, quote
        at, quote = end, ""
    while (found := _STRING_OR_BRACKET.search(line, at)) is not None:
        sign, at = found[0], found.end()
        if sign == "#":
            break
        if sign in ("'''", '"""'):
            end = _end_of_quote(line, at, sign)
            if end < 0:
                return depth, sign
            at = end
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
    return depth, ""


def _end_of_quote(line: str, at: int, quote: str) -> int:
    while at < len(line):
        if line[at] == "\\":
            at += 2
        elif line.startswith(quote, at):
            return at + 3
        else:
            at += 1
    return -1


def _is_magic_line(line: str) -> bool:
    return bool(_LINE_MAGIC.match(line) or _SHELL.match(line) or _HELP.match(line))


def _translate(lines: list[str], start: int, stop: int) -> None:
    """Put Python in place of the magic in lines *start* to *stop*, if there is one."""
    line = lines[start]
    indent = line[: len(line) - len(line.lstrip())]
    nothing = indent + "pass" if indent else ""
    if _HELP.match(line):
        _blank(lines, start, stop, nothing)
    elif found := _LINE_MAGIC.match(line):
        name, rest = found[2], found[3]
        if name in RUN_LINE:
            lines[start] = indent + _without_options(rest) if rest.strip() else nothing
        elif name in SKIPPED:
            _blank(lines, start, stop, nothing)
        else:
            raise Magic(line.strip(), start)
    elif _SHELL.match(line):
        raise Magic(line.strip(), start)
    elif found := _ASSIGNED.match(line):
        if found[2] not in RUN_LINE or _is_python("\n".join(lines[start:stop]).strip()):
            if _is_python("\n".join(lines[start:stop]).strip()):
                return
            raise Magic(line.strip(), start)
        lines[start] = found[1] + _without_options(found[3])


def _blank(lines: list[str], start: int, stop: int, first: str) -> None:
    lines[start] = first
    for i in range(start + 1, stop):
        lines[i] = ""


def _without_options(statement: str) -> str:
    found = _OPTIONS.match(statement)
    while found is not None and not _is_python(statement):
        statement = statement[found.end() :]
        found = _OPTIONS.match(statement)
    return statement.strip()


def _is_python(source: str) -> bool:
    """Return whether Python can parse *source*."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are told when the module is compiled
        try:
            ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
