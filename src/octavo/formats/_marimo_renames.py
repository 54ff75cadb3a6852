"""Names that several cells define, renamed in the text so that marimo can run the notebook.

marimo runs no cell that defines what another cell defines.  From the second definition on, the
text says `x_1`, `x_2`, ... (as `marimo convert` does), a comment says so, and reading turns the
names back.  Only words change; a cell that needs the older value gets it in a line of its own:

    # Cell names: x_1 is x from x
    x_1 = x
    x_1 = x_1 + 1

A name is renamed only where the syntax tree proves that nothing else changes, and in all cells
or in none.
"""

import ast
import io
import re
import tokenize

from octavo.formats._marimo_cells import NAMES
from octavo.formats._marimo_names import bound_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from octavo.formats._marimo_names import Names

    # old name: (new name, the name of the older value that the cell needs, or "")
    Renames: TypeAlias = Mapping[str, tuple[str, str]]

_ENTRY = re.compile(r"(\w+) is (\w+)(?: from (\w+))?\Z")
_WORD = re.compile(r"\w+")
_KEYWORD = re.compile(r"[(,]\s*(\w+)\s*=(?!=)")
_FSTRING = re.compile(r"[rR]?[fF][rR]?['\"]")


def plan(
    codes: "Mapping[int, str]", names: "Sequence[Names | None]"
) -> "dict[str, dict[int, tuple[str, str]]]":
    """Return, for each name with several definitions, what it becomes in which cell.

    *codes* are the cells that are run, by position.
    """
    definers: dict[str, list[int]] = {}
    users: dict[str, list[int]] = {}
    for i, found in enumerate(names):
        if found is not None and i in codes:
            for name in found.defs:
                definers.setdefault(name, []).append(i)
            for name in found.refs:
                users.setdefault(name, []).append(i)
    several = {name: cells for name, cells in sorted(definers.items()) if len(cells) > 1}
    if not several:
        return {}
    words = {word for code in codes.values() for word in _WORD.findall(code)}
    result: dict[str, dict[int, tuple[str, str]]] = {}
    for name, cells in several.items():
        result[name] = _versions(name, cells, users.get(name, []), names, words)
    return result


def _versions(
    name: str,
    cells: "list[int]",
    users: "list[int]",
    names: "Sequence[Names | None]",
    words: set[str],
) -> "dict[int, tuple[str, str]]":
    changes: dict[int, tuple[str, str]] = {}
    current, count = name, 0
    defines = set(cells)
    for i in sorted(defines.union(users)):
        if i in defines and i != cells[0]:
            older, count = current, count + 1
            current = f"{name}_{count}"
            while current in words:
                count += 1
                current = f"{name}_{count}"
            found = names[i]
            needs = found is not None and (name in found.refs or name in found.changes)
            changes[i] = (current, older if needs else "")
        elif current != name:
            changes[i] = (current, "")
    return changes


def keywords(codes: "Sequence[str]") -> "frozenset[str]":
    """Return the words that seem to be keyword arguments of some call."""
    return frozenset(word for code in codes for word in _KEYWORD.findall(code))


def rename_all(
    codes: "Mapping[int, str]", planned: "Mapping[str, Mapping[int, tuple[str, str]]]"
) -> dict[int, str]:
    """Return the cells that change; a name that one of them cannot change stays everywhere."""
    fixed = keywords(list(codes.values()))
    wanted: dict[int, dict[str, tuple[str, str]]] = {}
    for name, changes in planned.items():
        for i, change in changes.items():
            wanted.setdefault(i, {})[name] = change
    done: dict[int, str] = {}
    pending = set(wanted)
    while pending:
        refused: set[str] = set()
        for i in sorted(pending):
            text = rename(codes[i], wanted[i], fixed)
            if text is not None:
                done[i] = text
                continue
            alone = {n for n, c in wanted[i].items() if rename(codes[i], {n: c}, fixed) is None}
            refused |= alone or wanted[i].keys()
        pending = set()
        for i, renames in list(wanted.items()):
            if not refused.isdisjoint(renames):
                done.pop(i, None)
                wanted[i] = {n: c for n, c in renames.items() if n not in refused}
                if wanted[i]:
                    pending.add(i)
                else:
                    del wanted[i]
    return done


