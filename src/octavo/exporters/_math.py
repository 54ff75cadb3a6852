"""Formulas: TeX to MathML, so that no script is needed to show them."""

from functools import lru_cache

from octavo.core.patterns import lazy
from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

LONGEST = 200_000  # characters; it takes the converters about two seconds
_LABEL = lazy(r"\\label\{[^{}]*\}|\\(?:nonumber|notag)\b")
_LINES = lazy(
    r"\\(begin|end)\{(align(?:ed|at|edat)?|split|eqnarray|gather(?:ed)?|multline)\*?\}"
    r"(?:\[[tbc]\])?((?<=at\})\{\d+\})?"
)
_OPENING = lazy(r"<math[^>]*>")
_COMMAND = lazy(r"<m[io]>\\[A-Za-z]+</m[io]>")


@lru_cache(4096)  # the same few formulas stand all over a course
def mathml(tex: str, *, block: bool = False) -> tuple[str, bool]:
    """Return a formula as MathML, and whether all of it was understood.

    The TeX source stands beside it as `alttext`.  What the converter does not know is shown as
    it was written.

    Source: MathML Core; the subset of TeX is that of latex2mathml.
    """
    from latex2mathml.converter import convert

    if len(tex) > LONGEST:
        return f'<code class="math">{_escape.text(tex)}</code>', False
    source = _escape.possible(_LABEL.sub("", tex)).strip()
    try:
        made = convert(_LINES.sub(_as_array, source), display="block" if block else "inline")
    except Exception:  # noqa: BLE001  the converter raises whatever came up in its parser
        return f'<code class="math">{_escape.text(tex)}</code>', False
    display = ' display="block"' if block else ""
    opening = (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"{display} '
        f'alttext="{_escape.attribute(source)}">'
    )
    understood = _COMMAND.search(made) is None
    return _OPENING.sub(lambda _: opening, made, count=1), understood


def _as_array(found: "Match[str]") -> str:
    """Return the begin or end of formulas in lines as those of an array, which is a table."""
    if found[1] == "end":
        return "\\end{array}"
    is_centred = found[2].startswith(("gather", "multline"))
    return "\\begin{array}{c}" if is_centred else "\\begin{array}{rlrlrlrlrl}"
