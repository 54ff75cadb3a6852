"""Formulas: TeX to Typst's notation.

Each letter is set apart by blanks, since letters in a row are a name there, and brackets are
escaped, since TeX does not let them grow.  The names of symbols are those of latex2mathml.
"""

from octavo.core.patterns import lazy
from octavo.exporters import _escape, _math

_TOKEN = lazy(
    r"\\begin\{(?P<begin>[a-zA-Z*]+)\}(?:\{[^{}]*\})?|\\end\{(?P<end>[a-zA-Z*]+)\}"
    r"|\\(?P<name>[a-zA-Z]+)\*?|\\(?P<sign>.)|(?P<char>.)",
    16,
)  # 16: re.DOTALL
_WRAPS = {
    "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "textbf": "bold", "mathbb": "bb",
    "mathcal": "cal", "mathscr": "scr", "mathfrak": "frak", "mathrm": "upright",
    "mathit": "italic", "mathsf": "sans", "mathtt": "mono", "hat": "hat", "widehat": "hat",
    "tilde": "tilde", "widetilde": "tilde", "bar": "macron", "overline": "overline",
    "underline": "underline", "vec": "arrow", "dot": "dot", "ddot": "dot.double",
    "acute": "acute", "grave": "grave", "check": "caron", "breve": "breve",
    "overbrace": "overbrace", "underbrace": "underbrace", "cancel": "cancel", "sqrt": "sqrt",
    "overrightarrow": "arrow", "boxed": "",
}  # fmt: skip
_TEXTS = frozenset("text textrm textit mbox textnormal hbox textsf texttt".split())
_OPERATORS = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim "
    "liminf limsup ln log max min Pr sec sin sinh sup tan tanh mod".split()
)
_SPACES = {",": "thin", ":": "med", ";": "thick", " ": "space", "!": "", "quad": "quad",
           "qquad": "wide", "enspace": "space", "thinspace": "thin"}  # fmt: skip
_IGNORED = frozenset(
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits big Big bigg Bigg bigl "
    "bigr Bigl Bigr biggl biggr nonumber notag middle rm bf it hfill allowbreak mathstrut".split()
)
_SPECIAL = frozenset('#$"/_^&~`@*\\')
_ASTERISK, _MINUS = "\u2217", "\u2212"
_BRACKETS = frozenset("()[]{},;|")
_MATRICES = {"matrix": "#none", "pmatrix": '"("', "bmatrix": '"["', "vmatrix": '"|"',
             "Bmatrix": '"{"', "Vmatrix": '"||"', "smallmatrix": "#none",
             "array": "#none"}  # fmt: skip
_LINES = frozenset(
    "align align* aligned gather gather* gathered split equation equation* eqnarray eqnarray* "
    "multline multline* alignat alignat*".split()
)
_DELIMITERS = {"langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈",
               "rceil": "⌉", "vert": "|", "lvert": "|", "rvert": "|", "Vert": "‖", "lVert": "‖",
               "rVert": "‖", "|": "‖", "{": "{", "}": "}", "lbrace": "{", "rbrace": "}",
               "lbrack": "[", "rbrack": "]"}  # fmt: skip


_DEEPEST = 120  # groups in groups; Typst takes not many more
_LABEL = lazy(r"\\label\{[^{}]*\}|\\tag\*?\{[^{}]*\}")


def without_label(tex: str) -> str:
    """Return a formula without the names that TeX would give it."""
    return _escape.possible(_LABEL.sub("", tex)).strip()


class UnknownTexError(ValueError):
    """A formula holds a command that has no counterpart."""


def to_typst(tex: str) -> str:
    r"""Return a formula in Typst's notation, without the dollars around it.

    Raises: `UnknownTexError` for a command that is not known, braces that do not match, or more
    than the converter should be given.

    >>> to_typst(r"\frac{a}{b} \le x^2")
    'frac(a, b) ≤ x ^(2)'
    """
    if len(tex) > _math.LONGEST:
        raise UnknownTexError("it is too long")
    reader = _Reader(tex)
    made = reader.sequence("")
    if not reader.is_done():
        raise UnknownTexError("a brace is closed that was never opened")
    return made


