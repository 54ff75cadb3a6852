"""Formulas: TeX to the mathematics of Word (OMML), by way of MathML.

Source: ECMA-376, part 1, 22.1 (Math); MathML Core for what comes in.
"""

from octavo.exporters import _escape, _math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias
    from xml.etree.ElementTree import Element

    Method: TypeAlias = Callable[["Element"], str]

_LARGE = frozenset("∑∏∐∫∬∭∮∯∰⋀⋁⋂⋃⨀⨁⨂⨄⨆")
_INTEGRALS = frozenset("∫∬∭∮∯∰")
#: Signs above a base, as MathML has them, and the combining signs that OMML wants.
_ACCENTS = {
    "^": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0305", "→": "\u20d7", "˙": "\u0307",
    "¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˇ": "\u030c", "˘": "\u0306", "⃛": "\u20db",
    "←": "\u20d6", "ˆ": "\u0302",
}  # fmt: skip
_BARS = frozenset("―‾_\u0332\u0305")
_BRACES = {"⏞": "top", "⏟": "bot", "⏜": "top", "⏝": "bot"}
_OPENING = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
_PAIRS = frozenset("|‖")
_LIMITS = frozenset("lim max min sup inf liminf limsup Pr det gcd argmax argmin".split())
_SPACES = ((0.9, "\u2003"), (0.45, "\u2002"), (0.25, "\u2005"), (0.2, "\u2004"), (0.1, "\u2009"))
_FONT = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr>'
_NOTHING = "\u200b"
#: How many parts an element has to have.  Source: MathML Core, 3.3 and 3.4.
_PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2,
          "msubsup": 3, "munderover": 3}  # fmt: skip


def omml(tex: str, *, block: bool = False) -> str | None:
    """Return a formula as `m:oMath`, None where not all of it was understood."""
    from xml.etree import ElementTree as ET

    made, understood = _math.mathml(tex, block=block)
    if not understood:
        return None
    try:
        root = ET.fromstring(made)  # noqa: S314  made by our own converter
    except ET.ParseError:
        return None
    if any(len(one) != _PARTS.get(_name(one), len(one)) for one in root.iter()):
        return None  # the TeX lacked a part, as `\frac{1}` does
    return f"<m:oMath>{_many(list(root))}</m:oMath>"


def _many(elements: "Sequence[Element]") -> str:
    """Return elements in a row; brackets take what stands between them, sums what follows."""
    parts = []
    at = 0
    while at < len(elements):
        end = _closing(elements, at)
        if end:
            last = elements[end - 1] if end <= len(elements) else None
            closing = _text(last) if last is not None and _name(last) == "mo" else ""
            inner = elements[at + 1 : end - 1 if closing else end]
            parts.append(_fenced(_text(elements[at]), _many(inner), closing))
            at = end
        elif _is_large(elements[at]):
            following = elements[at + 1 : at + 2]
            operand = _many(following) if following and not _is_relation(following[0]) else ""
            parts.append(_nary(elements[at], operand))
            at += 2 if operand else 1
        else:
            parts.append(_one(elements[at]))
            at += 1
    return "".join(parts)


def _one(element: "Element") -> str:
    method = _METHODS.get(_name(element))
    return method(element) if method is not None else _many(list(element))


def _closing(elements: "Sequence[Element]", at: int) -> int:
    """Return the place after the bracket that belongs to the one at *at*, 0 if there is none."""
    first = elements[at]
    if _name(first) != "mo":
        return 0
    if first.get("form") == "prefix" and first.get("fence") == "true":
        depth = 0
        for n in range(at, len(elements)):
            if elements[n].get("fence") == "true":
                depth += (elements[n].get("form") == "prefix") - (
                    elements[n].get("form") == "postfix"
                )
                if depth == 0:
                    return n + 1
        return len(elements)
    if _text(first) in _PAIRS:
        same = (n for n in range(at + 2, len(elements)) if _text(elements[n]) == _text(first))
        end = next(same, 0)
        if end:
            return end + 1
    inner = elements[at + 1] if at + 2 < len(elements) else None
    is_tall = inner is not None and _name(inner) in ("mtable", "mfrac")
    if is_tall and _text(elements[at + 2]) == _OPENING.get(_text(first), ""):
        return at + 3
    return 0


