"""Positions in TOML: every key of every text is found where it stands."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from octavo.workspace.config_toml import dumps, locate, places

TEXT = '''\
# "a" = 1
a = 1 # b = 2
"quo\\"ted".b = { c = "}", d = ["]", 'x', """
] " d = 1""", { e = 1 }] }
  [ t . "u v" ] # [no]
f = [
  1, # , 2
  { g = 1979-05-27 07:32:00 },
]
[[r]]
h = \'\'\'
[k]\'\'\'
[[r]]
h = ""
[r.s]
i.j = -1.5e3
'''


def test_keys_stand_where_they_are_found():
    expected = {
        ("a",): (2, 1),
        ('quo"ted',): (3, 1),
        ('quo"ted', "b", "c"): (3, 18),
        ('quo"ted', "b", "d", 2): (3, 42),
        ('quo"ted', "b", "d", 3, "e"): (4, 17),
        ("t", "u v", "f"): (6, 1),
        ("t", "u v", "f", 1, "g"): (8, 5),
        ("r", 0, "h"): (11, 1),
        ("r", 1, "h"): (14, 1),
        ("r", 1, "s", "i", "j"): (16, 1),
    }
    tomllib.loads(TEXT)
    assert {path: locate(TEXT, path) for path in expected} == expected
    assert locate(TEXT, ("r", 1, "s", "i", "j"), value=True) == (16, 7)
    assert locate(TEXT, ("k",)) == (0, 0)


def paths_of(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for step, child in items:
        yield (*path, step)
        if isinstance(child, (dict, list)):
            yield from paths_of(child, (*path, step))


def test_all_paths_are_found():
    assert set(places(TEXT)) == set(paths_of(tomllib.loads(TEXT)))


scalars = st.one_of(
    st.booleans(), st.integers(-9, 9), st.text(st.characters(codec="utf-8"), max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.]=#\"' ", max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def written(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key(name)} = {written(v)}" for name, v in value.items()) + "}"
    if isinstance(value, list):
        return "[ # ]\n" + ",\n".join(map(written, value)) + "]"
    return dumps(value)


def key(name):
    return '"' + name.replace('"', '\\"') + '"'


@given(st.dictionaries(st.text("ab-]= ", min_size=1, max_size=4), values, max_size=4))
def test_any_toml_is_scanned(table):
    text = "".join(f"{key(name)} = {written(value)}\n" for name, value in table.items())
    assert tomllib.loads(text) == table
    assert set(places(text)) == set(paths_of(table))


@given(scalars)
def test_dumped_value_is_read_again(value):
    assert tomllib.loads(f"a = {dumps(value)}\n")["a"] == value
