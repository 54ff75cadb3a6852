"""Edited notebooks are reloaded in place."""

import importlib
import pickle

import pytest

from octavo.modules import reload

TEXT = """\
# Story

```python
import functools

STATE = []


def f(x, y=1):
    return x + y


def decorate(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper


@decorate
def g():
    return 1


class Base:
    def name(self):
        return "base"


class Thing(Base):
    kind = "old"

    def name(self):
        return "old " + super().name()

    @property
    def size(self):
        return 1

    @staticmethod
    def make():
        return 1
```
"""


@pytest.fixture
def story(project):
    path = project.write("story.md", TEXT)
    return path, importlib.import_module("story")


def edit(path, *pairs):
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return reload.changed()


def test_nothing_changed_reloads_nothing(story):
    assert reload.changed() == []


def test_names_taken_before_follow(story):
    path, module = story
    f, g, thing = module.f, module.g, module.Thing()
    made, subclass = module.Thing, type("Sub", (module.Thing,), {})
    [entry] = edit(path, ("x + y", "x * y"), ("y=1", "y=3"), ("return 1\n\n\nclass B", "return 2\n\n\nclass B"),
                   ('"old "', '"new "'), ("return 1\n\n    @static", "return 2\n\n    @static"), ('kind = "old"', 'sort = "new"'))  # fmt: skip
    assert (entry.name, entry.what, entry.error) == ("story", "reloaded", None)
    assert (f(5), g(), thing.name(), thing.size, thing.sort) == (15, 2, "new base", 2, "new")
    assert subclass().name() == "new base"
    assert not hasattr(made, "kind")
    assert (module.f, module.g, module.Thing) == (f, g, made)
    assert isinstance(pickle.loads(pickle.dumps(thing)), made)


def test_names_that_are_gone_are_gone(story):
    path, module = story
    edit(path, ("def f(x", "def h(x"))
    assert not hasattr(module, "f")
    assert module.h(1) == 2


def test_class_of_another_shape_is_a_new_class(story):
    path, module = story
    old = module.Thing
    edit(path, ("class Thing(Base):", "class Thing(list):"), ('"old " + super().name()', '"list"'))
    assert module.Thing is not old
    assert module.Thing().name() == "list"
    assert old().name() == "old base"


def test_prose_moves_lines_and_keeps_state(story):
    path, module = story
    module.STATE.append(1)
    before = module.f.__code__.co_firstlineno
    [entry] = edit(path, ("# Story", "# Story\n\nLonger,\nmuch longer."))
    assert entry.what == "moved"
    assert module.STATE == [1]
    assert module.f.__code__.co_firstlineno == before + 3
    assert module.Thing.name.__code__.co_firstlineno > before + 3
    assert module.g.__wrapped__.__code__.co_firstlineno > before + 3
    assert module.Thing().name() == "old base"


def test_touched_file_keeps_state(story):
    path, module = story
    module.STATE.append(1)
    path.write_text(TEXT, "utf-8")
    assert [entry.what for entry in reload.changed()] in ([], ["moved"])
    assert module.STATE == [1]


def test_state_of_other_modules_is_kept(story, project):
    path, module = story
    project.write("other.md", "```python\nimport story\nSTATE = []\n```\n")
    other = importlib.import_module("other")
    other.STATE.append(1)
    edit(path, ("x + y", "x - y"))
    assert other.STATE == [1]
    assert other.story is module


@pytest.mark.parametrize("wrong", ["def f(x y):", "def f(x):\n    return 1\n!ls\ndef k():"])
def test_syntax_error_keeps_the_module_and_is_told_once(story, wrong):
    path, module = story
    module.STATE.append(1)
    [entry] = edit(path, ("def f(x, y=1):", wrong))
    assert entry.what == "failed"
    assert isinstance(entry.error, SyntaxError)
    assert reload.changed() == []
    assert (module.f(1), module.STATE) == (2, [1])
    [entry] = edit(path, (wrong, "def f(x, y=2):"))
    assert (entry.what, module.f(1)) == ("reloaded", 3)


def test_error_while_running_keeps_the_module(story):
    path, module = story
    f = module.f
    [entry] = edit(path, ("STATE = []", "STATE = 1 / 0"))
    assert (entry.what, type(entry.error)) == ("failed", ZeroDivisionError)
    assert entry.error.__notes__ == ['story.md:6 (cell "Story")']
    assert module.f is f
    assert module.STATE == []


def test_removed_file_keeps_the_module(story):
    path, module = story
    path.unlink()
    assert reload.changed() == []
    assert module.f(1) == 2


def test_outputs_do_not_run_a_notebook_again(project):
    path = project.cells("nb.ipynb", "STATE = []", "def f():\n    return 1")
    module = importlib.import_module("nb")
    module.STATE.append(1)
    text = path.read_text("utf-8")
    path.write_text(text.replace('"outputs": []', '"outputs": [\n\n]'), "utf-8")
    [entry] = reload.changed()
    assert (entry.what, module.STATE) == ("moved", [1])
    lines = path.read_text("utf-8").split("\n")
    assert "def f" in lines[module.f.__code__.co_firstlineno - 1]