def _fenced(opening: str, inner: str, closing: str) -> str:
    signs = (
        f'<m:begChr m:val="{_escape.attribute(opening if opening != "." else "")}"/>'
        f'<m:endChr m:val="{_escape.attribute(closing if closing != "." else "")}"/>'
    )
    return f"<m:d><m:dPr>{signs}</m:dPr><m:e>{inner}</m:e></m:d>"


def _is_large(element: "Element") -> bool:
    if _name(element) in ("msub", "msup", "msubsup", "munder", "mover", "munderover"):
        return len(element) > 0 and _sign(element[0]) in _LARGE
    return _sign(element) in _LARGE


def _is_relation(element: "Element") -> bool:
    return _name(element) == "mo" and _text(element) in "=<>≤≥≠≈+-−,;)]"


def _nary(element: "Element", operand: str) -> str:
    children = list(element)
    kind = _name(element)
    sign = _sign(children[0] if children else element)
    has_below = kind in ("msub", "msubsup", "munder", "munderover")
    has_above = kind in ("msup", "msubsup", "mover", "munderover")
    below = _one(children[1]) if has_below else ""
    above = _one(children[-1]) if has_above else ""
    place = "subSup" if sign in _INTEGRALS and kind.startswith("ms") else "undOvr"
    facts = (
        f'<m:chr m:val="{sign}"/><m:limLoc m:val="{place}"/>'
        + ("" if has_below else '<m:subHide m:val="1"/>')
        + ("" if has_above else '<m:supHide m:val="1"/>')
    )
    return (
        f"<m:nary><m:naryPr>{facts}</m:naryPr><m:sub>{below}</m:sub><m:sup>{above}</m:sup>"
        f"<m:e>{operand or _run(_NOTHING)}</m:e></m:nary>"
    )


def _run(text: str, style: str = "") -> str:
    if not text:
        return ""
    facts = f"<m:rPr>{style}</m:rPr>" if style else ""
    return f'<m:r>{facts}{_FONT}<m:t xml:space="preserve">{_escape.text(text)}</m:t></m:r>'


def _letters(element: "Element") -> str:
    text = _text(element)
    is_upright = len(text) > 1 or element.get("mathvariant") == "normal"
    return _run(text, '<m:sty m:val="p"/>' if is_upright else "")


def _operator(element: "Element") -> str:
    text = _text(element)
    return _run(text, '<m:sty m:val="p"/>' if text.isalpha() else "")


def _words(element: "Element") -> str:
    return _run("".join(element.itertext()), "<m:nor/>")


def _space(element: "Element") -> str:
    if element.get("linebreak"):
        return ""
    width = (element.get("width") or "0").removesuffix("em")
    try:
        size = float(width)
    except ValueError:
        return ""
    if size >= 1.9:
        return _run("\u2003\u2003")
    return _run(next((sign for least, sign in _SPACES if size >= least), ""))


def _wrapped(tag: str, *parts: tuple[str, str], facts: str = "") -> str:
    inner = "".join(f"<m:{name}>{content}</m:{name}>" for name, content in parts)
    return f"<m:{tag}>{facts}{inner}</m:{tag}>"


def _fraction(element: "Element") -> str:
    above, below = element
    no_bar = element.get("linethickness") in ("0", "0px", "0pt")
    facts = '<m:fPr><m:type m:val="noBar"/></m:fPr>' if no_bar else ""
    return _wrapped("f", ("num", _one(above)), ("den", _one(below)), facts=facts)


def _square_root(element: "Element") -> str:
    facts = '<m:radPr><m:degHide m:val="1"/></m:radPr>'
    return _wrapped("rad", ("deg", ""), ("e", _many(list(element))), facts=facts)


def _root(element: "Element") -> str:
    base, index = element
    return _wrapped("rad", ("deg", _one(index)), ("e", _one(base)))


def _sub(element: "Element") -> str:
    base, below = element
    if _text(base) in _LIMITS:
        return _wrapped("limLow", ("e", _one(base)), ("lim", _one(below)))
    return _wrapped("sSub", ("e", _base(base)), ("sub", _one(below)))


def _sup(element: "Element") -> str:
    base, above = element
    return _wrapped("sSup", ("e", _base(base)), ("sup", _one(above)))


def _sub_sup(element: "Element") -> str:
    base, below, above = element
    return _wrapped("sSubSup", ("e", _base(base)), ("sub", _one(below)), ("sup", _one(above)))


def _base(element: "Element") -> str:
    return _one(element) or _run(_NOTHING)


