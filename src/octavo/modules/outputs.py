"""Compare the outputs of a cell with those of another run: what people see, by rules."""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from octavo.core.document import Json

#: Numbers as they are printed.
_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
#: What is no text cannot be compared usefully: pictures differ by version of the library.
_TEXTS = ("text/", "application/json", "application/vnd")
#: Addresses of objects, as in `<object at 0x7f...>`, differ in every run.
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


def differences(
    stored: "Sequence[Json]",
    fresh: "Sequence[Json]",
    *,
    sanitize: "Iterable[str]" = (),
    tolerance: float = 0.0,
) -> list[str]:
    r"""Return what differs between stored and fresh outputs, as lines; none if all is well.

    *sanitize* are rules `REGEX -> TEXT` for both sides; *tolerance* is how far numbers may
    differ, relative to the larger one.  Memory addresses and pictures are never compared.

    >>> old = [{"output_type": "stream", "name": "stdout", "text": "0.30 s\n"}]
    >>> new = [{"output_type": "stream", "name": "stdout", "text": "0.31 s\n"}]
    >>> differences(old, new)
    ['stdout differs:', '-0.30 s', '+0.31 s']
    >>> differences(old, new, tolerance=0.1), differences(old, new, sanitize=["[.0-9]+ s -> T"])
    ([], [])
    """
    rules = [_rule(line) for line in sanitize if line.strip()]
    before, after = _texts(stored), _texts(fresh)
    found: list[str] = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            found.append(f"{key} is {'new' if old is None else 'missing'}:")
            found += [("+" if old is None else "-") + x for x in (new or old or "").split("\n")]
        elif not _is_same(_clean(old, rules), _clean(new, rules), tolerance):
            found += [f"{key} differs:", *_diff(old, new)]
    return found


def _rule(line: str) -> "tuple[re.Pattern[str], str]":
    from octavo.core.errors import OptionError

    expression, arrow, text = line.partition("->")
    if not arrow:
        expression = "(no arrow"
    try:
        return re.compile(expression.strip()), text.strip()
    except re.error as error:
        raise OptionError(
            "OCT-O050", f"octavo_sanitize: {line!r} is no rule: {error}", hint="REGEX -> TEXT"
        ) from None


def _texts(outputs: "Sequence[Json]") -> dict[str, str]:
    """Return the texts of outputs by what they are; parts of one stream are joined."""
    found: dict[str, str] = {}
    for output in outputs:
        if not isinstance(output, dict):
            continue
        kind = output.get("output_type")
        if kind == "stream":
            _add(found, str(output.get("name")), _joined(output.get("text")))
        elif kind == "error":
            _add(found, "error", f"{output.get('ename')}: {output.get('evalue')}")
        else:
            data = output.get("data")
            for mime, value in data.items() if isinstance(data, dict) else ():
                if mime.startswith(_TEXTS):
                    _add(found, mime, _joined(value) + "\n")
    return {key: text.rstrip("\n") for key, text in found.items()}


def _add(found: dict[str, str], key: str, text: str) -> None:
    found[key] = found.get(key, "") + text


def _joined(value: "Json") -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _clean(text: str, rules: "Iterable[tuple[re.Pattern[str], str]]") -> str:
    for expression, replacement in rules:
        text = expression.sub(replacement, text)
    return _ADDRESS.sub("0x", text)


def _is_same(old: str, new: str, tolerance: float) -> bool:
    if old == new:
        return True
    if tolerance <= 0 or _NUMBER.sub("0", old) != _NUMBER.sub("0", new):
        return False
    pairs = zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True)
    return all(
        abs(float(a) - float(b)) <= tolerance * max(abs(float(a)), abs(float(b))) for a, b in pairs
    )


def _diff(old: str, new: str) -> list[str]:
    import difflib

    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=2)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]
