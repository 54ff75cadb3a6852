r"""Find what is wrong with the cells of a notebook: side effects on import, rot, tags, order.

    >>> text = "# %%\nimport os\n\n# %%\nprint(os.name)\n"
    >>> [str(finding) for finding in check(text, "a.py")]
    ['a.py:5: printing at top level: it happens on every import [OCT-L102] (cell "cell 2")']

Everything here is pure: text in, findings out.
"""

import ast

from octavo.core.patterns import lazy
from octavo.modules import cells as _cells
from octavo.modules import effects, lint_rules, magics, narrative, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Document
    from octavo.modules.cells import ModuleCell

_SUPPRESSED = lazy(r"#\s*noqa(?::\s*([A-Za-z0-9_, -]+))?", 2)  # IGNORECASE


class Finding:
    """Something wrong: `rule` is its code, `line` the line of the file, `row` that in the cell.

    `is_fixable` tells that the cell may be tagged `active-ipynb` to mend it.
    """

    __slots__ = ("cell", "index", "is_fixable", "line", "message", "path", "row", "rule")

    def __init__(
        self, rule: str, path: str, entry: "ModuleCell", row: int, message: str = ""
    ) -> None:
        self.rule = rule
        self.path = path
        self.cell = entry.name
        self.index = entry.index
        self.row = max(row, 1)
        self.line = entry.lines[min(self.row, len(entry.lines)) - 1] if entry.lines else 0
        self.message = message or lint_rules.RULES[rule]
        self.is_fixable = False

    def __str__(self) -> str:
        """Return `analysis.md:42: message [code] (cell "Loading the data")` on one line."""
        row = f", line {self.row}" if self.path.endswith(".ipynb") else ""
        return f'{self.path}:{self.line}: {self.message} [{self.rule}] (cell "{self.cell}"{row})'

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Finding({str(self)!r})"


class _Parsed:
    """A code cell and its syntax tree, whose lines are those of the cell; None if it has none."""

    __slots__ = ("entry", "lines", "tree")

    def __init__(self, entry: "ModuleCell", tree: "ast.Module | None", lines: list[str]) -> None:
        self.entry = entry
        self.tree = tree
        self.lines = lines

    def bound(self) -> set[str]:
        """Return the names that the cell binds at its top level."""
        body = self.tree.body if self.tree else []
        return {name for statement in body for name in narrative.bound(statement)}

    def used(self) -> set[str]:
        """Return the names that the cell reads anywhere."""
        return {
            node.id
            for node in (ast.walk(self.tree) if self.tree else ())
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }


def check(text: "str | bytes", path: str) -> list[Finding]:
    """Return what is wrong with a notebook, in the order of its lines.

    Raises: `ModuleError` when it cannot be read or is in another language (OCT-M001), OCT-M013
    when pyflakes is not installed.
    """
    document, _, found = source.read(text, path)
    findings: list[Finding] = []
    parsed = [_parsed(entry, path, findings) for entry in found]
    for one in parsed:
        findings += _effects_of(one, path)
        findings += _tags_of(one.entry, path)
    findings += _names(parsed, path)
    findings += _twins(document, found, path)
    findings += _counts(found, path)
    findings = [finding for finding in findings if not _is_suppressed(finding, found)]
    findings.sort(key=lambda finding: (finding.index, finding.row, finding.rule))
    return findings


def with_tag(document: "Document", findings: "Iterable[Finding]", tag: str) -> "Document":
    """Return *document* with *tag* on the cells of those findings that it mends."""
    places = {finding.index for finding in findings if finding.is_fixable}
    cells = list(document.cells)
    for place in places:
        cell = cells[place]
        tags = cell.metadata.get("tags")
        new = [*(tags if isinstance(tags, (list, tuple)) else ()), tag]
        cells[place] = cell.with_(metadata={**cell.metadata, "tags": new})
    return document.with_(cells=cells) if places else document


def _parsed(entry: "ModuleCell", path: str, findings: list[Finding]) -> _Parsed:
    """Return a cell as Python without its magics; what is wrong with those is told."""
    text = entry.cell.source
    lines, rows = _plain(text)
    if entry.is_active:
        findings += [Finding("OCT-L104", path, entry, row) for row in rows]
    try:
        return _Parsed(entry, _tree("\n".join(lines)), lines)
    except (SyntaxError, ValueError, RecursionError) as error:
        told = f"this is no Python: {getattr(error, 'msg', '') or error}"
        findings.append(Finding("OCT-L001", path, entry, getattr(error, "lineno", 1) or 1, told))
        return _Parsed(entry, None, lines)


def _tree(text: str) -> ast.Module:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the user's, told when he runs it
        return ast.parse(text)


def _plain(text: str) -> tuple[list[str], list[int]]:
    """Return a source line for line without any magic, and the 1-based lines of the magics."""
    lines = text.split("\n")
    rows: set[int] = set()
    if magics.may_occur(text):
        while True:
            try:
                plain = magics.to_python("\n".join(lines)).split("\n")
                break
            except magics.Magic as found:
                rows.add(found.line + 1)
                if found.text.startswith("%%"):
                    plain = [""] * len(lines)
                    break
                lines[found.line] = _without_magic(lines[found.line])
        rows |= {i for i, (a, b) in enumerate(zip(text.split("\n"), plain, strict=False), 1)
                 if a != b}  # fmt: skip
        return plain, sorted(rows)
    return lines, []


