"""The notation that the light and the nomarker format share: what a marker looks like.

A cell is a paragraph, or stands between `# + title [type] key=value` and `# -` (or other words,
see `cell_markers`).  Reading is in `_light_reader`, writing in `_light_writer`.
"""

import re

from octavo.core.languages import BY_SUFFIX
from octavo.core.patterns import lazy
from octavo.formats import _header, _triple_quotes
from octavo.formats._strings import has_triple_quotes, quoted_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.languages import Language

VERSION = "1.5"
OLDEST = "1.1"
OPTIONS = (*_header.COMMON_OPTIONS, "comment_magics", "cell_markers")

START, END = "+", "-"
_BLANK = r"[^\S\n]"


class Notation:
    """The notation of one language with one pair of markers, and the patterns made of it.

    `start_line` matches a start marker at the beginning of a line (group 1: the rest of it);
    `prose` a paragraph of comments.  `paragraph_event` is the next place where a paragraph
    might end, `cell_event` that where a cell with a marker might end, both from the newline
    before it: group "start" is a start marker, "end" an end marker, "blank" a blank line.
    """

    __slots__ = (
        "_dashes", "_ends", "cell_event", "code_start", "code_started", "comment", "custom",
        "end", "end_word", "has_code_started", "is_go", "is_python_script", "language",
        "looked_like", "looks_like", "may_look_like", "paragraph_event", "prose", "start_line",
        "start_word", "suffix",
    )  # fmt: skip

    def __init__(self, suffix: str, start: str, end: str) -> None:
        row: Language = BY_SUFFIX[suffix]
        self.suffix = suffix
        self.language = row.name
        self.comment = row.comment
        self.end = row.comment_end
        self.is_go = row.magics == "go"
        self.is_python_script = suffix == ".py"
        self.start_word, self.end_word = start, end
        self.custom = (start, end) != (START, END)
        sign, begin = re.escape(row.comment), re.escape(start)
        space = rf"{_BLANK}*+" if self.custom else " "
        start_marker = rf"{sign}{_BLANK}*+{begin}"
        self.start_line = lazy(rf"{start_marker}([^\n]*+)")
        self.prose = lazy(rf"(?:{sign}[^\n]*+(?:\n|\Z))++(?={_BLANK}*+(?:\n|\Z))")
        self.paragraph_event = lazy(
            rf"\n(?:(?P<start>{start_marker})|(?P<blank>{_BLANK}*+)(?=\n|\Z))"
        )
        self._ends: dict[str, re.Pattern[str]] = {}
        self.cell_event = self.cell_event_of(end, space)
        self.code_start = lazy(rf"(?m)^(?=(?:{sign} ?)+\+)")
        self.code_started = lazy(rf"(?m)^{sign} ?(?=(?:{sign} ?)+\+)")
        self.has_code_started = lazy(rf"\n{sign} ?(?:{sign} ?)+\+")
        words = rf"{_BLANK}*(?:{begin}|{re.escape(end)}|\+|-+{_BLANK}*(?:\n|\Z))"
        self._dashes = lazy(rf"(?m)^{sign} (-+){_BLANK}*$")
        self.may_look_like = lazy(rf"\n(?:{sign} ?)+{words}")
        self.looks_like = lazy(rf"(?m)^(?=(?:{sign} ?)+{words})")
        self.looked_like = lazy(rf"(?m)^{sign} (?=(?:{sign} ?)+{words})")

    def cell_event_of(self, end: str, space: str = " ") -> "re.Pattern[str]":
        """Return the pattern of what may end a cell whose end marker has the word *end*."""
        found = self._ends.get(end)
        if found is None:
            sign = re.escape(self.comment)
            found = self._ends[end] = lazy(
                rf"\n(?:(?P<start>{sign}{_BLANK}*+{re.escape(self.start_word)})"
                rf"|(?P<end>{sign}{space}{re.escape(end)}{_BLANK}*+(?=\n|\Z)))"
            )
        return found

    def is_end_marker(self, line: str) -> bool:
        """Return whether *line* is an end marker of its own (custom markers only)."""
        match = self.cell_event.match("\n" + line) if self.custom else None
        return match is not None and match["start"] is None

    def end_word_for(self, body: str) -> str:
        """Return the word of an end marker that no line of *body* is."""
        if self.custom:
            return self.end_word
        taken = {len(dashes) for dashes in self._dashes.findall(body)}
        n = 1
        while n in taken:
            n += 1
        return "-" * n

    def escape(self, body: str) -> str:
        """Return *body* with one more comment sign on each line that looks like a marker."""
        return self.looks_like.sub(f"{self.comment} ", body)

    def unescape(self, body: str) -> str:
        """Return *body* with one comment sign less there: the inverse of `escape`."""
        return self.looked_like.sub("", body)

    def escape_start(self, source: str, language: str) -> str:
        """Return *source* with one more comment sign on each line that looks like `# +`."""
        return _outside_strings(self.code_start, f"{self.comment} ", source, language)

    def unescape_start(self, source: str, language: str) -> str:
        """Return *source* with one comment sign less there: the inverse of `escape_start`."""
        return _outside_strings(self.code_started, "", source, language)


def _outside_strings(
    pattern: "re.Pattern[str]", replacement: str, source: str, language: str
) -> str:
    """Replace *pattern*, which matches at line starts, but not inside strings."""
    if pattern.search(source) is None:
        return source
    if not has_triple_quotes(source):
        return pattern.sub(replacement, source)
    lines = source.split("\n")
    for i, quoted in enumerate(quoted_lines(lines, language)):
        if not quoted:
            lines[i] = pattern.sub(replacement, lines[i])
    return "\n".join(lines)


_NOTATIONS: dict[tuple[str, str, str], Notation] = {}


def notation_of(suffix: str, markers: "tuple[str, str]" = (START, END)) -> Notation:
    """Return the notation for scripts with that suffix and these markers (built once)."""
    key = (suffix, *markers)
    found = _NOTATIONS.get(key)
    if found is None:
        found = _NOTATIONS[key] = Notation(*key)
    return found


def split_markers(text: str) -> "tuple[str, str] | None":
    """Return start and end of the option `cell_markers`, None when it is not two words.

    Triple quotes are not: they are about Markdown cells.

    >>> split_markers("region,endregion"), split_markers("region")
    (('region', 'endregion'), None)
    """
    start, comma, end = text.partition(",")
    if not (comma and start and end) or _triple_quotes.is_marker(text):
        return None
    return start, end
