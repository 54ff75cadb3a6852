"""Jupytext's configuration is honoured as it is: Jupytext itself says what that means."""

import json
import warnings

import jupytext
import pytest
import yaml
from jupytext.config import load_jupytext_config, notebook_formats
from jupytext.formats import short_form_multiple_formats

from octavo.core.errors import ConfigError
from octavo.workspace import config, config_init
from octavo.workspace.config_jupytext import KEYS

CONFIGURATIONS = [
    {},
    {"formats": "ipynb,py:percent"},
    {"formats": "ipynb,md;ipynb,py"},
    {"formats": ["ipynb,py", "md,Rmd"]},
    {"formats": {"notebooks/": "ipynb", "scripts/": "py:percent"}},
    {"formats": [{"notebooks": "ipynb", "scripts": "py:percent"}, {"": "ipynb"}]},
    {"default_jupytext_formats": "ipynb,py:light"},
    {"formats": "ipynb,py,md", "preferred_jupytext_formats_save": "py:percent,md:myst"},
    {"formats": "ipynb,scripts//py", "preferred_jupytext_formats_save": "py:hydrogen"},
    {"formats": "ipynb,py", "cell_metadata_filter": "-all", "notebook_metadata_filter": "all"},
    {"default_cell_metadata_filter": "-all", "default_notebook_metadata_filter": "-all"},
    {"comment_magics": False, "hide_notebook_metadata": True, "split_at_heading": True},
    {"default_cell_markers": '"""', "doxygen_equation_markers": True},
    {"outdated_text_notebook_margin": 3.0, "cm_config_log_level": "warning"},
]
WRITERS = {
    "jupytext.json": json.dumps,
    "jupytext.yml": yaml.safe_dump,
    ".jupytext.yaml": yaml.safe_dump,
}


def ours(folder):
    return config.load(str(folder), {"OCTAVO_CEILING_DIRECTORIES": str(folder)})


def first_fit(groups, path):
    """Return the group that Jupytext would take for *path*."""
    from jupytext.config import JupytextConfiguration

    return JupytextConfiguration(formats=groups or "").default_formats(path)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("values", CONFIGURATIONS, ids=lambda values: " ".join(values) or "none")
