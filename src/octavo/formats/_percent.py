"""The percent notation: cells that start with `# %%`, in every language's comment signs.

    _percent          the notation itself (this file)
    _percent_reader   text -> cells
    _percent_writer   cells -> text
    _percent_fences   fenced blocks of Markdown cells, in which `%%` is no marker

percent and hydrogen differ in their treatment of magics only; each has its own file.
"""

import re

from octavo.core.languages import BY_SUFFIX
from octavo.formats import _header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.languages import Language

VERSION = "1.3"
OLDEST = "1.1"
OPTIONS = (*_header.COMMON_OPTIONS, "comment_magics", "cell_markers")


class Notation:
    """The notation of one language: its comment signs and the patterns made of them."""

    __slots__ = ("comment", "end", "escaped", "is_go", "language", "looks_like", "marker", "suffix")

    def __init__(self, suffix: str) -> None:
        row: Language = BY_SUFFIX[suffix]
        self.suffix = suffix
        self.language = row.name
        self.comment = row.comment
        self.end = row.comment_end
        self.is_go = row.magics == "go"
        sign, blank = re.escape(row.comment), r"[^\S\n]"
        tail = (
            rf"{blank}*(?:{re.escape(row.comment_end)})?{blank}*"
            if row.comment_end
            else rf"{blank}*"
        )
        alone = rf"(?:%%|<codecell>|In\[[0-9 ]*\]:?){tail}"
        #: A marker line; group 1 is what stands after `%%`, None for the lone forms.
        self.marker = re.compile(
            rf"(?m)^{blank}*{sign}{blank}*(?:%%((?:%*{blank}| *md$).*)|{alone})$"
        )
        #: A line of a source that gets (or, written, has) one more comment sign by "escape".
        self.looks_like = re.compile(
            rf"(?m)^({blank}*)((?:{sign} ?)+{blank}*(?:%%|<codecell>|In\[))"
        )
        self.escaped = re.compile(
            rf"(?m)^({blank}*){sign} ((?:{sign} ?)+{blank}*(?:%%|<codecell>|In\[))"
        )


_NOTATIONS: dict[str, Notation] = {}


def notation_of(suffix: str) -> Notation:
    """Return the notation for scripts with that suffix (built once)."""
    found = _NOTATIONS.get(suffix)
    if found is None:
        found = _NOTATIONS[suffix] = Notation(suffix)
    return found