def rename(code: str, renames: "Renames", fixed: "frozenset[str]") -> str | None:
    """Return *code* under a header with other names, None where that cannot be proven right.

    Parameters with a name in *fixed* cannot change.
    """
    try:
        tree = ast.parse(code)
        pieces = _tokens(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None
    if _hides(tree, renames, fixed):
        return None
    changed = _replace(code, pieces, renames)
    lines = []
    entries = []
    for old, (new, older) in renames.items():
        entries.append(f"{new} is {old} from {older}" if older else f"{new} is {old}")
        if older:
            lines.append(f"{new} = {older}")
    try:
        expected = ast.dump(_Renamer(renames).visit(tree))
        if ast.dump(ast.parse(changed)) != expected:
            return None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    text = "\n".join([NAMES + ", ".join(entries), *lines, changed])
    return text if restore(text) == code else None


def restore(text: str) -> str | None:
    """Return the code with the names of the notebook, None when there is no such header."""
    first, _, code = text.partition("\n")
    if not first.startswith(NAMES):
        return None
    for entry in first[len(NAMES) :].split(", "):
        match = _ENTRY.match(entry)
        if match is None:
            return None
        new, old, older = match.groups()
        if older:
            line, _, code = code.partition("\n")
            if line != f"{new} = {older}":
                return None
        code = re.sub(rf"\b{old} as {new}\b", old, code)
        code = re.sub(rf"\b{new}\b", old, code)
    return code


def _tokens(code: str) -> "list[tokenize.TokenInfo]":
    return list(tokenize.generate_tokens(io.StringIO(code, newline="\n").readline))


def _hides(tree: "ast.AST", renames: "Renames", fixed: "frozenset[str]") -> bool:
    """Return whether a name means something else somewhere.

    A parameter that calls name, an attribute of a class, or the root of a dotted import.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.arg in renames and node.arg in fixed:
            return True
        if isinstance(node, ast.ClassDef) and not renames.keys().isdisjoint(bound_in(node.body)):
            return True
        if isinstance(node, ast.Import) and any(
            alias.asname is None and "." in alias.name and alias.name.partition(".")[0] in renames
            for alias in node.names
        ):
            return True
    return False


def _replace(code: str, tokens: "list[tokenize.TokenInfo]", renames: "Renames") -> str:
    """Return the code with the words changed; the caller proves that they were the right ones."""
    lines = code.split("\n")
    imports = _in_imports(tokens)
    edits: list[tuple[int, int, int, str]] = []
    depth = 0
    for i, token in enumerate(tokens):
        text = token.string
        row, column = token.start
        if token.type == tokenize.OP:
            depth += (text in "([{") - (text in ")]}")
        elif token.type == tokenize.STRING and _FSTRING.match(text) and token.end[0] == row:
            changed = _in_fields(text, renames)
            if changed != text:
                edits.append((row, column, token.end[1], changed))
        elif token.type == tokenize.NAME and text in renames:
            before, after = tokens[i - 1].string if i else "", tokens[i + 1].string
            if before == "." or (after == "=" and depth > 0):
                continue
            new = renames[text][0]
            if i in imports and before != "as" and after != "as":
                new = f"{text} as {new}"
            elif i in imports and after == "as":
                continue
            edits.append((row, column, token.end[1], new))
    for row, start, end, new in reversed(edits):
        line = lines[row - 1]
        lines[row - 1] = line[:start] + new + line[end:]
    return "\n".join(lines)


def _in_imports(tokens: "list[tokenize.TokenInfo]") -> set[int]:
    """Return the positions of the tokens of import statements."""
    found: set[int] = set()
    inside, starts = False, True
    for i, token in enumerate(tokens):
        if starts and token.type == tokenize.NAME:
            inside, starts = token.string in ("import", "from"), False
        elif token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT) or (
            token.type == tokenize.OP and token.string in ";:"
        ):
            inside, starts = False, True
        if inside:
            found.add(i)
    return found


def _in_fields(text: str, renames: "Renames") -> str:
    """Return an f-string (before Python 3.12 one token) with the words in its fields changed."""
    pattern = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, renames)) + r")\b")
    parts: list[str] = []
    depth = start = at = 0
    while at < len(text):
        character = text[at]
        if depth == 0 and text[at : at + 2] in ("{{", "}}"):
            at += 2
            continue
        if character in "{}":
            part = text[start:at]
            parts.append(pattern.sub(lambda word: renames[word[0]][0], part) if depth else part)
            depth = max(depth + (1 if character == "{" else -1), 0)
            start = at
        at += 1
    return "".join([*parts, text[start:]])


class _Renamer(ast.NodeTransformer):
    """Renames in a syntax tree: what the changed text must come to."""

    def __init__(self, renames: "Renames") -> None:
        self._new = {old: new for old, (new, _) in renames.items()}

    def visit(self, node: "ast.AST") -> "ast.AST":
        """Rename in one node and all below it."""
        for field in ("id", "name", "rest"):
            value = getattr(node, field, None)
            if isinstance(value, str) and value in self._new and not isinstance(node, ast.alias):
                setattr(node, field, self._new[value])
        if isinstance(node, ast.arg):
            node.arg = self._new.get(node.arg, node.arg)
        if isinstance(node, ast.alias):
            bound = node.asname or node.name
            if bound in self._new:
                node.asname = self._new[bound]
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            node.names = [self._new.get(name, name) for name in node.names]
        self.generic_visit(node)
        return node
