"""Cell metadata on one line: `title key="value" tags=["a"] .attribute`.

Values are JSON, or else Python literals; a word alone is a key with null.  What cannot be
parsed is kept under `incorrectly_encoded_metadata` and written back as it was.

Source: formats.md of the project's reference, section 7, and the observed behaviour of
Jupytext.
"""

from json import JSONDecodeError, JSONDecoder, dumps

from octavo.core.languages import LANGUAGE_MAGICS
from octavo.core.patterns import lazy
from octavo.formats import _hints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata

UNPARSED = "incorrectly_encoded_metadata"

_KEY = lazy(r"[a-zA-Z0-9_.@/-]+\Z")
_WORD = lazy(r"[a-zA-Z_.]+[a-zA-Z0-9_.]*\Z")
_PAIR = lazy(r"\s*([a-zA-Z0-9_.@/-]+)=")
_BARE = lazy(r"\s*([a-zA-Z_.]+[a-zA-Z0-9_.]*)(?=\s|\Z)")
_JSON = JSONDecoder()
_MOST_TRIALS = 64  # equal signs to try on a line that is not plain key=value
_KNOWN_LANGUAGES = frozenset(name.lower() for name in LANGUAGE_MAGICS)


def write_pairs(metadata: "Metadata", *, as_json: bool = False) -> str:
    """Return *metadata* as `key=value` words, or as one JSON object.

    >>> write_pairs({"tags": ["a"], "slow": None})
    'tags=["a"] slow'
    """
    if not metadata:
        return ""
    if as_json:
        return dumps(metadata)
    return " ".join(_pair(key, value) for key, value in metadata.items())


def _pair(key: str, value: "Json") -> str:
    if key == UNPARSED:
        return str(value)
    if value is None:
        return key
    if key == _hints.KEY and isinstance(value, dict):
        return f"{key}={_hints.dumps(value)}"
    return f"{key}={dumps(value)}"


def read_pairs(text: str) -> "Metadata":
    """Return the metadata that `key=value` words stand for: the inverse of `write_pairs`."""
    text = text.strip()
    if not text:
        return {}
    found = _read_plain(text)
    return _read_from_right(text) if found is None else found


def split_title(text: str) -> "tuple[str, Metadata]":
    """Return the title that stands before the first key, and the metadata after it.

    >>> split_title('A title tags=["a"]')
    ('A title', {'tags': ['a']})
    """
    text = text.strip()
    brace, equal = text.find("{"), text.find("=")
    if brace >= 0 and not 0 <= equal < brace:
        return text[:brace].strip(), _read_object(text[brace:])
    if equal >= 0:
        words = text[:equal].split(" ")
        while words and not words[-1]:
            words.pop()
        if words:
            words.pop()  # the key of the first pair
    else:
        words = text.split(" ")
    while words and (not words[-1].strip() or words[-1].startswith(".")):
        words.pop()
    title = " ".join(words)
    return title, read_pairs(text[len(title) :])


def split_language(text: str) -> "tuple[str, Metadata]":
    """Return the language that leads *text*, if one does, and the metadata after it."""
    text = text.strip()
    brace, equal = text.find("{"), text.find("=")
    if brace >= 0 and not 0 <= equal < brace:
        return text[:brace].strip(), _read_object(text[brace:])
    if text.lower() in _KNOWN_LANGUAGES:
        return text, {}
    if " " not in text:
        return "", read_pairs(text)
    language, _, rest = text.partition(" ")
    if language.lower() in _KNOWN_LANGUAGES:
        return language, read_pairs(rest)
    return "", read_pairs(text)


def is_object(text: str) -> bool:
    """Return whether *text* holds its metadata as one JSON object (an old form)."""
    brace, equal = text.find("{"), text.find("=")
    return brace >= 0 and (equal < 0 or brace < equal)


def _read_plain(text: str) -> "Metadata | None":
    """Read pairs with JSON values from left to right; None when something else is there."""
    metadata: Metadata = {}
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            bare = _BARE.match(text, at)
            if bare is None:
                return None
            metadata.setdefault(bare[1], None)
            at = bare.end()
        else:
            try:
                value, at = _JSON.raw_decode(text, pair.end())
            except (JSONDecodeError, RecursionError):
                return None
            metadata[pair[1]] = value
            if at < len(text) and not text[at].isspace():
                return None
        while at < len(text) and text[at].isspace():
            at += 1
    return metadata


def _read_from_right(text: str) -> "Metadata":
    """Read pairs with any values, the last one first, each as short as it can be."""
    tail: list[tuple[str, Json]] = []
    trials = 0
    while text:
        last = text.rfind(" ")
        word = text[last + 1 :]
        if not text.startswith("--") and _WORD.match(word):
            tail.append((word, None))
            text = text[: max(last, 0)].strip()
            continue
        pair, rest, tried = _last_pair(text, _MOST_TRIALS - trials)
        trials += tried
        if pair is None:
            tail.append((UNPARSED, text))
            break
        tail.append(pair)
        text = rest
    return dict(reversed(tail))


def _last_pair(text: str, trials: int) -> "tuple[tuple[str, Json] | None, str, int]":
    """Return the last pair of *text*, the text before it, and how many places were tried."""
    at = len(text)
    tried = 0
    while tried < trials:
        at = text.rfind("=", 0, at)
        if at < 0:
            break
        start = text[:at].rstrip().rfind(" ") + 1
        key = text[start:at].strip()
        if not _KEY.match(key):
            continue
        tried += 1
        try:
            value = _literal(text[at + 1 :])
        except ValueError:
            continue
        return (key, value), text[: max(start - 1, 0)].strip(), tried
    return None, text, tried


def _literal(text: str) -> "Json":
    """Return a JSON value or else a Python literal.

    Raises: `ValueError` when *text* is neither (or a literal that JSON cannot hold).
    """
    text = text.strip()
    try:
        value, end = _JSON.raw_decode(text)
    except (JSONDecodeError, RecursionError):
        return python_literal(text)
    if end != len(text):
        return python_literal(text)
    return value  # type: ignore[no-any-return]


def python_literal(text: str) -> "Json":
    """Return the value of a Python literal, tuples and sets as lists.

    Raises: `ValueError` when *text* is no literal, or one that JSON cannot hold.
    """
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _as_json(ast.literal_eval(text))
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _as_json(value: object) -> "Json":
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_as_json(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _as_json(item) for key, item in value.items()}
    raise ValueError(f"{value!r} has no form in JSON")


def _read_object(text: str) -> "Metadata":
    """Return the JSON object (or Python dictionary) that *text* is."""
    try:
        value = _literal(text)
    except ValueError:
        return {UNPARSED: text}
    return value if isinstance(value, dict) else {UNPARSED: text}
