"""Colours of terminals in streams and tracebacks: escape codes to spans."""

from octavo.core.patterns import lazy
from octavo.exporters import _escape

_CODE = lazy(r"\x1b\[([0-9;:]*)m|\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")
_BACKSPACE = lazy(r"[^\n\x08]\x08")
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_CUBE = (0, 95, 135, 175, 215, 255)


def plain(text: str) -> str:
    r"""Return *text* without escape codes, as a terminal would leave it.

    >>> plain("50%\r100%\n\x1b[1mbold\x1b[0m")
    '100%\nbold'
    """
    return _CODE.sub("", settled(text))


def settled(text: str) -> str:
    """Return *text* as carriage returns and backspaces leave it."""
    text = text.replace("\r\n", "\n")
    while "\x08" in text:
        shorter = _BACKSPACE.sub("", text)
        if shorter == text:
            text = text.replace("\x08", "")
            break
        text = shorter
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def to_html(text: str) -> str:
    r"""Return *text* as HTML with spans for colours and weights.

    >>> to_html("\x1b[31mred\x1b[0m")
    '<span class="ansi-red">red</span>'
    """
    text = settled(text)
    if "\x1b" not in text:
        return _escape.text(text)
    parts: list[str] = []
    style = _Style()
    at = 0
    for found in _CODE.finditer(text):
        parts.append(style.wrapped(text[at : found.start()]))
        if found[1] is not None:
            style.apply(found[1])
        at = found.end()
    parts.append(style.wrapped(text[at:]))
    return "".join(parts)


class _Style:
    """What the codes so far have switched on."""

    def __init__(self) -> None:
        self._flags: dict[str, str] = {}

    def wrapped(self, text: str) -> str:
        if not text:
            return ""
        classes = [value for value in self._flags.values() if not value.startswith("#")]
        has_back = "back" in self._flags
        colours = [
            f"background:{value}"
            if key == "back"
            else f"color:{value if has_back else _readable(value)}"
            for key, value in self._flags.items()
            if value.startswith("#")
        ]
        if not classes and not colours:
            return _escape.text(text)
        names = f' class="{" ".join(classes)}"' if classes else ""
        inline = f' style="{";".join(colours)}"' if colours else ""
        return f"<span{names}{inline}>{_escape.text(text)}</span>"

    def apply(self, codes: str) -> None:
        numbers = [
            int(part) if part.isdigit() else 0 for part in codes.replace(":", ";").split(";")
        ]
        n = 0
        while n < len(numbers):
            n += self._one(numbers, n)

    def _one(self, numbers: list[int], n: int) -> int:
        """Apply the code at *n* and return how many numbers it took."""
        code = numbers[n]
        if code == 0:
            self._flags.clear()
        elif code in _ON:
            self._flags[_ON[code]] = f"ansi-{_ON[code]}"
        elif code in _OFF:
            for name in _OFF[code]:
                self._flags.pop(name, None)
        elif code in (38, 48):
            return self._extended(numbers, n)
        else:
            self._named(code)
        return 1

    def _named(self, code: int) -> None:
        for start, place, prefix in _RANGES:
            if start <= code < start + 8:
                self._flags[place] = f"ansi-{prefix}{_NAMES[code - start]}"

    def _extended(self, numbers: list[int], n: int) -> int:
        place = "front" if numbers[n] == 38 else "back"
        rest = numbers[n + 1 : n + 5]
        if rest[:1] == [5] and len(rest) > 1:
            self._flags[place] = _indexed(rest[1], place)
            return 3
        if rest[:1] == [2] and len(rest) > 3:
            self._flags[place] = "#" + "".join(f"{min(part, 255):02x}" for part in rest[1:4])
            return 5
        return 1


_ON = {1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "inverse", 9: "strike"}
_OFF = {
    22: ("bold", "faint"), 23: ("italic",), 24: ("underline",), 27: ("inverse",), 29: ("strike",),
    39: ("front",), 49: ("back",),
}  # fmt: skip
_RANGES = ((30, "front", ""), (90, "front", "bright-"), (40, "back", "on-"),
           (100, "back", "on-bright-"))  # fmt: skip


def _indexed(index: int, place: str) -> str:
    """Return one of the 256 colours of xterm."""
    on = "" if place == "front" else "on-"
    if index < 8:
        return f"ansi-{on}{_NAMES[index]}"
    if index < 16:
        return f"ansi-{on}bright-{_NAMES[index - 8]}"
    if index < 232:
        index -= 16
        red, green, blue = _CUBE[index // 36], _CUBE[index // 6 % 6], _CUBE[index % 6]
        return f"#{red:02x}{green:02x}{blue:02x}"
    grey = min(8 + 10 * (index - 232), 238)
    return f"#{grey:02x}{grey:02x}{grey:02x}"


def _readable(colour: str) -> str:
    """Return a colour as one that can be read on a light page, and one on a dark page.

    Source: WCAG 2.2, relative luminance; a little more contrast than the 4.5 of level AA.

    >>> _readable("#ff8700")
    'light-dark(#9d5100,#ff8700)'
    """
    parts = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    light, dark = parts, parts
    while _luminance(light) > _DARK_ENOUGH:
        light = [part * 95 // 100 for part in light]
    while _luminance(dark) < _LIGHT_ENOUGH:
        dark = [part + (260 - part) // 20 for part in dark]
    made = ["#" + "".join(f"{min(part, 255):02x}" for part in found) for found in (light, dark)]
    return made[0] if made[0] == made[1] else f"light-dark({made[0]},{made[1]})"


_DARK_ENOUGH, _LIGHT_ENOUGH = 0.14, 0.26


def _luminance(parts: list[int]) -> float:
    shares = [part / 255 for part in parts]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