def _without_magic(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    name, equals, _ = line.partition("=")
    is_assigned = equals and not line.lstrip().startswith(("%", "!"))
    return f"{name}= None" if is_assigned else indent + "pass"


def _effects_of(one: _Parsed, path: str) -> list[Finding]:
    """Return the side effects of a cell of the module."""
    if not one.entry.is_active or one.tree is None:
        return []
    return [Finding(rule, path, one.entry, row) for rule, row in effects.find(one.tree.body)]


def mark_fixable(findings: "list[Finding]", text: "str | bytes", path: str) -> None:
    """Note which findings go away when their cell is tagged, at no loss for the module.

    A cell that defines what other cells of the module use has to be split by hand.
    """
    _, _, found = source.read(text, path)
    parsed = {entry.index: _parsed(entry, path, []) for entry in found}
    for finding in findings:
        one = parsed[finding.index]
        if finding.rule[:6] != "OCT-L1" or not one.entry.is_active:
            continue
        others = [p for p in parsed.values() if p is not one and _is_code(p.entry)]
        needed = {name for other in others for name in other.used()}
        definitions = one.entry.definitions
        finding.is_fixable = not definitions and not one.bound() & needed


def _is_code(entry: "ModuleCell") -> bool:
    return entry.is_active or entry.is_test


def _tags_of(entry: "ModuleCell", path: str) -> list[Finding]:
    tags = entry.cell.metadata.get("tags")
    words = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, (list, tuple)) else []
    return [
        Finding("OCT-L301", path, entry, 1, message) for message in lint_rules.faults_of_tags(words)
    ]


def _names(parsed: "list[_Parsed]", path: str) -> list[Finding]:
    """Return the names that no cell defines, and those that only a later one does."""
    trees = [(one, one.tree) for one in parsed if one.tree is not None]
    offsets: list[tuple[int, _Parsed]] = []
    body: list[ast.stmt] = []
    line = 0
    for one, tree in trees:
        offsets.append((line, one))
        body += [ast.increment_lineno(statement, line) for statement in tree.body]
        line += len(one.lines) + 1
    later: dict[str, _Parsed] = {}
    for one, _ in trees:
        for name in one.bound():
            later.setdefault(name, one)
    found: list[Finding] = []
    from bisect import bisect_right

    starts = [start for start, _ in offsets]
    for name, at in lint_rules.undefined_names(ast.Module(body, [])):
        start, one = offsets[bisect_right(starts, at - 1) - 1]
        home = later.get(name)
        if home is not None and home.entry.index > one.entry.index:
            found.append(
                Finding("OCT-L401", path, one.entry, at - start,
                        f'{name!r} is used before cell "{home.entry.name}" defines it')
            )  # fmt: skip
        else:
            found.append(
                Finding("OCT-L201", path, one.entry, at - start, f"{name!r} is not defined")
            )
    found += _shadowed(parsed, path)
    return found


def _shadowed(parsed: "list[_Parsed]", path: str) -> list[Finding]:
    """Return tests that a later test of the same name replaces."""
    seen: dict[str, str] = {}
    found: list[Finding] = []
    for one in parsed:
        if not one.entry.is_test or one.tree is None:
            continue
        for name in one.entry.definitions:
            if name.startswith(("test", "Test")) and name in seen:
                told = f'{name!r} replaces the test of that name in cell "{seen[name]}"'
                found.append(Finding("OCT-L403", path, one.entry, 1, told))
            seen[name] = one.entry.name
    return found


def _twins(document: "Document", found: "Iterable[ModuleCell]", path: str) -> list[Finding]:
    seen: dict[str, int] = {}
    entries = {entry.index: entry for entry in found}
    twins: list[Finding] = []
    for index, cell in enumerate(document.cells):
        if cell.id is None:
            continue
        if cell.id in seen:
            entry = entries.get(index) or _cells.ModuleCell(cell, index)
            entry.name = entry.name or f"cell {index + 1}"
            told = f"the id {cell.id!r} is that of cell {seen[cell.id] + 1} too"
            finding = Finding("OCT-L302", path, entry, 1, told)
            finding.line = finding.line or cell.line
            twins.append(finding)
        seen.setdefault(cell.id, index)
    return twins


def _counts(found: "Iterable[ModuleCell]", path: str) -> list[Finding]:
    last = 0
    wrong: list[Finding] = []
    for entry in found:
        count = entry.cell.execution_count
        if count is None:
            continue
        if count < last:
            told = f"run as [{count}], before the cell above it, run as [{last}]"
            wrong.append(Finding("OCT-L402", path, entry, 1, told))
        last = max(last, count)
    return wrong


def _is_suppressed(finding: Finding, found: "Iterable[ModuleCell]") -> bool:
    entry = next((entry for entry in found if entry.index == finding.index), None)
    lines = entry.cell.source.split("\n") if entry else []
    comment = _SUPPRESSED.search(lines[finding.row - 1]) if finding.row <= len(lines) else None
    if comment is None:
        return False
    return comment[1] is None or finding.rule in comment[1].upper().replace(",", " ").split()
