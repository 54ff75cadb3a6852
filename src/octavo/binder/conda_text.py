"""Add packages to an environment.yml by a small edit: comments and layout stay as they are.

The places come from the YAML parser; the text between them is copied.
"""

import re

from octavo.binder import requirement_lines
from octavo.binder.errors import BinderError
from octavo.core.errors import Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaml.nodes import MappingNode, Node, SequenceNode

_CONDA_NAME = lazy(r"(?:[^\s:]+::)?([A-Za-z0-9_][A-Za-z0-9._-]*)", re.ASCII)
_PLAIN = lazy(r"[A-Za-z0-9][A-Za-z0-9._~+\[\](),<>=!/@ -]*", re.ASCII)
_NULLS = ("", "~", "null", "Null", "NULL")


class Environment:
    """The packages that an environment.yml asks for: from conda, and from pip."""

    __slots__ = ("conda", "pip")

    def __init__(self, conda: list[str], pip: list[str]) -> None:
        self.conda = conda
        self.pip = pip

    @property
    def names(self) -> set[str]:
        """The normal names of all packages."""
        found = [match[1] for item in self.conda if (match := _CONDA_NAME.match(item))]
        names = {requirement_lines.normal(name) for name in found}
        return names | {requirement_lines.name_of(item) for item in self.pip} - {""}


def read(text: str, name: str = "") -> Environment:
    """Return the packages that an environment.yml asks for.

    Raises: `BinderError` OCT-B112 when it is no YAML, or no environment.
    """
    sequence = _dependencies(_compose(text, name), name)
    items = sequence.value if sequence is not None else []
    pip = _pip(sequence)
    return Environment(
        [item.value for item in items if _is_scalar(item)],
        [item.value for item in (pip.value if pip is not None else []) if _is_scalar(item)],
    )


def add(text: str, conda: "Sequence[str]", pip: "Sequence[str]" = (), name: str = "") -> str:
    """Return *text* with more packages from conda, and from pip.

    Raises: `BinderError` OCT-B112 when it is no YAML, or no environment.
    """
    if conda:
        text = _add_conda(text, conda, name)
    if pip:
        text = _add_pip(text, pip, name)
    return text


def without_self(text: str, name: str = "") -> str:
    """Return *text* with the pip lines that install the repository itself as comments."""
    sequence = _pip(_dependencies(_compose(text, name), name))
    if sequence is None or sequence.flow_style:
        return text
    extras = requirement_lines.extras_of_self
    own = [node for node in sequence.value if _is_scalar(node) and extras(node.value) is not None]
    if not own:
        return text
    for node in reversed(own):
        start = text.rfind("\n", 0, node.start_mark.index) + 1
        text = f"{text[:start]}# {text[start:]}"
    if len(own) == len(sequence.value):
        # `pip:` without a list is no environment; what follows may fill it again.
        end = _pip_key(_dependencies(_compose(text, name), name))
        text = text[: end + 1] + " []" + text[end + 1 :] if end else text
    return text


def _add_conda(text: str, packages: "Sequence[str]", name: str) -> str:
    root = _compose(text, name)
    sequence = _dependencies(root, name)
    if sequence is not None and sequence.value:
        plain = [node for node in sequence.value if _is_scalar(node)]
        return _insert(text, sequence, plain[-1] if plain else None, packages)
    if sequence is not None:
        return _fill(text, sequence, packages, _key_column(root))
    return _add_key(text, root, packages)


def _add_pip(text: str, packages: "Sequence[str]", name: str) -> str:
    sequence = _dependencies(_compose(text, name), name)
    pip = _pip(sequence)
    if pip is not None and pip.value:
        return _insert(text, pip, pip.value[-1], packages)
    if pip is not None:
        end = _pip_key(sequence)
        return _fill(text, pip, packages, end - len("pip") - text.rfind("\n", 0, end) - 1)
    if sequence is None or not sequence.value:
        return _add_pip(_add_conda(text, ["pip"], name), packages, name)
    if sequence.flow_style:
        value = "{pip: [" + ", ".join(map(_scalar, packages)) + "]}"
        return _splice(text, sequence.value[-1].end_mark.index, f", {value}")
    column = _dash(text, sequence)[1]
    lines = [" " * column + "- pip:"]
    lines += [" " * (column + 4) + f"- {_scalar(package)}" for package in packages]
    return _add_lines(text, _line_end(text, sequence.value[-1].end_mark.index), lines)


def _insert(
    text: str, sequence: "SequenceNode", after: "Node | None", packages: "Sequence[str]"
) -> str:
    """Insert items after one of a list, or before all of them."""
    written = [_scalar(package) for package in packages]
    if sequence.flow_style:
        if after is not None:
            return _splice(text, after.end_mark.index, "".join(f", {item}" for item in written))
        start = sequence.value[0].start_mark.index
        return _splice(text, start, "".join(f"{item}, " for item in written))
    start, column = _dash(text, sequence)
    lines = [" " * column + f"- {item}" for item in written]
    if after is None:
        newline = _newline(text)
        return _splice(text, start, "".join(line + newline for line in lines))
    return _add_lines(text, _line_end(text, after.end_mark.index), lines)


