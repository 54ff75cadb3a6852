"""Formulas: TeX to MathML, so that no script is needed to show them."""

from octavo.core.patterns import lazy
from octavo.exporters import _escape

_LABEL = lazy(r"\\label\{[^{}]*\}|\\(?:nonumber|notag)\b")
_OPENING = lazy(r"<math[^>]*>")
_COMMAND = lazy(r"<m[io]>\\[A-Za-z]+</m[io]>")


def mathml(tex: str, *, block: bool = False) -> tuple[str, bool]:
    """Return a formula as MathML, and whether all of it was understood.

    The TeX source stands beside it as `alttext`.  What the converter does not know is shown as
    it was written.

    Source: MathML Core; the subset of TeX is that of latex2mathml.
    """
    from latex2mathml.converter import convert

    source = _LABEL.sub("", tex).strip()
    try:
        made = convert(source, display="block" if block else "inline")
    except Exception:  # noqa: BLE001  the converter raises whatever came up in its parser
        return f'<code class="math">{_escape.text(tex)}</code>', False
    display = ' display="block"' if block else ""
    opening = (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"{display} '
        f'alttext="{_escape.attribute(source)}">'
    )
    understood = _COMMAND.search(made) is None
    return _OPENING.sub(lambda _: opening, made, count=1), understood
