"""Hints: what a notation cannot say by itself, in one word on the marker of a cell.

Nearly all cells need none.  Where the plain notation would read back as something else, the
cell carries the key `octavo` with the facts that are missing, and only those:

    type      the kind of the cell, where the notation reads as another
    blank     the number of blank lines at the end of the source
    quotes    false: do not follow strings and fences in this cell (one is never closed)
    escape    true: lines of the source that look like markers got one more comment sign
    metadata  entries that `key=value` cannot carry (odd keys, reserved names)
    source    the exact source, where nothing else helps; it holds as long as the lines of the
              cell are still those that were written

A reader that does not know them (Jupytext) sees one more metadata key.
"""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata

KEY = "octavo"
_FACTS = frozenset(("type", "blank", "quotes", "escape", "metadata", "source", "written"))
_LATER = ("language", "magic_args", KEY)
_TYPES = ("code", "markdown", "raw")
_STRING = lazy(r'"(?:[^"\\]|\\.)*"')
_UNSAFE = lazy(r"[^A-Za-z0-9_ .:/\\-]")


def pack(metadata: "Metadata", facts: "Metadata") -> "Metadata":
    """Return *metadata* with *facts* under the key of hints (unchanged without facts).

    An entry of the user's under that key goes into the facts.
    """
    if KEY in metadata:
        inner = facts.get("metadata")
        own = {**(inner if isinstance(inner, dict) else {}), KEY: metadata[KEY]}
        facts = {**facts, "metadata": own}
        metadata = {key: value for key, value in metadata.items() if key != KEY}
    return {**metadata, KEY: facts} if facts else metadata


def unpack(metadata: "Metadata") -> "tuple[Metadata, Metadata]":
    """Return *metadata* without its hints, and the facts: the inverse of `pack`.

    Entries that the facts hold are metadata again.
    """
    facts = metadata.get(KEY)
    if not isinstance(facts, dict) or not facts or not _FACTS.issuperset(facts):
        return metadata, {}
    plain = {key: value for key, value in metadata.items() if key != KEY}
    inner = facts.get("metadata")
    if isinstance(inner, dict):
        plain.update({key: value for key, value in inner.items() if key not in _LATER})
        later = {key: value for key, value in inner.items() if key in _LATER}
        if later:
            plain[KEY] = {"metadata": later}
    return plain, facts


def release(metadata: "Metadata") -> "Metadata":
    """Return *metadata* with the entries that `unpack` held back.

    They would be taken for the notation of a language magic, so they wait until that is done.
    """
    held = metadata.get(KEY)
    inner = held.get("metadata") if isinstance(held, dict) and len(held) == 1 else None
    if not isinstance(inner, dict):
        return metadata
    return {**{key: value for key, value in metadata.items() if key != KEY}, **inner}


def kind_of(facts: "Metadata") -> str:
    """Return the kind that the facts name, or ""."""
    kind = facts.get("type")
    return kind if isinstance(kind, str) and kind in _TYPES else ""


def blank_of(facts: "Metadata") -> int | None:
    """Return the number of blank lines at the end that the facts name, or None."""
    blank = facts.get("blank")
    return blank if isinstance(blank, int) and blank >= 0 else None


def dumps(facts: "Metadata") -> str:
    r"""Return *facts* as JSON that fits into any marker: no character of it means anything there.

    >>> dumps({"metadata": {"my key": "a=b"}})
    '{"metadata": {"my key": "a\\u003db"}}'
    """
    import json

    return _STRING.sub(lambda match: _armour(match[0]), json.dumps(facts))


def _armour(literal: str) -> str:
    inner = _UNSAFE.sub(
        lambda match: f"\\u{ord(match[0]):04x}", literal[1:-1].replace('\\"', "\\u0022")
    )
    return f'"{inner}"'
