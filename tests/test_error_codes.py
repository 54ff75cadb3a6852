"""Every code that can be raised is documented, and every documented code can be raised."""

import ast
import re
from pathlib import Path

import octavo
from octavo.core import errors

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/reference/errors.md").read_text("utf-8")
#: A large area may have a page of its own, errors-AREA.md.
PAGES = "".join(
    path.read_text("utf-8") for path in sorted((ROOT / "docs/reference").glob("errors*.md"))
)
_CODE = re.compile(r"OCT-[A-Z]\d{3}")


def codes_in_source():
    """Return the codes that stand as texts of their own in the source."""
    found = {}
    for path in sorted(Path(octavo.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and _CODE.fullmatch(value):
                found.setdefault(value, path.name)
    return found


def codes_in_docs():
    return re.findall(r"(?m)^### (OCT-[A-Z]\d{3})$", PAGES)


def test_every_code_is_documented():
    missing = {
        code: name for code, name in codes_in_source().items() if code not in codes_in_docs()
    }
    assert not missing


def test_every_documented_code_is_raised():
    assert sorted(set(codes_in_docs()) - set(codes_in_source())) == []


def test_no_code_is_documented_twice():
    assert len(codes_in_docs()) == len(set(codes_in_docs()))


def test_every_code_has_a_text():
    for code in codes_in_docs():
        text = PAGES.split(f"### {code}\n", 1)[1].split("\n#", 1)[0]
        assert text.strip(), code


def test_every_family_is_in_the_table():
    for letter in {code[4] for code in codes_in_docs()}:
        assert re.search(rf"(?m)^\| {letter} \|", PAGE)


def test_exit_codes_are_those_of_the_table():
    classes = {"F": "FormatError", "N": "FormatError", "O": "OptionError", "W": "FileError"}
    for letter, name in classes.items():
        row = re.search(rf"(?m)^\| {letter} \|.*$", PAGE)[0]
        assert f"`{name}`" in row
        assert row.endswith(f"| {getattr(errors, name).exit_code} |")
