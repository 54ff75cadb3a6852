"""The registry of cell states says the same as the tables of marks and of active cells."""

import json
from importlib import resources

import pytest

from octavo import Cell
from octavo.core import active, languages, tags

REGISTRY = json.loads((resources.files("octavo.jupyter") / "cell_states.json").read_text("utf-8"))
STATES = {state["name"]: state for state in REGISTRY["states"]}


def metadata_of(state):
    return metadata_by(state["write"])


def metadata_by(write, module="py"):
    if "tag" in write:
        return {"tags": [write["tag"].replace("{module}", module)]}
    value = write["value"]
    if isinstance(value, str):
        value = value.replace("{module}", module)
    for key in reversed(write["path"]):
        value = {key: value}
    return value


@pytest.mark.parametrize("name", STATES)
def test_what_a_state_writes_is_read_as_its_mark(name):
    state = STATES[name]
    expected = {state["mark"]} if state["mark"] else set()
    assert tags.marks_of(Cell("code", "1", metadata_of(state))) == expected


@pytest.mark.parametrize(
    ("name", "notebook", "module"),
    [
        ("notebook-only", True, False),
        ("module-only", False, True),
        ("inactive", False, False),
        ("frozen", True, False),
        ("read-only", True, True),
    ],
)
def test_a_state_makes_the_cell_active_where_it_says(name, notebook, module):
    metadata = metadata_of(STATES[name])
    assert active.is_active(metadata, ".ipynb") is notebook
    assert active.is_active(metadata, ".py") is module


@pytest.mark.parametrize("language", languages.LANGUAGES, ids=lambda language: language.name)
def test_the_module_of_a_language_is_its_script(language):
    for spelling in (language.name, *language.aliases):
        module = REGISTRY["modules"][spelling.lower()]
        assert f".{module}" == languages.script_suffix({"kernelspec": {"language": spelling}})
        metadata = metadata_by(STATES["module-only"]["write"], module)
        assert active.is_active(metadata, f".{module}")
        assert not active.is_active(metadata, ".ipynb")


def test_the_registry_knows_all_modules_and_how_they_are_written():
    assert {f".{suffix}" for suffix in REGISTRY["suffixes"]} == set(languages.SCRIPT_SUFFIXES)
    for told, written in REGISTRY["written"].items():
        metadata = {"language_info": {"file_extension": f".{told}"}}
        assert languages.script_suffix(metadata) == f".{written}"


@pytest.mark.parametrize("field", ["name", "label", "badge", "key"])
def test_no_two_states_share_a_word(field):
    words = [state[field] for state in REGISTRY["states"]]
    assert all(words)
    assert len(set(words)) == len(words)


def test_every_group_is_used_and_known():
    groups = {group["name"] for group in REGISTRY["groups"]}
    assert {state["group"] for state in REGISTRY["states"]} == groups


@pytest.mark.parametrize("name", [name for name in STATES if "also" in STATES[name]])
def test_another_spelling_of_a_state_means_the_same(name):
    state = STATES[name]
    for write in state["also"]:
        one, other = metadata_by(write), metadata_of(state)
        assert tags.marks_of(Cell("code", "1", one)) == tags.marks_of(Cell("code", "1", other))
        for suffix in (".ipynb", ".py"):
            assert active.is_active(one, suffix) is active.is_active(other, suffix)


def test_tags_are_written_in_the_canonical_spelling():
    for state in REGISTRY["states"]:
        tag = state["write"].get("tag")
        if tag is not None and "{" not in tag:
            assert tags.canonical_tag(tag) == tag
