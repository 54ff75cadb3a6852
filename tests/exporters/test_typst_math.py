"""Formulas become Typst's notation, and Typst takes each of them."""

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from octavo.exporters._typst_math import UnknownTexError, to_typst

FORMULAS = [
    r"E = mc^2", r"\sum_{i=1}^{n} \alpha_i", r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
    r"\left( \frac{1}{2} \right]", r"\left. \frac{dy}{dx} \right|_{x=0}", r"\sqrt[3]{x}",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", r"\begin{vmatrix} a & \\ c & d \end{vmatrix}",
    r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", r"a/b, 50\% \$ \#",
    r"\begin{align} a &= b + c \\ &= d \end{align}", r"\mathbb{R}^n \to \mathcal{L}(V, W)",
    r"\hat{x} \bar y \vec{v} \dot{x} \ddot{x}", r"\operatorname{argmax}_\theta \log p(x \mid \theta)",
    r"x' + f''(x)", r"\binom{n}{k}", r"|x| \|x\|", r"\underbrace{a+b}_{n}", r"_a^b", r"[0,1)",
    r"\lim_{x \to 0} \frac{\sin x}{x}", r"\{1,2\}", r"\overset{!}{=}", r"\text{a \"b\" $}", "",
    r"\Rightarrow \iff \mapsto \ldots", r"\mathbf{x}^\top A \mathbf{x}", r"f_{a,b;c}", "x^{y^{z}}",
    r"\begin{array}{cc} a & b \\ c & d \end{array}", r"10\,\mathrm{m\,s^{-1}}", r"a \pmod{n}",
]  # fmt: skip


@pytest.mark.parametrize("tex", FORMULAS)
def test_typst_takes_it(tex):
    typst.compile(f"$ {to_typst(tex)} $".encode(), format="pdf")


@pytest.mark.parametrize(
    "tex", [r"\foo", r"\frac{1", "a}", r"\left( x", r"\begin{tikz}\end{tikz}", "x^"]
)
def test_what_is_not_known_is_told(tex):
    with pytest.raises(UnknownTexError):
        to_typst(tex)


def test_letters_are_set_apart():
    assert to_typst("ab_{cd}") == "a b _(c d)"


@given(st.text("ab12{}^_\\&'()[]/*#$\" ,;|~frac", max_size=14))
def test_any_text_is_taken_or_refused(tex):
    try:
        made = to_typst(tex)
    except UnknownTexError:
        return
    typst.compile(f"$ {made} $".encode(), format="pdf")
