"""Formulas for Word: structure kept, nothing invented."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.exporters._omml import omml

SPACES = (
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
)


def tree(tex):
    made = omml(tex)
    return None if made is None else ET.fromstring(f"<x {SPACES}>{made}</x>")


def short(tex):
    """Return OMML as its elements in brackets, texts as they are."""

    def one(element):
        name = element.tag.rpartition("}")[2]
        if name == "t":
            return element.text
        if name in ("rPr", "rFonts") or name.endswith("Pr"):
            return ""
        inner = "".join(map(one, element))
        return inner if name in ("r", "x", "oMath") else f"{name}[{inner}]"

    return one(tree(tex))


@pytest.mark.parametrize(
    ("tex", "made"),
    [
        ("a+b", "a+b"),
        (r"\frac{a}{b}", "f[num[a]den[b]]"),
        (r"\sqrt{x}", "rad[deg[]e[x]]"),
        (r"\sqrt[3]{x}", "rad[deg[3]e[x]]"),
        ("x_i^2", "sSubSup[e[x]sub[i]sup[2]]"),
        (r"{}^{14}C", "sSup[e[\u200b]sup[14]]C"),
        (r"\sum_{i=1}^n x_i + 1", "nary[sub[i=1]sup[n]e[sSub[e[x]sub[i]]]]+1"),
        (r"\sum =", "nary[sub[]sup[]e[\u200b]]="),
        (r"\int_0^1 f", "nary[sub[0]sup[1]e[f]]"),
        (r"\lim_{x \to 0} f", "limLow[e[lim]lim[x→0]]f"),
        (r"\left(\frac{a}{b}\right]", "d[e[f[num[a]den[b]]]]"),
        (r"\left( (a) + \left[b\right] \right)", "d[e[(a)+d[e[b]]]]"),
        (r"\begin{pmatrix}1&2\\3\end{pmatrix}", "d[e[m[mr[e[1]e[2]]mr[e[3]e[]]]]]"),
        (r"\begin{cases}x&y\end{cases}", "d[e[m[mr[e[x]e[y]]]]]"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "m[mr[e[a]e[\u200b=b]]mr[e[c]e[\u200b=d]]]"),
        (r"\binom{n}{k}", "d[e[f[num[n]den[k]]]]"),
        (r"\hat{x}", "acc[e[x]]"),
        (r"\overline{ab}", "bar[e[ab]]"),
        (r"\underbrace{x}_{n}", "limLow[e[groupChr[e[x]]]lim[n]]"),
        (r"\boxed{x}", "borderBox[e[x]]"),
        (r"\phantom{x}", "phant[e[x]]"),
        (r"\text{if }x", "if\u00a0x"),
        ("|x|", "d[e[x]]"),
        ("a < b & c", None),
    ],
)
def test_formulas(tex, made):
    if made is not None:
        assert short(tex) == made
    else:
        tree(tex)


def test_what_is_not_known_is_told():
    assert omml(r"\foo{x}") is None
    assert omml("{") is None


def test_the_brackets_of_an_array_are_kept():
    assert 'begChr m:val="["' in omml(r"\begin{bmatrix}1\end{bmatrix}")
    assert 'endChr m:val=""' in omml(r"\begin{cases}1\end{cases}")


@given(st.text("ab1+-=<>&^_{}()[]|\\ ,'\"é", max_size=20))
def test_every_text_gives_well_formed_xml_or_none(tex):
    tree(tex)


@given(
    st.recursive(
        st.sampled_from(["a", "1", r"\alpha", r"\infty", "+", r"\le"]),
        lambda inner: st.one_of(
            st.builds(r"\frac{{{}}}{{{}}}".format, inner, inner),
            st.builds("{{{}}}_{{{}}}^{{{}}}".format, inner, inner, inner),
            st.builds(r"\sqrt{{{}}}".format, inner),
            st.builds(r"\left({}\right)".format, inner),
            st.builds(r"\sum_{{{}}} {}".format, inner, inner),
        ),
        max_leaves=8,
    )
)
def test_no_letter_is_lost(tex):
    known = {r"\alpha": "α", r"\infty": "∞", r"\le": "≤"}
    wanted = re.sub(r"\\(?:alpha|infty|le)\b", lambda found: known[found[0]], tex)
    wanted = re.sub(r"\\[a-z]+", "", wanted)
    made = "".join(t.text for t in tree(tex).iter() if t.tag.endswith("}t"))
    letters = "a1α∞+≤"
    assert sorted(c for c in made if c in letters) == sorted(c for c in wanted if c in letters)


@pytest.mark.parametrize("tex", [r"\frac{1}", r"\frac{1", r"x^", r"\sqrt[3]", r"\overbrace"])
def test_a_formula_that_lacks_a_part_is_not_understood_or_whole(tex):
    made = tree(tex)
    assert made is None or made[0].tag.endswith("}oMath")


PARTS = st.sampled_from(
    r"\frac \sqrt [3] { } x 1 ^ _ \sum \int \left( \right) \left. \begin{pmatrix} \end{pmatrix} &"
    r" \\ \hat \overline \lim | \binom ' \overbrace \begin{cases} \end{cases} \mathrm \limits".split()
)


@given(st.lists(PARTS, max_size=9).map(" ".join))
def test_no_formula_is_too_odd(tex):
    made = tree(tex)
    assert made is None or made[0].tag.endswith("}oMath")
