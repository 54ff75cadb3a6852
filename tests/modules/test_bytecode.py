"""Compiled notebooks are cached, and never used when they do not fit."""

import importlib
import os
import sys

import pytest

from octavo.modules import bytecode, loader


@pytest.fixture
def compiled(project, monkeypatch):
    """Count how often notebooks are compiled; bytecode is written."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    done = []
    original = loader.NotebookLoader.compile

    def compile_(self, data, path):
        done.append(path)
        return original(self, data, path)

    monkeypatch.setattr(loader.NotebookLoader, "compile", compile_)
    return done


def again(name):
    sys.modules.pop(name, None)
    return importlib.import_module(name)


def settle(path):
    """Let the cache be younger than the file, as after a while."""
    status = os.stat(path)
    later = status.st_mtime_ns + 10**9
    cache = bytecode.path_of(str(path))
    os.utime(cache, ns=(later, later))


def test_unchanged_notebook_is_compiled_once(project, compiled):
    path = project.cells("a.ipynb", "x = 1")
    module = again("a")
    assert module.__cached__ == bytecode.path_of(str(path))
    assert os.path.isfile(module.__cached__)
    settle(path)
    assert again("a").x == 1
    assert len(compiled) == 1


def test_cache_is_not_that_of_a_script(project, compiled):
    project.cells("a.ipynb", "x = 1")
    cache = again("a").__cached__
    assert os.path.basename(cache) == f"a.ipynb.octavo.{sys.implementation.cache_tag}.pyc"


def test_edit_at_once_is_seen(project, compiled):
    for value in range(10, 30):
        project.cells("a.ipynb", f"x = {value}")
        assert again("a").x == value


def test_touched_notebook_is_not_compiled_again(project, compiled):
    path = project.cells("a.ipynb", "x = 1")
    again("a")
    os.utime(path, (1, 1))
    assert again("a").x == 1
    assert len(compiled) == 1


def test_same_time_and_size_with_other_content_is_seen(project, compiled):
    path = project.cells("a.ipynb", "x = 1")
    again("a")
    settle(path)
    status = os.stat(path)
    path.write_text(path.read_text().replace("x = 1", "x = 2"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert again("a").x == 2


@pytest.mark.parametrize("keep", [0, 3, 20, 45, -1])
def test_cache_that_was_cut_short_is_written_again(project, compiled, keep):
    path = project.cells("a.ipynb", "x = 1")
    cache = again("a").__cached__
    with open(cache, "rb") as fp:
        data = fp.read()
    with open(cache, "wb") as fp:
        fp.write(data[:keep])
    settle(path)
    assert again("a").x == 1
    with open(cache, "rb") as fp:
        assert fp.read() == data


def test_choice_of_docstrings_is_part_of_the_key(project, compiled):
    from octavo.modules import install

    path = project.cells("a.ipynb", "x = 1", "#! Doc.", "def f(): pass")
    assert again("a").f.__doc__ is None
    settle(path)
    install.install(docstrings=True)
    assert again("a").f.__doc__ == "Doc."


def test_moved_folder_shows_the_new_path(project, compiled):
    path = project.cells("one/a.ipynb", "def f(): return 1")
    importlib.import_module("one.a")
    settle(path)
    os.rename(project.folder / "one", project.folder / "two")
    f = importlib.import_module("two.a").f
    assert f.__code__.co_filename == str(project.folder / "two" / "a.ipynb")
    assert len(compiled) == 1


def test_nothing_is_written_where_python_writes_nothing(project, compiled, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    project.cells("a.ipynb", "x = 1")
    again("a")
    assert not (project.folder / "__pycache__").exists()


def test_prefix_of_caches_is_respected(project, compiled, monkeypatch, tmp_path_factory):
    prefix = tmp_path_factory.mktemp("prefix")
    monkeypatch.setattr(sys, "pycache_prefix", str(prefix))
    project.cells("a.ipynb", "x = 1")
    assert again("a").__cached__.startswith(str(prefix))
    assert not (project.folder / "__pycache__").exists()


def test_folder_that_cannot_be_written_is_no_error(project, compiled):
    project.cells("a.ipynb", "x = 1")
    project.write("__pycache__", "a file stands where the folder should be")
    assert again("a").x == 1
    assert again("a").x == 1
    assert len(compiled) == 2


def test_errors_are_not_cached(project, compiled):
    project.cells("a.ipynb", "x = = 1")
    for _ in range(2):
        with pytest.raises(SyntaxError):
            again("a")
    assert not (project.folder / "__pycache__").exists()


def test_hash_of_code_ignores_where_it_stands():
    assert bytecode.hash_of_code("\n\nx = 1\n") == bytecode.hash_of_code("x = 1\n")
    assert bytecode.hash_of_code("x = 1\n") != bytecode.hash_of_code("x = 2\n")
