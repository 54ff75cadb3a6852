"""Configuration in YAML and JSON, with the place of every key."""

from octavo.core.errors import ConfigError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import Node

    from octavo.workspace.config_toml import Path, Place


def loads(text: str, file: str) -> object:
    """Return what a YAML text says.

    Raises: `ConfigError` OCT-C003 with the place of the first fault.
    """
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file)
        reason = getattr(fault, "problem", None) or str(fault).partition("\n")[0]
        raise ConfigError("OCT-C003", f"not YAML: {reason}", span) from None
    except (RecursionError, ValueError) as fault:
        raise ConfigError("OCT-C003", f"not YAML: {fault}", Span(file)) from None


def loads_json(text: str, file: str) -> object:
    """Return what a JSON text says.

    Raises: `ConfigError` OCT-C003 with the place of the first fault.
    """
    import json

    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        reason = fault.msg[:1].lower() + fault.msg[1:]
        span = Span(file, fault.lineno, fault.colno)
        raise ConfigError("OCT-C003", f"not JSON: {reason}", span) from None
    except (RecursionError, ValueError) as fault:
        raise ConfigError("OCT-C003", f"not JSON: {fault}", Span(file)) from None


def places(text: str) -> "dict[Path, tuple[Place, Place]]":
    r"""Return line and column of every key and of its value, as far as they can be told.

    Most JSON is YAML, so this goes for both.

    >>> places("formats: ipynb,py\nrst2md: true\n")[("rst2md",)]
    ((2, 1), (2, 9))
    """
    import yaml

    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {} if root is None else dict(_children(root, (), set()))


def _children(
    node: "Node", path: "Path", seen: set[int]
) -> "Iterator[tuple[Path, tuple[Place, Place]]]":
    if id(node) in seen:
        return  # an alias: it may even hold itself
    seen.add(id(node))
    for i, child in enumerate(node.value if isinstance(node.value, list) else ()):
        key, value = child if isinstance(child, tuple) else (child, child)
        step = (*path, str(key.value) if isinstance(child, tuple) else i)
        yield step, (_place(key), _place(value))
        yield from _children(value, step, seen)


def _place(node: "Node") -> "Place":
    return node.start_mark.line + 1, node.start_mark.column + 1
