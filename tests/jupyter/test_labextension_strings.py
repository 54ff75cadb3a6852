"""What the page shows can be translated: every sentence in the TypeScript goes through the catalogue."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "labextension/src"
#: Where a string is shown to people: properties of commands and nodes.
SHOWN = re.compile(
    r"(?:\b(?:label|caption|title|placeholder)\s*:\s*|\b(?:textContent|title|label|caption)\s*=\s*"
    r"|setAttribute\(\s*'(?:aria-label|title)'\s*,\s*)(['\"`])(?P<text>(?:(?!\1).)*)\1"
)
#: A sentence or a name with a capital that stands outside of a call of the translator.
SENTENCE = re.compile(r"'(?P<text>[A-Z][a-z]+(?: [\w%…]+)+)'")


def sources():
    return sorted(path for path in SOURCE.rglob("*.ts") if not path.name.endswith(".test.ts"))


def without_comments(text):
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", text, flags=re.DOTALL)


def untranslated(text):
    """Return the strings of a source that people see and that no translator does."""
    text = without_comments(text)
    found = [match["text"] for match in SHOWN.finditer(text) if match["text"].strip()]
    catalogued = set(re.findall(r"(?:__|_n)\(\s*'((?:[^'\\]|\\.)*)'", text))
    catalogued |= set(re.findall(r"_n\(\s*'[^']*',\s*'((?:[^'\\]|\\.)*)'", text))
    aside = set(re.findall(r"(?:description:|console\.\w+\(|new Error\(|type:)\s*'([^']*)'", text))
    found += [m["text"] for m in SENTENCE.finditer(text) if m["text"] not in catalogued | aside]
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_every_string_on_the_page_goes_through_the_translator(path):
    assert untranslated(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "node.textContent = 'Conflict';",
        "add({ label: 'Pair' })",
        "node.setAttribute('aria-label', 'States');",
        "const words = ['Not paired'];",
    ],
)
def test_a_string_without_translator_is_found(code):
    assert untranslated(code)


def test_all_translators_load_the_catalogue_of_octavo():
    plugins = [path for path in sources() if path.name == "plugin.ts"]
    assert plugins
    for path in plugins:
        domains = re.findall(r"\.load\(\s*'(\w+)'\s*\)", path.read_text("utf-8"))
        assert set(domains) <= {"octavo"}, path
