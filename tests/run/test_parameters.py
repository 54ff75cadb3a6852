"""Parameters go where papermill puts them, in the language of the document."""

import pytest

from octavo.core.document import Cell, Document
from octavo.core.errors import RunError
from octavo.transforms.parameters import WRITERS, inject, source_of

VALUES = {"a": 1, "b": 2.5, "c": True, "d": None, "e": 'it\'s $x "é"\n', "f": [1, "x"]}


def sources(document):
    return [cell.source for cell in document.cells]


def code(source, *tags):
    return Cell("code", source, {"tags": list(tags)} if tags else {})


def test_after_the_defaults():
    document = Document([code("0"), code("x = 1", "parameters"), code("x")])
    done = inject(document, {"x": 2})
    assert sources(done) == ["0", "x = 1", "# Parameters\nx = 2", "x"]
    assert done.cells[2].metadata == {"tags": ["injected-parameters"]}


def test_a_second_run_replaces_them():
    once = inject(Document([code("x = 1", "parameters")]), {"x": 2})
    assert sources(inject(once, {"x": 3})) == ["x = 1", "# Parameters\nx = 3"]


def test_without_defaults_they_come_first_but_after_a_header():
    assert sources(inject(Document([code("x")]), {"x": 2}))[0] == "# Parameters\nx = 2"
    header = Cell("raw", "---\ntitle: T\n---")
    assert sources(inject(Document([header, code("x")]), {"x": 2}))[1] == "# Parameters\nx = 2"


def test_python_reads_back_what_was_given():
    names = {}
    values = {**VALUES, "g": {"k": [None]}, "h": float("inf")}
    exec(source_of(values, "python"), names)
    assert {key: names[key] for key in values} == values


def test_bash_reads_back_what_was_given(tmp_path):
    import shutil
    import subprocess

    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash")
    text = source_of(VALUES, "bash") + '\nprintf "%s|" "$a" "$b" "$c" "$e" "${f[1]}"'
    done = subprocess.run([bash, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == '1|2.5|true|it\'s $x "é"\n|x|'


def test_other_languages():
    values = {"a": True, "b": None, "c": "it's", "d": [1]}
    shown = {name: source_of(values, name).split("\n")[1:] for name in sorted(WRITERS)}
    assert shown["R"] == ["a <- TRUE", "b <- NULL", 'c <- "it\'s"', "d <- list(1)"]
    assert shown["julia"] == ["a = true", "b = nothing", 'c = "it\'s"', "d = [1]"]
    assert shown["matlab"] == ["a = true;", "b = [];", "c = 'it''s';", "d = {1};"]
    assert shown["powershell"] == ["$a = $true", "$b = $null", "$c = 'it''s'", "$d = @(1)"]
    assert shown["javascript"] == [
        "var a = true;",
        "var b = null;",
        'var c = "it\'s";',
        "var d = [1];",
    ]
    assert source_of({"a": {"k": 1}}, "julia").endswith('a = Dict("k" => 1)')
    assert source_of({"a": 1}, "matlab").startswith("% Parameters\n")


@pytest.mark.parametrize(
    ("values", "language"),
    [({"a b": 1}, "python"), ({"class": 1}, "python"), ({"1a": 1}, "R"), ({"a": 1}, "klingon"),
     ({"a": {"k": 1}}, "bash"), ({"a": [[1]]}, "bash"), ({"a": float("nan")}, "R")],
)  # fmt: skip
def test_what_cannot_be_written_is_told(values, language):
    with pytest.raises(RunError) as raised:
        source_of(values, language)
    assert raised.value.code == "OCT-R022"
