"""Parameters of a run from the command line and from files."""

from octavo.core.errors import RunError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from octavo.core.document import Json

_WORDS: "dict[str, Json]" = {
    "True": True, "true": True, "False": False, "false": False, "None": None, "null": None,
}  # fmt: skip


def given(arguments: "Namespace") -> "dict[str, Json]":
    """Return all parameters that were given: those of files first, then -p, then -r.

    Raises: `FileError` for a file that cannot be read, `RunError` OCT-R022 for one that holds
    no parameters.
    """
    found: dict[str, Json] = {}
    for path in arguments.parameters_file:
        found.update(_of_file(path))
    found.update({name: value_of(text) for name, text in (arguments.parameters or {}).items()})
    found.update(arguments.texts or {})
    return found


def value_of(text: str) -> "Json":
    """Return the value that a word of the command line stands for.

    >>> [value_of(word) for word in ("True", "null", "12", "1e3", "1_0", "north")]
    [True, None, 12, 1000.0, '1_0', 'north']
    """
    if text in _WORDS:
        return _WORDS[text]
    if "_" in text or text != text.strip():
        return text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _of_file(path: str) -> "dict[str, Json]":
    """Return the parameters in a YAML or JSON file."""
    from octavo.formats import _text
    from octavo.workspace import files

    text = _text.decode(files.read_bytes(path), path)
    values = _parsed(text, path)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise RunError(
            "OCT-R022", "holds no parameters", Span(path), hint="write one `name: value` a line"
        )
    return {str(name): _plain(value) for name, value in values.items()}


def _parsed(text: str, path: str) -> object:
    import json

    import yaml

    try:
        if path.endswith(".json"):
            return json.loads(text)
        return yaml.safe_load(text)
    except json.JSONDecodeError as error:
        span = Span(path, error.lineno, error.colno)
        raise RunError("OCT-R022", f"is not JSON: {error.msg}", span) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        span = Span(path, mark.line + 1, mark.column + 1) if mark else Span(path)
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise RunError("OCT-R022", f"is not YAML: {problem}", span) from None


def _plain(value: object) -> "Json":
    """Return a value as JSON has it; a date of YAML becomes a text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)
