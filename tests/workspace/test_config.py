"""The configuration of a file: values, rules, mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.errors import ConfigError
from octavo.workspace import config, config_keys, config_search


@pytest.fixture
def load(tmp_path):
    """Return a function that writes `octavo.toml` and loads the configuration of the folder."""

    def write_and_load(text, name="octavo.toml"):
        (tmp_path / name).write_text(text, "utf-8")
        return config.load(str(tmp_path), {"OCTAVO_CEILING_DIRECTORIES": str(tmp_path)})

    return write_and_load


def test_no_configuration_says_nothing(tmp_path):
    found = config.load(str(tmp_path), {"OCTAVO_CEILING_DIRECTORIES": str(tmp_path),
                                        "XDG_CONFIG_HOME": str(tmp_path / "x"),
                                        "XDG_CONFIG_DIRS": str(tmp_path / "y")})  # fmt: skip
    assert (found.root, found.file, found.dialect) == ("", "", "")
    assert found.formats_for("a.py") is None
    assert found.options_for("a.py") == {}
    assert found.get("outputs") == "notebook"


def test_values_and_their_places(load, tmp_path):
    found = load('# a comment\nformats = "ipynb,py:percent"\nsplit_at_heading = true\n')
    assert found.root == str(tmp_path)
    assert found.formats_for(str(tmp_path / "a.py")) == ["ipynb,py:percent"]
    assert found.options_for(str(tmp_path / "a.py")) == {"split_at_heading": True}
    assert found.setting("split_at_heading").span.line == 3


@pytest.mark.parametrize(
    ("value", "groups"),
    [
        ('"ipynb,py"', ["ipynb,py"]),
        ('"ipynb, py ; md,Rmd"', ["ipynb,py", "md,Rmd"]),
        ('["ipynb,py", "md,Rmd"]', ["ipynb,py", "md,Rmd"]),
        ('{ "nb/" = "ipynb", scripts = "py" }', ["nb///ipynb,scripts///py"]),
        ('[{ nb = "ipynb", "" = "md" }, "ipynb,py"]', ["nb///ipynb,md", "ipynb,py"]),
        ('"notebooks///ipynb,../py//.pct.py:light"', ["notebooks///ipynb,../py//.pct.py:light"]),
        ('""', None),
    ],
)
def test_forms_of_formats(load, value, groups):
    assert load(f"formats = {value}\n").formats_for("a.py") == groups


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"tags,-all"', "tags,-all"),
        ('["tags", "-all"]', "tags,-all"),
        ("true", "all"),
        ("false", "-all"),
    ],
)
def test_forms_of_filters(load, value, expected):
    assert load(f"cell_metadata_filter = {value}").get("cell_metadata_filter") == expected


def test_first_rule_that_sets_a_key_holds(load, tmp_path):
    found = load(
        """
        formats = "ipynb,py"
        comment_magics = true
        [[rules]]
        paths = ["lessons/**", "*.Rmd"]
        formats = "ipynb,md"
        [[rules]]
        paths = "lessons/"
        formats = "ipynb,Rmd"
        comment_magics = false
        """
    )
    lesson, other = str(tmp_path / "lessons/a/b.md"), str(tmp_path / "b.py")
    assert found.formats_for(lesson) == ["ipynb,md"]
    assert found.options_for(lesson) == {"comment_magics": False}
    assert found.formats_for(str(tmp_path / "x/y.Rmd")) == ["ipynb,md"]
    assert found.formats_for(other) == ["ipynb,py"]
    assert found.options_for(other) == {"comment_magics": True}
    assert found.get("comment_magics", lesson) is False
    assert found.get("comment_magics") is True


def test_rule_can_leave_files_unpaired(load, tmp_path):
    found = load('formats = "ipynb,py"\n[[rules]]\npaths = "drafts/"\nformats = ""\n')
    assert found.formats_for(str(tmp_path / "drafts/a.py")) is None
    assert found.formats_for(str(tmp_path / "a.py")) == ["ipynb,py"]


@pytest.mark.parametrize(
    ("text", "code", "place", "hint"),
    [
        ('formts = "a"', "OCT-C001", "1:1", "did you mean 'formats'?"),
        ("\n  comment-magics = true", "OCT-C001", "2:3", "did you mean 'comment_magics'?"),
        ("[rule]\na = 1", "OCT-C001", "1:2", "did you mean 'rules'?"),
        ('[[rules]]\npaths = "a"\nformat = "b"', "OCT-C001", "3:1", "did you mean 'formats'?"),
        ("[[rules]]\npath = 'a'", "OCT-C002", "1:3", 'say for which files it is: paths = "lessons/**"'),
        ('rules = "a"', "OCT-C002", "1:1", 'write [[rules]] and below it paths = "lessons/**"'),
        ('comment_magics = "false"', "OCT-C002", "1:18", "write comment_magics = false, without quotes"),
        ("split_at_heading = 1", "OCT-C002", "1:20", "write split_at_heading = true"),
        ("cell_markers = true", "OCT-C002", "1:16", 'for example cell_markers = "region,endregion"'),
        ("formats = true", "OCT-C002", "1:11", 'for example formats = "ipynb,py:percent"'),
        ('formats = "ipynb,py:percnt"', "OCT-C002", "1:11", "did you mean 'percent'?"),
        ('formats = "ipynb,py:myst"', "OCT-C002", "1:11", "its suffixes are .md .myst .mystnb .mnb"),
        ('formats = ["ipynb", "py"]', "OCT-C002", "1:11", 'one group of them all is formats = "ipynb,py"'),
        ('outputs = "stor"', "OCT-C002", "1:11", "did you mean 'store'?"),
        ("rst2md = False", "OCT-C003", "1:10", "write false, in lower case and without quotes"),
        ("a = [1, True]", "OCT-C003", "1:9", "write true, in lower case and without quotes"),
        ("formats = ipynb", "OCT-C003", "1:11", "texts stand between quotes"),
        ("formats =", "OCT-C003", "1", "a value is missing"),
        ("rst2md = true\nrst2md = true", "OCT-C003", "2", "a key stands once"),
        ("formats = '''a", "OCT-C003", "1", ""),
    ],
)  # fmt: skip
def test_mistakes_have_a_place_and_a_hint(load, text, code, place, hint, tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(text)
    error = caught.value
    assert error.code == code
    if "=" in text and hint:
        assert error.hint == hint
    assert str(error.span).removeprefix(f"{tmp_path}/octavo.toml:").startswith(place)


def test_wrong_byte_has_its_line(tmp_path):
    (tmp_path / "octavo.toml").write_bytes(b"# a\n# \xff\n")
    with pytest.raises(ConfigError) as caught:
        config.load(str(tmp_path), {})
    assert caught.value.code == "OCT-C003"
    assert caught.value.span.line == 2


def test_endless_number_is_an_error_of_the_file(load):
    with pytest.raises(ConfigError) as caught:
        load("a = " + "1" * 5000)
    assert caught.value.code == "OCT-C003"


PIECES = st.sampled_from(
    """formats outputs rst2md comment_magics rules paths cell_markers = . , [ ] [[ ]] { } " ' \"\"\"
    true False 1 1e5 2001-01-01 "ipynb,py" "a" # \\ \t \n\n é""".split(" ")
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_any_text_is_a_configuration_or_a_mistake(text):
    source = config_search.Source("octavo.toml", text, "octavo", (), is_global=False)
    try:
        config.read(source)
    except ConfigError as error:
        assert error.span.file == "octavo.toml"  # noqa: PT017  most texts are mistakes


