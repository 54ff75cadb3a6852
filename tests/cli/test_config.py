"""`octavo config`, and what `octavo convert` does with the configuration."""

import json

import pytest

from octavo.workspace.config_keys import KEYS


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """No configuration of this machine is found."""
    monkeypatch.setenv("OCTAVO_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "system"))


def test_all_keys_are_listed(folder, octavo):
    result = octavo("config")
    assert result.code == 0
    listed = [line.split()[0] for line in result.out.splitlines()]
    assert listed == ["key", *(key.name for key in KEYS)]


def test_one_key(folder, octavo):
    (folder / "octavo.toml").write_text('formats = ["ipynb,py", "md,Rmd"]\n', "utf-8")
    assert octavo("config", "formats").out.splitlines()[1] == 'formats  "ipynb,py;md,Rmd"'
    assert octavo("config", "format").code == 2


def test_explain_names_the_line_and_the_rule(folder, octavo):
    (folder / "octavo.toml").write_text(
        'comment_magics = true\n[[rules]]\npaths = "a/"\ncomment_magics = false\n', "utf-8"
    )
    lines = octavo("config", "comment_magics", "--explain", "a/b.py").out.splitlines()
    assert lines[0] == "a/b.py: ruled by octavo.toml"
    assert lines[2].split() == ["comment_magics", "false", "octavo.toml:4"]
    lines = octavo("config", "comment_magics", "--explain", "b.py").out.splitlines()
    assert lines[2].split() == ["comment_magics", "true", "octavo.toml:1"]


def test_explain_tells_the_name_that_jupytext_has(folder, octavo):
    (folder / "jupytext.toml").write_text('default_cell_markers = "a,b"\n', "utf-8")
    line = octavo("config", "cell_markers", "--explain", ".").out.splitlines()[2]
    assert line.split() == ["cell_markers", '"a,b"', "jupytext.toml:1", "(default_cell_markers)"]


def test_explain_tells_what_the_document_says_itself(folder, octavo, notebook):
    content = json.loads(notebook.read_text("utf-8"))
    content["metadata"]["jupytext"] = {"formats": "ipynb,md", "comment_magics": True, "rst2md": []}
    notebook.write_text(json.dumps(content), "utf-8")
    (folder / "octavo.toml").write_text('formats = "ipynb,py"\ncomment_magics = false\n', "utf-8")
    keys = octavo("config", "--explain", "a.ipynb", "--json").json["keys"]
    assert keys["formats"]["value"] == ["ipynb,md"]
    assert keys["formats"]["file"] == "a.ipynb"
    assert keys["comment_magics"]["value"] is False
    assert keys["rst2md"]["written"] == ""
    (folder / "octavo.toml").unlink()
    line = octavo("config", "comment_magics", "--explain", "a.ipynb").out.splitlines()[2]
    assert line.split() == ["comment_magics", "true", "a.ipynb", "(jupytext.comment_magics)"]
    notebook.write_text("{", "utf-8")
    assert octavo("config", "--explain", "a.ipynb").code == 0


def test_explain_without_any_configuration(folder, octavo):
    result = octavo("config", "--explain", "a.py")
    assert result.out.startswith("a.py: no configuration file\n")
    assert "octavo.toml" not in result.out


def test_json(folder, octavo):
    (folder / "octavo.toml").write_text('\nformats = "ipynb,py"\n', "utf-8")
    report = octavo("config", "--explain", "a.py", "--json").json
    assert report["file"] == str(folder / "octavo.toml")
    assert report["root"] == str(folder)
    assert report["keys"]["formats"] == {
        "value": ["ipynb,py"], "file": "octavo.toml", "line": 2, "column": 1, "written": "formats",
    }  # fmt: skip
    assert report["keys"]["outputs"]["value"] == "notebook"
    assert report["keys"]["outputs"]["line"] == 0


def test_help_of_the_keys(folder, octavo):
    text = octavo("config", "--help-keys").out
    for key in KEYS:
        assert f"{key.name} (" in text
        assert key.help in text
    records = octavo("config", "outputs", "--help-keys", "--json").json["keys"]
    assert [record["choices"] for record in records] == [["notebook", "store"]]


def test_schema_is_json(folder, octavo):
    assert "formats" in octavo("config", "--schema").json["properties"]


def test_program_is_told_not_run(folder, octavo, notebook):
    (folder / ".jupytext.py").write_text("raise SystemExit('run!')", "utf-8")
    assert "OCT-C004" in octavo("config").err
    assert octavo("config", "--json").json["warnings"][0]["code"] == "OCT-C004"
    (folder / "b.ipynb").write_bytes(notebook.read_bytes())
    result = octavo("convert", "a.ipynb", "b.ipynb", "--to", "py:percent")
    assert result.code == 0
    assert result.err.count("OCT-C004") == 1


def text_of(octavo, *arguments, stdin=b""):
    result = octavo("convert", *arguments, "-o", "-", stdin=stdin)
    assert result.code == 0, result.err
    return result.out


def test_configuration_goes_before_the_notebook(folder, octavo, notebook):
    content = json.loads(notebook.read_text("utf-8"))
    content["metadata"]["jupytext"] = {"cell_metadata_filter": "all"}
    notebook.write_text(json.dumps(content), "utf-8")
    assert "tags" in text_of(octavo, "a.ipynb", "--to", "py:percent")
    (folder / "octavo.toml").write_text('cell_metadata_filter = "-all"\n', "utf-8")
    assert "tags" not in text_of(octavo, "a.ipynb", "--to", "py:percent")
    assert "tags" in text_of(octavo, "a.ipynb", "--to", "py:percent", "--no-config")
    flag = ("--cell-metadata-filter", "tags,-all")
    assert "tags" in text_of(octavo, "a.ipynb", "--to", "py:percent", *flag)


MARKDOWN = b"# A\n\ntext\n\n# B\n"
HEADER = b"---\njupyter:\n  jupytext:\n    split_at_heading: false\n---\n\n"


def cells_of(text):
    return len(json.loads(text)["cells"])


def test_header_goes_before_the_configuration(folder, octavo):
    (folder / "octavo.toml").write_text("split_at_heading = true\n", "utf-8")
    (folder / "plain.md").write_bytes(MARKDOWN)
    (folder / "header.md").write_bytes(HEADER + MARKDOWN)
    assert cells_of(text_of(octavo, "plain.md", "--to", "ipynb")) == 2
    assert cells_of(text_of(octavo, "plain.md", "--to", "ipynb", "--no-config")) == 1
    assert cells_of(text_of(octavo, "plain.md", "--to", "ipynb", "--no-split-at-heading")) == 1
    assert cells_of(text_of(octavo, "header.md", "--to", "ipynb")) == 1
    assert cells_of(text_of(octavo, "header.md", "--to", "ipynb", "--split-at-heading")) == 2


def test_stdin_has_the_configuration_of_the_current_folder(folder, octavo):
    (folder / "octavo.toml").write_text("split_at_heading = true\n", "utf-8")
    assert cells_of(text_of(octavo, "-", "--from", "md", "--to", "ipynb", stdin=MARKDOWN)) == 2


def test_each_file_has_its_own_configuration(folder, octavo, notebook):
    (folder / "bare").mkdir()
    (folder / "bare/octavo.toml").write_text('cell_metadata_filter = "-all"\n', "utf-8")
    octavo("convert", "a.ipynb", "--to", "py:percent", "-o", "bare/")
    octavo("convert", "a.ipynb", "--to", "py:percent")
    assert "tags" not in (folder / "bare/a.py").read_text("utf-8")
    assert "tags" in (folder / "a.py").read_text("utf-8")


def test_options_that_the_format_does_not_know_are_passed_over(folder, octavo, notebook):
    (folder / "octavo.toml").write_text("use_runtools = true\nrst2md = true\n", "utf-8")
    text_of(octavo, "a.ipynb", "--to", "py:percent")


def test_check_proves_with_the_configuration(folder, octavo, notebook):
    (folder / "octavo.toml").write_text('cell_metadata_filter = "-all"\n', "utf-8")
    result = octavo("convert", "a.ipynb", "--to", "py:percent", "--check")
    assert result.code == 0, result.out


def test_mistake_is_one_line_with_its_place(folder, octavo, notebook):
    (folder / "octavo.toml").write_text("\nsplit_at_headin = True\n", "utf-8")
    result = octavo("convert", "a.ipynb", "--to", "md")
    assert result.code == 5
    assert result.errors[0].startswith("octavo.toml:2:19: not TOML")
    assert not (folder / "a.md").exists()
    (folder / "octavo.toml").write_text("\nsplit_at_headin = true\n", "utf-8")
    result = octavo("convert", "a.ipynb", "--to", "md")
    hint = "(hint: did you mean 'split_at_heading'?)"
    assert result.errors == [f"octavo.toml:2:1: unknown key 'split_at_headin' [OCT-C001] {hint}"]
    assert octavo("convert", "a.ipynb", "--to", "md", "--no-config").code == 0