class _Reader:
    """Reads tokens one by one; groups call themselves."""

    def __init__(self, tex: str) -> None:
        self._tokens = [found for found in _TOKEN.finditer(tex) if found[0] not in ("\n", "\t")]
        self._at = 0
        self._depth = 0

    def is_done(self) -> bool:
        return self._at >= len(self._tokens)

    def sequence(self, closing: str) -> str:
        """Return all up to *closing* ("" = the end), which is taken."""
        parts: list[str] = []
        while not self.is_done():
            token = self._tokens[self._at]
            if token[0] == closing or (closing and token["end"] == closing):
                self._at += 1
                return _joined(parts)
            if token[0] == "}" or token["end"] or token["name"] == "right":
                break
            parts.append(self._one(parts))
        if closing:
            raise UnknownTexError(f"{closing} is missing")
        return _joined(parts)

    def _one(self, before: list[str]) -> str:
        """Return the next thing, with all that is in it."""
        if self._depth == _DEEPEST:
            raise UnknownTexError("groups are nested too deeply")
        self._depth += 1
        made = self._next(before)
        self._depth -= 1
        return made

    def _next(self, before: list[str]) -> str:
        token = self._tokens[self._at]
        self._at += 1
        if token["begin"]:
            return self._environment(token["begin"])
        if token["name"]:
            return self._command(token["name"])
        if token["sign"]:
            return self._sign(token["sign"])
        return self._char(token["char"], before)

    def _char(self, char: str, before: list[str]) -> str:
        if char == "{":
            return self.sequence("}")
        if char in "^_":
            base = "" if before and before[-1].strip() else '""'
            return f"{base}{char}({self._argument()})"
        if char == "&":
            return "&"
        if char == "~":
            return "space"
        if char == "'":
            return "'"
        if char == "*":
            return _ASTERISK
        if char == "-":
            return _MINUS
        if char.isspace():
            return ""
        if char in _BRACKETS or char in _SPECIAL:
            return "\\" + char
        return char

    def _sign(self, sign: str) -> str:
        if sign == "\\":
            self._skip_option()
            return "\\ "
        if sign in _SPACES:
            return _SPACES[sign]
        if sign in "{}|":
            return "‖" if sign == "|" else "\\" + sign
        return "\\" + sign

    def _command(self, name: str) -> str:
        special = getattr(self, f"_on_{name}", None)
        if special is not None:
            return str(special())
        if name in _WRAPS:
            inner = self._argument()
            return f"{_WRAPS[name]}({inner})" if _WRAPS[name] else f"({inner})"
        if name in _TEXTS:
            return _quoted(self._raw())
        if name in _OPERATORS:
            return name
        if name in _SPACES:
            return _SPACES[name]
        if name in _IGNORED:
            return ""
        if name in _DELIMITERS:
            return "\\" + _DELIMITERS[name] if _DELIMITERS[name] in "{}[]|" else _DELIMITERS[name]
        return _symbol(name)

    def _argument(self) -> str:
        """Return the next group or thing."""
        while not self.is_done() and self._tokens[self._at][0].isspace():
            self._at += 1
        if self.is_done():
            raise UnknownTexError("an argument is missing")
        return self._one([])

    def _raw(self) -> str:
        """Return the text of the next group as it is."""
        if self.is_done() or self._tokens[self._at][0] != "{":
            return self._argument()
        self._at += 1
        parts: list[str] = []
        depth = 1
        while not self.is_done():
            text = self._tokens[self._at][0]
            self._at += 1
            depth += (text == "{") - (text == "}")
            if depth == 0:
                return "".join(parts)
            parts.append(text)
        raise UnknownTexError("} is missing")

    def _skip_option(self) -> str:
        """Take `[...]`, if it is next, and return what stands in it."""
        if self.is_done() or self._tokens[self._at][0] != "[":
            return ""
        self._at += 1
        return self.sequence("]")

    def _on_frac(self) -> str:
        return f"frac({self._argument()}, {self._argument()})"

    _on_dfrac = _on_tfrac = _on_cfrac = _on_frac

    def _on_binom(self) -> str:
        return f"binom({self._argument()}, {self._argument()})"

    _on_dbinom = _on_tbinom = _on_binom

    def _on_sqrt(self) -> str:
        index = self._skip_option()
        return f"root({index}, {self._argument()})" if index else f"sqrt({self._argument()})"

    def _on_overset(self) -> str:
        above, base = self._argument(), self._argument()
        return f"attach(limits({base}), t: {above})"

    _on_stackrel = _on_overset

    def _on_underset(self) -> str:
        below, base = self._argument(), self._argument()
        return f"attach(limits({base}), b: {below})"

    def _on_operatorname(self) -> str:
        return f"op({_quoted(self._raw())})"

    def _on_left(self) -> str:
        opening = self._delimiter()
        inner = self.sequence_to_right()
        return f"lr({opening} {inner} {self._delimiter()})"

    def sequence_to_right(self) -> str:
        """Return all up to the right bracket, which is taken."""
        parts: list[str] = []
        while not self.is_done():
            token = self._tokens[self._at]
            if token["name"] == "right":
                self._at += 1
                return _joined(parts)
            if token[0] == "}" or token["end"]:
                break
            parts.append(self._one(parts))
        raise UnknownTexError("\\right is missing")

    def _delimiter(self) -> str:
        if self.is_done():
            raise UnknownTexError("a bracket is missing")
        token = self._tokens[self._at]
        self._at += 1
        name = token["name"] or token["sign"] or token["char"]
        if name == ".":
            return ""
        found = _DELIMITERS.get(name, name)
        return "\\" + found if found in "()[]{}|" else found

    def _on_label(self) -> str:
        self._raw()
        return ""

    _on_tag = _on_vspace = _on_hspace = _on_phantom = _on_label

    def _on_color(self) -> str:
        self._raw()
        return ""

    def _on_not(self) -> str:
        return f"cancel({self._argument()})"

    def _on_pmod(self) -> str:
        return f"\\(mod space {self._argument()}\\)"

    def _on_bmod(self) -> str:
        return "mod"

    def _on_mathop(self) -> str:
        return f"limits({self._argument()})"

    def _environment(self, name: str) -> str:
        inner = self.sequence(name)
        if name in _LINES:
            return inner
        if name == "cases":
            rows = [row.strip().replace("&", "& quad") for row in inner.split("\\ ")]
            return f"cases({', '.join(row for row in rows if row)})"
        delimiter = _MATRICES.get(name)
        if delimiter is None:
            raise UnknownTexError(f"\\begin{{{name}}}")
        rows = [", ".join(cell.strip() or '""' for cell in row.split("&"))
                for row in inner.split("\\ ") if row.strip()]  # fmt: skip
        return f"mat(delim: {delimiter}, {'; '.join(rows)})"


def _joined(parts: list[str]) -> str:
    made = ""
    for part in parts:
        if not part:
            continue
        tight = part.startswith(("^", "_", "'"))
        made += part if not made or (tight and part == "'") else " " + part
    return made


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "”").replace("$", "") + '"'


def _symbol(name: str) -> str:
    """Return the sign that a command stands for."""
    from latex2mathml.symbols_parser import convert_symbol

    code = convert_symbol("\\" + name)
    if not code:
        raise UnknownTexError(f"\\{name}")
    sign = chr(int(code, 16))
    return "\\" + sign if sign in _BRACKETS or sign in _SPECIAL else sign