def _fill(text: str, empty: "SequenceNode", packages: "Sequence[str]", column: int) -> str:
    """Write the first items of a list that is there, but empty: `[]`, `~` or nothing."""
    start, end = empty.start_mark.index, empty.end_mark.index
    if text[start:end].startswith("["):
        return text[:start] + "[" + ", ".join(map(_scalar, packages)) + "]" + text[end:]
    text = text[:start].rstrip(" ") + text[end:] if end > start else text
    colon = text.rfind(":", 0, start + 1)
    lines = [" " * (column + 2) + f"- {_scalar(package)}" for package in packages]
    return _add_lines(text, _line_end(text, colon), lines)


def _add_key(text: str, root: "MappingNode | None", packages: "Sequence[str]") -> str:
    if root is not None and root.flow_style:
        items = ", ".join(map(_scalar, packages))
        comma = ", " if root.value else ""
        end = root.value[-1][1].end_mark.index if root.value else root.start_mark.index + 1
        return _splice(text, end, f"{comma}dependencies: [{items}]")
    column = _key_column(root)
    lines = [" " * column + "dependencies:"]
    lines += [" " * (column + 2) + f"- {_scalar(package)}" for package in packages]
    end = len(text)
    if root is not None and root.value:
        # A block value ends where the next thing begins: step back over blanks and comments.
        end = _line_end(text, _last_mark(root.value[-1][1]))
    return _add_lines(text, end, lines)


def _dash(text: str, sequence: "SequenceNode") -> tuple[int, int]:
    """Return where the line of the first item begins, and the column of its dash.

    The mark of the list itself may be that of its anchor, on another line.
    """
    item = sequence.value[0].start_mark.index
    start = text.rfind("\n", 0, item) + 1
    return start, max(text.rfind("-", start, item) - start, 0)


def _last_mark(node: "Node") -> int:
    """Return where the last character of a node stands."""
    if not _is_scalar(node) and node.value and not getattr(node, "flow_style", False):
        last = node.value[-1]
        return _last_mark(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _add_lines(text: str, end: int, lines: "Sequence[str]") -> str:
    """Insert whole lines at *end*, which is the end of a line."""
    newline = _newline(text)
    if end and text[end - 1] != "\n":
        return _splice(text, end, "".join(newline + line for line in lines)) + (
            newline if end == len(text) else ""
        )
    return _splice(text, end, "".join(line + newline for line in lines))


def _splice(text: str, offset: int, new: str) -> str:
    return text[:offset] + new + text[offset:]


def _line_end(text: str, offset: int) -> int:
    """Return the end of the line of *offset*, before its newline."""
    end = text.find("\n", offset)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1 : end] == "\r" else end


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _scalar(value: str) -> str:
    """Return a YAML scalar for *value*, plain where that means the same."""
    if _PLAIN.fullmatch(value) and not value.endswith(" "):
        return value
    return "'" + value.replace("'", "''") + "'"


def _compose(text: str, name: str) -> "MappingNode | None":
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Span(name, mark.line + 1, mark.column + 1) if mark else Span(name)
        problem = getattr(error, "problem", None) or "is no YAML"
        raise BinderError("OCT-B112", str(problem), place) from None
    if root is None:
        return None
    if not isinstance(root, yaml.MappingNode):
        raise _no_environment(name, root)
    return root


def _dependencies(root: "MappingNode | None", name: str) -> "SequenceNode | None":
    for key, value in root.value if root is not None else ():
        if key.value == "dependencies":
            return _as_sequence(value, name)
    return None


def _as_sequence(node: "Node", name: str) -> "SequenceNode":
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return node
    if isinstance(node, yaml.ScalarNode) and node.value in _NULLS and not node.style:
        return yaml.SequenceNode(node.tag, [], node.start_mark, node.end_mark)
    raise _no_environment(name, node)


def _pip(sequence: "SequenceNode | None") -> "SequenceNode | None":
    """Return the list of what pip installs."""
    for key, value in _tables(sequence):
        if key.value == "pip":
            return _as_sequence(value, "")
    return None


def _pip_key(sequence: "SequenceNode | None") -> int:
    """Return where the colon of `pip:` stands, 0 when there is none."""
    for key, _ in _tables(sequence):
        if key.value == "pip":
            return int(key.end_mark.index)
    return 0


def _tables(sequence: "SequenceNode | None") -> "Iterator[tuple[Node, Node]]":
    """Yield the keys and values of the mappings in a list, such as `- pip: [...]`."""
    import yaml

    for item in sequence.value if sequence is not None else ():
        if isinstance(item, yaml.MappingNode):
            yield from item.value


def _key_column(root: "MappingNode | None") -> int:
    return int(root.value[0][0].start_mark.column) if root is not None and root.value else 0


def _is_scalar(node: "Node") -> bool:
    import yaml

    return isinstance(node, yaml.ScalarNode)


def _no_environment(name: str, node: "Node") -> BinderError:
    return BinderError(
        "OCT-B112", "is not the description of an environment",
        Span(name, node.start_mark.line + 1, node.start_mark.column + 1),
        hint="`dependencies:` holds a list of packages",
    )  # fmt: skip
