"""Values in the state of a widget: whatever stands there, a text, a number or a list comes out."""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json

_FORMAT = lazy(r"[,_]?(?:\.\d{1,2})?[defgs%]?\Z")
_LONGEST = 20_000  # characters of a value
_HUGE = 1e300
_MIMES = {"jpg": "image/jpeg", "svg": "image/svg+xml", "mp3": "audio/mpeg"}


class Model:
    """The state of one model; of what is none, an empty one."""

    __slots__ = ("_buffers", "module", "name", "state")

    def __init__(self, saved: "Json") -> None:
        facts = saved if isinstance(saved, dict) else {}
        state = facts.get("state")
        self.state: dict[str, Json] = state if isinstance(state, dict) else {}
        self.name = text(facts.get("model_name"))
        self.module = text(facts.get("model_module"))
        buffers = facts.get("buffers")
        self._buffers = buffers if isinstance(buffers, list) else []

    @property
    def has_buffers(self) -> bool:
        """Whether some of its values stand apart as bytes."""
        return bool(self._buffers)

    def text(self, name: str) -> str:
        """Return a value as text, "" without one."""
        return text(self.state.get(name))

    def number(self, name: str, usual: float) -> float:
        """Return a value as a number, *usual* where it is none."""
        return number(self.state.get(name), usual)

    def items(self, name: str) -> "list[Json]":
        """Return a value that is a list, an empty one where it is not."""
        value = self.state.get(name)
        return value if isinstance(value, list) else []

    def pair(self, name: str, first: float, second: float) -> tuple[float, float]:
        """Return two numbers."""
        found = [*self.items(name), None, None]
        return number(found[0], first), number(found[1], second)

    def labels(self) -> "list[str]":
        """Return the labels of options."""
        return [text(label) for label in self.items("_options_labels")]

    def titles(self) -> "list[str]":
        """Return the titles of tabs: a list, or numbers with titles in older notebooks."""
        older = self.state.get("_titles")
        if isinstance(older, dict) and "titles" not in self.state:
            return [text(older.get(str(n))) for n in range(len(self.items("children")))]
        return [text(title) for title in self.items("titles")]

    def readout(self, value: float, usual: str = "") -> str:
        """Return a number as the widget shows it.

        >>> Model({"state": {"readout_format": ".2f"}}).readout(2.5)
        '2.50'
        """
        wanted = self.text("readout_format") or usual
        if value.is_integer() and wanted in ("", "d", ",d"):
            return f"{int(value):{wanted}}"
        if not wanted or wanted.endswith("d") or _FORMAT.match(wanted) is None:
            return f"{value:g}"
        return f"{value:{wanted.removesuffix('s')}}"

    def medium(self, kind: str, usual: str) -> tuple[str, str]:
        """Return the mime type and the base64 of the value's bytes, two "" where there are none.

        A picture that has to be fetched (format "url") is none.
        """
        name = self.text("format") or usual
        data = next((buffer.get("data") for buffer in self._buffers
                     if isinstance(buffer, dict) and buffer.get("path") == ["value"]
                     and buffer.get("encoding") == "base64"), None)  # fmt: skip
        if name == "url" or not isinstance(data, str):
            return "", ""
        mime = _MIMES.get(name, f"{kind}/{name}")
        return mime, _as_text(data) if mime == "image/svg+xml" else data


def text(value: "Json") -> str:
    """Return a value as text; lists and objects are none.

    >>> text(2.0), text(None), text([1])
    ('2.0', '', '')
    """
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[:_LONGEST] + "\N{HORIZONTAL ELLIPSIS}"
    is_number = isinstance(value, (int, float)) and abs(value) < _HUGE
    return str(value) if is_number else ""


def number(value: "Json", usual: float) -> float:
    """Return a value as a finite number, *usual* where it is none.

    >>> number("2", 1.0), number(float("nan"), 1.0), number(3, 1.0)
    (1.0, 1.0, 3.0)
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return usual
    try:
        found = float(value)
    except OverflowError:
        return usual
    return found if abs(found) < _HUGE else usual


def logarithm(value: float, base: float, usual: float) -> float:
    """Return where a value stands on a logarithmic scale."""
    from math import log

    return log(value, base) if value > 0 and base > 0 and base != 1 else usual


def moment(value: "Json", kind: str) -> str:
    """Return a date, a time or both as HTML writes them, "" where there is none.

    >>> moment({"year": 2026, "month": 0, "date": 5}, "date")
    '2026-01-05'
    >>> moment({"hours": 9, "minutes": 5}, "time")
    '09:05'
    """
    if not isinstance(value, dict):
        return ""
    names = ("year", "month", "date", "hours", "minutes", "seconds")
    year, month, day, hours, minutes, seconds = (int(number(value.get(n), 0.0)) for n in names)
    clock = f"{hours:02d}:{minutes:02d}" + f":{seconds:02d}" * bool(seconds)
    is_clock = 0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 60
    if kind == "time":
        return clock if is_clock else ""
    if not (1 <= year <= 9999 and 0 <= month < 12 and 1 <= day <= _days(year, month + 1)):
        return ""
    date = f"{year:04d}-{month + 1:02d}-{day:02d}"
    if kind == "date":
        return date
    return f"{date}T{clock}" if is_clock else ""


def _days(year: int, month: int) -> int:
    from calendar import monthrange

    return monthrange(year, month)[1]


def _as_text(data: str) -> str:
    from base64 import b64decode

    try:
        return b64decode(data, validate=False).decode("utf-8", "replace")
    except ValueError:
        return ""