def test_formats_are_those_of_jupytext(tmp_path, values, name):
    (tmp_path / name).write_text(WRITERS[name](values), "utf-8")
    found = ours(tmp_path)
    assert found.dialect == "jupytext"
    for file in ("notebooks/a.ipynb", "scripts/a.py", "a.ipynb", "a.md", "a.Rmd"):
        path = str(tmp_path / file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = load_jupytext_config(path)
            notebook = jupytext.reads("", "py") if file.endswith("py") else jupytext.reads("", "md")
            notebook.metadata.clear()
            expected = short_form_multiple_formats(notebook_formats(notebook, theirs, path))
            group = first_fit(found.formats_for(path), path)
        if group is None:
            assert "," not in expected
        else:
            assert group == expected


def test_renamed_keys_are_options(tmp_path):
    (tmp_path / "jupytext.toml").write_text(
        'default_cell_metadata_filter = "-all"\ndefault_cell_markers = "a,b"\n'
        'cell_markers = "{{{,}}}"\nsphinx_convert_rst2md = true\n',
        "utf-8",
    )
    found = ours(tmp_path)
    assert found.options_for("a.py") == {
        "cell_metadata_filter": "-all",
        "cell_markers": "{{{,}}}",
        "rst2md": True,
    }
    assert found.setting("rst2md").written == "sphinx_convert_rst2md"
    assert found.setting("rst2md").span.line == 4


@pytest.mark.parametrize(
    ("name", "text", "code", "place"),
    [
        ("jupytext.toml", "formts = 'a'", "OCT-C001", "1:1"),
        ("jupytext.yml", "rst2md: true\n", "OCT-C001", "1:1"),
        ("jupytext.yml", "formats: ipynb,md\ncomment_magics: 'no'\n", "OCT-C002", "2:17"),
        ("jupytext.yml", "- a\n", "OCT-C002", ""),
        ("jupytext.yml", "a: [\n", "OCT-C003", "2:1"),
        ("jupytext.yml", "a: 2001-99-99\n", "OCT-C003", ""),
        ("jupytext.json", '{\n "comment_magics": 1}', "OCT-C002", "2:20"),
        ("jupytext.json", '{\n\t"comment_magics": 1}', "OCT-C002", ""),
        ("jupytext.json", '{"formats": }', "OCT-C003", "1:13"),
        ("jupytext.json", "[" * 100_000, "OCT-C003", ""),
        ("jupytext.json", '{"a": ' + "1" * 5000 + "}", "OCT-C003", ""),
        ("jupytext.yml", "a: " + "1" * 5000, "OCT-C003", ""),
        ("jupytext.yml", "formats: &a [*a]\n", "OCT-C002", "1:10"),
        ("jupytext.yml", "? [1]\n: 2\n", "OCT-C003", "1:3"),
        ("jupytext.yml", "1: 2\n", "OCT-C001", "1:1"),
        ("jupytext.yml", "formats: {1: 2}\n", "OCT-C002", "1:10"),
        (".jupytext", "formats = [1]", "OCT-C002", "1:11"),
        ("jupytext.toml", "outdated_text_notebook_margin = 'a'", "OCT-C002", "1:33"),
        ("pyproject.toml", "[tool.jupytext]\nouputs = 1", "OCT-C001", "2:1"),
    ],
)
def test_mistakes_have_a_place(tmp_path, name, text, code, place):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        ours(tmp_path)
    assert caught.value.code == code
    assert str(caught.value.span).endswith(f"{name}:{place}" if place else name)


@pytest.mark.parametrize("name", ["jupytext.toml", "jupytext.yml", "jupytext.json"])
def test_empty_values_are_none(tmp_path, name):
    (tmp_path / name).write_text("{}" if name.endswith("json") else "", "utf-8")
    assert ours(tmp_path).options_for("a.py") == {}


def test_null_is_unset(tmp_path):
    (tmp_path / "jupytext.yml").write_text("formats:\ncomment_magics: null\n", "utf-8")
    assert ours(tmp_path).formats_for("a.py") is None


@pytest.mark.parametrize("values", CONFIGURATIONS, ids=lambda values: " ".join(values) or "none")
def test_migrated_configuration_says_the_same(tmp_path, values):
    (tmp_path / "jupytext.yml").write_text(yaml.safe_dump(values), "utf-8")
    before = ours(tmp_path)
    text, left_out = config_init.migrated(before, "jupytext.yml")
    (tmp_path / "octavo.toml").write_text(text, "utf-8")
    after = ours(tmp_path)
    assert after.dialect == "octavo"
    assert after.options_for("a.py") == before.options_for("a.py")
    assert after.formats_for("a.py") == before.formats_for("a.py")
    told = {key for key in values if "margin" in key or "log_level" in key}
    assert {notice.message.partition(" ")[0] for notice in left_out} == told


def test_what_cannot_be_migrated_is_told_and_kept_as_comment(tmp_path):
    (tmp_path / "jupytext.toml").write_text(
        'formats = "ipynb,md:pandoc"\nnotebook_extensions = ["md"]\n', "utf-8"
    )
    text, left_out = config_init.migrated(ours(tmp_path), "jupytext.toml")
    assert '# formats = "ipynb,md:pandoc"\n' in text
    assert [(notice.code, notice.span.line) for notice in left_out] == [
        ("OCT-C006", 1),
        ("OCT-C006", 2),
    ]
    (tmp_path / "jupytext.toml").write_text(
        'preferred_jupytext_formats_save = "py:light"\n', "utf-8"
    )
    _, left_out = config_init.migrated(ours(tmp_path), "jupytext.toml")
    assert "formats" in left_out[0].message


def test_keys_of_jupytext_are_all_known():
    from jupytext.config import JupytextConfiguration

    theirs = set(JupytextConfiguration.class_traits()) - {"config", "parent"}
    assert set(KEYS) == theirs
