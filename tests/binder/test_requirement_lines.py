"""Lines of requirements.txt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.binder import requirement_lines as lines


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("numpy", "numpy"), ("Foo_Bar.baz>=1", "foo-bar-baz"), ("a[x,y]==1", "a"),
        ("a @ https://x/y.whl", "a"), ("git+https://x/y#egg=Some_Thing", "some-thing"),
        ("-e .", ""), ("./a", ""), ("-r a.txt", ""), ("", ""), ("dir/a.whl", ""),
    ],
)  # fmt: skip
def test_name(line, name):
    assert lines.name_of(line) == name


@pytest.mark.parametrize(
    ("line", "is_local"),
    [
        ("numpy", False), ("-e .", True), ("--editable=.", True), (".[x]", True),
        ("./a", True), ("../a", True), ("/a", True), ("file:a", True), ("-r a.txt", True),
        ("-c a.txt", True), ("--requirement=a.txt", True), ("-r https://a.b/c.txt", False),
        ("git+https://a.b/c", False), ("https://a.b/c.whl", False), ("--pre", False),
        ("# -e .", False), ("a/b.whl", True), ("-ra.txt", True), ("-e git+https://a.b/c", False),
    ],
)  # fmt: skip
def test_local_lines(line, is_local):
    assert lines.is_local(line) is is_local


def test_lines_that_install_the_repository():
    text = "a\n-e .\n.[x, y]  # us\n-e ./sub\n./\nb"
    assert lines.without_self(text) == "a\n# -e .\n# .[x, y]  # us\n-e ./sub\n# ./\nb"
    assert lines.extras_of_self("--editable .[x, y]") == ["x", "y"]
    assert lines.extras_of_self("-e ./sub") is None


def test_included_files():
    text = "-r a.txt\n--constraint=b.txt\n-rc.txt # d\n# -r e\n-r https://x/y\n--pre\n"
    assert list(lines.includes(text)) == ["a.txt", "b.txt", "c.txt"]


def test_same_package_with_two_markers_is_wanted_twice():
    wanted = ["a>1; python_version<'3'", "a>2; python_version>='3'", "b", "b", "c"]
    assert lines.missing(wanted, {"c"}) == [*wanted[:2], "b"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_are_added_in_the_newlines_that_are_there(newline):
    assert lines.add(f"a{newline}b", ["c"]) == newline.join(["a", "b", "c", ""])
    assert lines.add(f"a \\{newline}", ["c"]) == newline.join(["a \\", "", "c", ""])
    assert lines.add("", ["c"]) == "c\n"


@pytest.mark.parametrize(
    "text",
    ["a", "a>=1,<2", "a[x] >= 1; python_version < '3'", "a @ git+https://x/y@v1", "A.b-c_d",
     "a (>=1)", "a~=1.2", "a; extra == 'x'", "a==1.*", "a[x,y]"],
)  # fmt: skip
def test_requirements(text):
    assert lines.is_requirement(text)


@pytest.mark.parametrize(
    "text",
    ["", "-e .", "a b", "a\nb", "a; b\nc", "--index-url=x", "./a", "a$(id)", "a`b`", "a|b",
     "a\x00", "a\u2028b", "'a'", "a@\nb"],
)  # fmt: skip
def test_what_is_no_requirement(text):
    assert not lines.is_requirement(text)


@given(st.text(max_size=50))
def test_any_text_is_read(text):
    lines.names(text)
    list(lines.includes(text))
    assert lines.is_requirement(text) is False or ("\n" not in text and lines.name_of(text))
    assert lines.add(text, ["x"]).startswith(text)
    assert "x" in lines.names(lines.add(text, ["x"]))