def _under(element: "Element") -> str:
    base, below = element
    sign = _text(below)
    if sign in _BRACES:
        return _brace(base, sign)
    if sign in _BARS:
        return _bar(base, "bot")
    return _wrapped("limLow", ("e", _one(base)), ("lim", _one(below)))


def _over(element: "Element") -> str:
    base, above = element
    sign = _text(above)
    if sign in _BRACES:
        return _brace(base, sign)
    if sign in _BARS or (sign == "¯" and len(_text(base)) > 1):
        return _bar(base, "top")
    if sign in _ACCENTS and _name(above) == "mo":
        facts = f'<m:accPr><m:chr m:val="{_ACCENTS[sign]}"/></m:accPr>'
        return _wrapped("acc", ("e", _one(base)), facts=facts)
    return _wrapped("limUpp", ("e", _one(base)), ("lim", _one(above)))


def _under_over(element: "Element") -> str:
    base, below, above = element
    inner = _wrapped("limLow", ("e", _one(base)), ("lim", _one(below)))
    return _wrapped("limUpp", ("e", inner), ("lim", _one(above)))


def _brace(base: "Element", sign: str) -> str:
    place = _BRACES[sign]
    facts = (
        f'<m:groupChrPr><m:chr m:val="{sign}"/><m:pos m:val="{place}"/>'
        f'<m:vertJc m:val="{"bot" if place == "top" else "top"}"/></m:groupChrPr>'
    )
    return _wrapped("groupChr", ("e", _one(base)), facts=facts)


def _bar(base: "Element", place: str) -> str:
    facts = f'<m:barPr><m:pos m:val="{place}"/></m:barPr>'
    return _wrapped("bar", ("e", _one(base)), facts=facts)


def _table(element: "Element") -> str:
    rows = list(element)
    width = max((len(row) for row in rows), default=1)
    first = list(rows[0]) if rows else []
    aligns = [cell.get("columnalign") or "center" for cell in first]
    aligns += ["center"] * (width - len(aligns))
    columns = "".join(
        f'<m:mc><m:mcPr><m:count m:val="1"/><m:mcJc m:val="{align}"/></m:mcPr></m:mc>'
        for align in aligns
    )
    made = []
    for row in rows:
        cells = [_cell(list(cell)) for cell in row] + [""] * (width - len(row))
        made.append(f"<m:mr>{''.join(f'<m:e>{cell}</m:e>' for cell in cells)}</m:mr>")
    facts = f'<m:mPr><m:plcHide m:val="1"/><m:mcs>{columns}</m:mcs></m:mPr>'
    return f"<m:m>{facts}{''.join(made)}</m:m>"


def _cell(elements: "Sequence[Element]") -> str:
    """Return a cell; before an operator stands nothing, which LibreOffice has to be told."""
    lacks_left = bool(elements) and _is_relation(elements[0])
    return (_run(_NOTHING) if lacks_left else "") + _many(elements)


def _enclosed(element: "Element") -> str:
    how = element.get("notation") or ""
    strikes = "".join(
        f'<m:{name} m:val="1"/>'
        for name, word in (("strikeBLTR", "updiagonal"), ("strikeTLBR", "downdiagonal"))
        if word in how
    )
    hidden = "".join(f'<m:hide{side} m:val="1"/>' for side in ("Top", "Bot", "Left", "Right"))
    facts = f"<m:borderBoxPr>{hidden}{strikes}</m:borderBoxPr>" if strikes else ""
    return _wrapped("borderBox", ("e", _many(list(element))), facts=facts)


def _phantom(element: "Element") -> str:
    facts = '<m:phantPr><m:show m:val="0"/></m:phantPr>'
    return _wrapped("phant", ("e", _many(list(element))), facts=facts)


def _name(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: "Element") -> str:
    return "".join(element.itertext()).strip()


def _sign(element: "Element") -> str:
    """Return the operator that an element is, looking through rows of one."""
    while _name(element) in ("mrow", "mstyle") and len(element) == 1:
        element = element[0]
    return _text(element) if _name(element) == "mo" else ""


_METHODS: "dict[str, Method]" = {
    "mi": _letters, "mn": lambda element: _run(_text(element)), "mo": _operator, "mtext": _words,
    "mspace": _space, "mfrac": _fraction, "msqrt": _square_root, "mroot": _root, "msub": _sub,
    "msup": _sup, "msubsup": _sub_sup, "munder": _under, "mover": _over,
    "munderover": _under_over, "mtable": _table, "menclose": _enclosed, "mphantom": _phantom,
}  # fmt: skip