def test_deep_nesting_is_an_error_of_the_file(load):
    with pytest.raises(ConfigError) as caught:
        load("a = " + "[" * 5000 + "]" * 5000)
    assert caught.value.code == "OCT-C003"


def test_table_in_pyproject_must_be_a_table(load):
    with pytest.raises(ConfigError) as caught:
        load("[tool]\noctavo = 1\n", "pyproject.toml")
    assert (caught.value.code, caught.value.span.line) == ("OCT-C002", 2)


def test_windows_newlines_and_byte_order_mark(tmp_path):
    (tmp_path / "octavo.toml").write_bytes(b'\xef\xbb\xbf# a\r\nformats = "ipynb,py"\r\nx = 1\r\n')
    with pytest.raises(ConfigError) as caught:
        config.load(str(tmp_path), {})
    assert (caught.value.span.line, caught.value.span.column) == (3, 1)


def test_folders_are_searched_once_and_notices_told_once(tmp_path):
    (tmp_path / ".jupytext.py").write_text("boom", "utf-8")
    (tmp_path / "a").mkdir()
    many = config.Configurations({})
    assert many.of(str(tmp_path / "x.py")) is many.of(str(tmp_path / "y.py"))
    many.of(str(tmp_path / "a" / "z.py"))
    assert [notice.code for notice in many.take_notices()] == ["OCT-C004"]
    assert many.take_notices() == ()


def test_unknown_key_of_ours_is_a_fault_of_the_caller(load):
    with pytest.raises(KeyError):
        load("").get("format")


def test_schema_knows_every_key(load):
    schema = config_keys.json_schema()
    names = {key.name for key in config_keys.KEYS}
    assert set(schema["properties"]) == names | {"rules", "copies", "edition", "document"}
    assert set(schema["properties"]["rules"]["items"]["properties"]) == {
        *(key.name for key in config_keys.KEYS if key.in_rules),
        "paths",
    }


@pytest.mark.parametrize("key", config_keys.KEYS, ids=lambda key: key.name)
def test_every_key_takes_its_own_example_and_default(load, key):
    from octavo.workspace.config_toml import dumps

    value = key.example or key.default or False
    assert load(f"{key.name} = {dumps(value)}\n").get(key.name) in (value, [value])
    assert key.help.endswith(".")
