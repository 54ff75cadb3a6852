"""Packages are added to environment.yml by a small edit."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from octavo.binder import conda_text
from octavo.binder.errors import BinderError

ADDED = ("nbgitpuller", "jupyterlab")
PIP = ("attrs>=22", "x; python_version < '3.9'", "y @ git+https://a.b/c#egg=y")


def meaning(text):
    """Return the packages from conda, those from pip, and everything else."""
    table = yaml.safe_load(text) or {}
    items = table.pop("dependencies", None) or []
    conda = [item for item in items if isinstance(item, str)]
    pip = [line for item in items if isinstance(item, dict) for line in item.get("pip") or []]
    return conda, pip, table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "dependencies:\n  - n\n"),
        ("# only a comment\n", "# only a comment\ndependencies:\n  - n\n"),
        ("name: x", "name: x\ndependencies:\n  - n\n"),
        ("name: x\n", "name: x\ndependencies:\n  - n\n"),
        ("name: x\r\n", "name: x\r\ndependencies:\r\n  - n\r\n"),
        ("dependencies:\n", "dependencies:\n  - n\n"),
        ("dependencies:", "dependencies:\n  - n\n"),
        ("dependencies: # none\nname: x\n", "dependencies: # none\n  - n\nname: x\n"),
        ("dependencies: ~\nname: x\n", "dependencies:\n  - n\nname: x\n"),
        ("dependencies: []\n", "dependencies: [n]\n"),
        ("dependencies: [a, b]  # c\n", "dependencies: [a, b, n]  # c\n"),
        ("dependencies: [a,\n  b,\n]\n", "dependencies: [a,\n  b, n,\n]\n"),
        ("dependencies: [{pip: [q]}]\n", "dependencies: [n, {pip: [q]}]\n"),
        ("{}\n", "{dependencies: [n]}\n"),
        ("{name: x}\n", "{name: x, dependencies: [n]}\n"),
        ("dependencies:\n- a\n- b # c\n", "dependencies:\n- a\n- b # c\n- n\n"),
        ("dependencies:\n    - a", "dependencies:\n    - a\n    - n\n"),
        ("dependencies:\r\n  - a\r\n", "dependencies:\r\n  - a\r\n  - n\r\n"),
        (
            "dependencies:\n  - a\n  # last\n  - pip:\n    - q\nprefix: /x\n",
            "dependencies:\n  - a\n  - n\n  # last\n  - pip:\n    - q\nprefix: /x\n",
        ),
        (
            "dependencies:\n  # first\n  - pip:\n    - q\n",
            "dependencies:\n  # first\n  - n\n  - pip:\n    - q\n",
        ),
        ("dependencies:\n  - pip:\n    - q\n  - a\n", "dependencies:\n  - pip:\n    - q\n  - a\n  - n\n"),
        ("dependencies:\n  - 'a b'\n", "dependencies:\n  - 'a b'\n  - n\n"),
        ("---\ndependencies:\n  - a\n...\n", "---\ndependencies:\n  - a\n  - n\n...\n"),
        ("name: 'é\u2028x'\ndependencies: &d\n- a\n", "name: 'é\u2028x'\ndependencies: &d\n- a\n- n\n"),
    ],
)  # fmt: skip
def test_conda_packages(text, expected):
    assert conda_text.add(text, ["n"]) == expected
    before, after = meaning(text), meaning(expected)
    assert sorted(after[0]) == sorted([*before[0], "n"])
    assert before[1:] == after[1:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "dependencies:\n  - pip\n  - pip:\n      - n\n"),
        ("dependencies: []\n", "dependencies: [pip, {pip: [n]}]\n"),
        ("dependencies: [a]\n", "dependencies: [a, {pip: [n]}]\n"),
        ("dependencies:\n- a\n", "dependencies:\n- a\n- pip:\n    - n\n"),
        ("dependencies:\n  - pip: [q]\n", "dependencies:\n  - pip: [q, n]\n"),
        ("dependencies:\n  - pip:\n  - a\n", "dependencies:\n  - pip:\n      - n\n  - a\n"),
        ("dependencies:\n  - pip: []\n", "dependencies:\n  - pip: [n]\n"),
        (
            "dependencies:\n  - pip:\n    - q # c\n    # d\n",
            "dependencies:\n  - pip:\n    - q # c\n    - n\n    # d\n",
        ),
    ],
)
def test_pip_packages(text, expected):
    assert conda_text.add(text, [], ["n"]) == expected
    assert meaning(expected)[1] == [*meaning(text)[1], "n"]


def test_odd_requirements_are_quoted():
    text = conda_text.add("dependencies: [{pip: [q]}]\n", [], PIP)
    assert meaning(text)[1] == ["q", *PIP]
    text = conda_text.add("dependencies:\n- pip:\n  - q\n", [], PIP)
    assert meaning(text)[1] == ["q", *PIP]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "dependencies:\n  - a\n  - pip:\n    - -e .\n    - q\n",
            "dependencies:\n  - a\n  - pip:\n#     - -e .\n    - q\n",
        ),
        (
            "dependencies:\n  - pip:\n    - .[x]  # us\n",
            "dependencies:\n  - pip: []\n#     - .[x]  # us\n",
        ),
        ("dependencies: [a]\n", "dependencies: [a]\n"),
        ("dependencies: [{pip: [-e .]}]\n", "dependencies: [{pip: [-e .]}]\n"),
    ],
)
def test_repository_itself_becomes_a_comment(text, expected):
    left = conda_text.without_self(text)
    assert left.replace("# ", "#") == expected.replace("# ", "#") or left == expected
    assert yaml.safe_load(left)


def test_pip_list_that_held_the_repository_only_can_be_filled_again():
    left = conda_text.without_self("dependencies:\n  - pip:\n    - .\n")
    assert meaning(conda_text.add(left, ["n"], ["q"]))[:2] == (["n"], ["q"])


def test_names_of_all_kinds():
    text = "dependencies: [conda-forge::A.b=1=x, 'c >=2', {pip: ['D_e[x]>1', '-e .', ./f]}]\n"
    assert conda_text.read(text).names == {"a-b", "c", "d-e"}


@pytest.mark.parametrize("text", ["a: [", "- a", "a", "dependencies: {a: b}", "a: b\n---\nc: d"])
def test_what_is_no_environment_is_an_error(text):
    with pytest.raises(BinderError) as caught:
        conda_text.add(text, ["n"])
    assert caught.value.code == "OCT-B112"


NAMES = st.sampled_from(["numpy", "python=3.12", "conda-forge::x", "'a >=1,<2'", "r-base"])
COMMENTS = st.sampled_from(["", "  # why", "\n", "\n# line\n", "\n      # deep\n"])


@st.composite
def environments(draw):
    """Environments in block and flow style, with comments anywhere, in both newlines."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    parts = [draw(st.sampled_from(["", "# head\n", "---\n", "name: x\n", "channels:\n  - c\n"]))]
    indent = " " * draw(st.integers(0, 4))
    items = draw(st.lists(NAMES, max_size=4))
    pip = draw(st.lists(st.sampled_from(["rich", "'a; b'", "q>=1"]), max_size=3))
    if draw(st.booleans()):
        inner = ", ".join([*items, *(["{pip: [" + ", ".join(pip) + "]}"] if pip else [])])
        parts.append(f"dependencies: [{inner}]\n")
    else:
        parts.append("dependencies:" + draw(COMMENTS).rstrip("\n") + "\n")
        parts += [f"{indent}- {item}{draw(COMMENTS)}".rstrip("\n") + "\n" for item in items]
        if pip:
            parts.append(f"{indent}- pip:\n")
            parts += [f"{indent}    - {line}\n" for line in pip]
    parts.append(draw(st.sampled_from(["", "# tail\n", "prefix: /p\n", "\n\nvariables: {a: b}\n"])))
    text = "".join(parts)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", newline)


def is_kept(old, new):
    """Return whether the lines of a text stand in another, in order."""
    rest = iter(new)
    return all(any(line == other for other in rest) for line in old)


@given(environments(), st.booleans())
def test_edit_adds_what_is_asked_for_and_keeps_every_line(text, has_pip):
    pip = PIP if has_pip else ()
    edited = conda_text.add(text, ADDED, pip)
    old, new = meaning(text), meaning(edited)
    assert sorted(new[0]) == sorted([*old[0], *ADDED])
    assert new[1] == [*old[1], *pip]
    assert new[2] == old[2]
    assert ("\r" in text) == ("\r" in edited)
    assert "\r" not in text or "\n" not in edited.replace("\r\n", "")
    if "dependencies: [" not in text:
        assert is_kept(text.split(), edited.split())
        assert is_kept(text.splitlines(), edited.splitlines())


@given(environments())
def test_what_was_added_is_found(text):
    edited = conda_text.add(text, ADDED, PIP)
    assert {*ADDED, "attrs", "x", "y"} <= conda_text.read(edited).names
