"""Magics in modules: skipped, translated, or told."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.modules import magics


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("# why\n\n%%time\nx = 1", "# why\n\n\nx = 1"),
        ("%%capture out\nx = 1", "\nx = 1"),
        ("%%timeit\nx = 1\nx", "\n\n"),
        ("%%html\n<b>\n%%\n", "\n\n\n"),
        ("%time x = f()", "x = f()"),
        ("%timeit f()", ""),
        ("y = %time f()", "y = f()"),
        ("y = %timeit -o f()", None),
        ("f?", ""),
        ("?f", ""),
        ("a.b??", ""),
        ("%pinfo f", ""),
        ("if x:\n    %matplotlib inline", "if x:\n    pass"),
        ("%pip install a \\\n  b\nx = 1", "\n\nx = 1"),
        ("x = (5\n % 2)\n%matplotlib inline", "x = (5\n % 2)\n"),
        ("s = '''\n%cd\n!x\n'''\n%load_ext octavo", "s = '''\n%cd\n!x\n'''\n"),
        (
            '%matplotlib inline\ns = \'a\\\'b\'  # \' [\nt = """(\n?x"""',
            '\ns = \'a\\\'b\'  # \' [\nt = """(\n?x"""',
        ),
        ("x = 5 \\\n % 2\n%time y = x", "x = 5 \\\n % 2\ny = x"),
        ("x != 1", "x != 1"),
        ("!ls", None),
        ("files = !ls", None),
        ("%run other.ipynb", None),
        ("%%bash\nls", None),
        ("%%\nx", "%%\nx"),
        ("%cd ..", None),
        ("here = %pwd", None),
        ("%%writefile a.py\nx", None),
    ],
)
def test_magic_becomes(cell, python):
    if python is None:
        with pytest.raises(magics.Magic):
            magics.to_python(cell)
    else:
        assert magics.to_python(cell) == python


def test_error_tells_the_line_in_the_cell():
    with pytest.raises(magics.Magic) as caught:
        magics.to_python("x = '''\n!no\n'''\n\n  !make")
    assert (caught.value.text, caught.value.line) == ("!make", 4)


@given(st.text(alphabet="%!?x=ab ()[]'\"\\#\n", max_size=40))
def test_lines_are_never_added_or_lost(cell):
    try:
        python = magics.to_python(cell)
    except magics.Magic:
        return
    assert python.count("\n") == cell.count("\n")


@given(st.lists(st.sampled_from(["%x", "!y", "z?", "a % b", "'q", "(", ")"]), max_size=5))
def test_what_python_can_parse_stays_as_it_is(lines):
    cell = "\n".join(["s = '''", *lines, "'''"])
    ast.parse(cell)
    assert magics.to_python(cell) == cell
