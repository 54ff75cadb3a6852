"""Importing notebooks: names, packages, errors."""

import importlib
import importlib.resources
import inspect
import linecache
import pickle
import sys
import threading
import traceback
import warnings

import pytest

from octavo.modules.claims import AmbiguousModuleWarning
from octavo.modules.errors import ModuleError, ModuleSyntaxError

STORY = """\
# Analysis

A story.

```python
import math


def area(r):
    return math.pi * r**2
```

```python tags=["active-ipynb"]
raise RuntimeError("a scrap ran")
```

## Loading the data

```python
class Table:
    rows = 3

    def __eq__(self, other):
        return isinstance(other, Table)

    __hash__ = None


def load():
    return 1 / 0
```
"""


@pytest.mark.parametrize(
    "name", ["md", "markdown", "myst.md", "Rmd", "qmd", "ipynb", "myst", "mystnb"]
)
def test_every_format_is_imported(project, name):
    import octavo

    document = octavo.reads(STORY, "md")
    text = octavo.writes(document, "md:myst" if "myst" in name else name)
    path = project.write("analysis." + name, text)
    analysis = importlib.import_module("analysis")
    assert analysis.__file__ == str(path)
    assert analysis.area(0) == 0
    assert analysis.__doc__ == "# Analysis\n\nA story."
    assert {name for name in vars(analysis) if name[0] != "_"} == {"math", "area", "Table", "load"}


def test_script_goes_first(project):
    project.write("analysis.py", "x = 'script'")
    project.write("analysis.md", STORY)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a Markdown file without header is documentation
        assert importlib.import_module("analysis").x == "script"


def test_two_files_with_one_name_warn(project):
    project.write("analysis.py", "x = 'script'")
    project.cells("analysis.ipynb", "x = 'notebook'")
    with pytest.warns(AmbiguousModuleWarning, match=r"analysis.py and analysis.ipynb"):
        assert importlib.import_module("analysis").x == "script"


def test_two_notebooks_with_one_name_warn(project):
    project.write("analysis.Rmd", "```{python}\nx = 'R'\n```\n")
    project.cells("analysis.ipynb", "x = 'notebook'")
    with pytest.warns(AmbiguousModuleWarning, match=r"analysis.ipynb and analysis.Rmd"):
        assert importlib.import_module("analysis").x == "notebook"


@pytest.mark.parametrize("other", ["py", "md"])
def test_pairs_agree(project, other):
    metadata = {
        "jupytext": {"formats": f"ipynb,{other}"},
        "kernelspec": {"name": "python3", "display_name": "P", "language": "python"},
    }
    project.cells("analysis.ipynb", "x = 1", metadata=metadata)
    project.write(
        "analysis." + other,
        "x = 1" if other == "py" else "---\njupyter: x\n---\n```python\nx = 1\n```\n",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert importlib.import_module("analysis").x == 1


def test_pairs_of_the_configuration_agree(project):
    project.write("octavo.toml", 'formats = "ipynb,py:percent"\n')
    project.write("analysis.py", "# %%\nx = 1")
    project.cells("analysis.ipynb", "x = 1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert importlib.import_module("analysis").x == 1


def test_standard_library_goes_before_notebooks(project):
    project.cells("colorsys.ipynb", "x = 1")
    sys.modules.pop("colorsys", None)
    assert not hasattr(importlib.import_module("colorsys"), "x")


def test_notebook_goes_before_a_folder_of_data(project):
    project.cells("analysis.ipynb", "x = 1")
    project.write("analysis/data.csv", "a,b")
    assert importlib.import_module("analysis").x == 1


@pytest.mark.parametrize("name", ["My Other Code", "My_Other_Code"])
def test_spaces_are_underscores(project, name):
    project.cells("My Other Code.ipynb", "x = 1")
    assert __import__(name).x == 1


@pytest.mark.parametrize("file", ["my-code.md", "my code.md", "my_code.md"])
def test_hyphens_are_underscores(project, file):
    project.write(file, STORY)
    assert importlib.import_module("my_code").__file__.endswith(file)


def test_exact_name_goes_before_similar_ones(project):
    project.cells("a-b.ipynb", "x = 'similar'")
    project.cells("a_b.ipynb", "x = 'exact'")
    assert importlib.import_module("a_b").x == "exact"


def test_two_similar_names_are_an_error(project):
    project.cells("a-b c.ipynb", "1")
    project.cells("a b-c.ipynb", "1")
    with pytest.raises(ImportError, match=r"'a b-c.ipynb', 'a-b c.ipynb'") as caught:
        importlib.import_module("a_b_c")
    assert caught.value.code == "OCT-M003"


def test_packages_of_notebooks(project):
    project.cells("pkg/__init__.ipynb", "from .part import f\nfrom . import plain")
    project.write(
        "pkg/part.md", "```python\nfrom .sub import deep\ndef f():\n    return deep.x\n```\n"
    )
    project.write("pkg/plain.py", "from .part import f\ny = f()")
    project.cells("pkg/sub/deep.ipynb", "from ..part2 import x")
    project.cells("pkg/part2.ipynb", "x = 42")
    project.write("pkg/data.txt", "data")
    pkg = importlib.import_module("pkg")
    assert (pkg.f(), pkg.plain.y) == (42, 42)
    assert pkg.__path__ == [str(project.folder / "pkg")]
    assert importlib.resources.files("pkg").joinpath("data.txt").read_text() == "data"


def test_namespace_folders_and_folders_with_spaces(project):
    project.cells("ns/a.ipynb", "x = 1")
    project.cells("My Notebooks/b.ipynb", "from .c import y")
    project.write("My Notebooks/c.py", "y = 2")
    assert importlib.import_module("ns.a").x == 1
    assert importlib.import_module("My_Notebooks.b").y == 2


def test_reload_runs_again(project):
    path = project.cells("analysis.ipynb", "x = 1")
    analysis = importlib.import_module("analysis")
    path.write_text(path.read_text().replace("x = 1", "x = 2"))
    assert importlib.reload(analysis).x == 2


def test_inspection(project):
    project.write("analysis.md", STORY)
    analysis = importlib.import_module("analysis")
    assert inspect.getsource(analysis.area) == "def area(r):\n    return math.pi * r**2\n"
    assert inspect.getsource(analysis.Table).startswith("class Table:")
    assert inspect.getsourcefile(analysis) == analysis.__file__
    assert inspect.getmodule(analysis.area) is analysis
    assert "def load():" in inspect.getsource(analysis)


def test_pickle(project):
    project.write("analysis.md", STORY)
    analysis = importlib.import_module("analysis")
    table = pickle.loads(pickle.dumps(analysis.Table()))
    assert type(table) is analysis.Table


def test_threads_import_once(project):
    project.cells("slow_one.ipynb", "import sys\nsys.counted = getattr(sys, 'counted', 0) + 1")
    threads = [
        threading.Thread(target=importlib.import_module, args=("slow_one",)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sys.counted == 1
    del sys.counted


def test_traceback_points_home(project):
    path = project.write("analysis.md", STORY)
    analysis = importlib.import_module("analysis")
    line = STORY.split("\n").index("    return 1 / 0") + 1
    with pytest.raises(ZeroDivisionError) as caught:
        analysis.load()
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.line) == (str(path), line, "return 1 / 0")


def test_error_on_import_names_cells_and_hides_the_machinery(project):
    project.write("broken.md", "# Set up\n\n```python\nimport other\n```\n")
    project.write("other.md", "## Deep\n```python\n\nraise ValueError('no')\n```\n")
    with pytest.raises(ValueError, match="no") as caught:
        __import__("broken")
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert [frame.filename.rpartition("/")[2] for frame in frames[1:]] == ["broken.md", "other.md"]
    assert caught.value.__notes__ == ['other.md:4 (cell "Deep")', 'broken.md:4 (cell "Set up")']
    assert "broken" not in sys.modules


def test_warning_points_home(project):
    path = project.write(
        "warns.md", "# A\n\n```python\nimport warnings\nwarnings.warn('careful')\n```\n"
    )
    with pytest.warns(UserWarning, match="careful") as caught:
        importlib.import_module("warns")
    assert (caught[0].filename, caught[0].lineno) == (str(path), 5)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_syntax_error_names_line_and_cell(project, newline, bom):
    text = bom + "# Set up\n\n```python\nx = 1\ndef f(:\n```\n".replace("\n", newline)
    path = project.write("broken.md", text)
    with pytest.raises(SyntaxError) as caught:
        __import__("broken")
    error = caught.value
    assert (error.filename, error.lineno) == (str(path), 5)
    assert error.__notes__ == ['broken.md:5 (cell "Set up")']
    assert len(traceback.extract_tb(error.__traceback__)) == 1


def test_syntax_error_in_a_notebook_names_the_line_of_the_file(project):
    path = project.cells("broken.ipynb", "#! # Set up", "x = 1", "y = 2\nx = = 3")
    with pytest.raises(SyntaxError) as caught:
        __import__("broken")
    assert "x = = 3" in path.read_text().split("\n")[caught.value.lineno - 1]
    assert caught.value.__notes__ == [f'broken.ipynb:{caught.value.lineno} (cell "Set up (2)")']


def test_magic_in_a_cell_is_told(project):
    project.cells("magic.ipynb", "#! # Set up", "%matplotlib inline\n%run other.ipynb")
    with pytest.raises(ModuleSyntaxError, match=r"`%run other.ipynb` in cell \"Set up\""):
        __import__("magic")


def test_another_language_is_told(project):
    project.write("r.Rmd", "```{r}\nx <- 1\n```\n")
    with pytest.raises(ImportError, match="in R, not in Python"):
        __import__("r")


def test_unreadable_file_is_told(project):
    project.write("empty.ipynb", "")
    with pytest.raises(ModuleError, match="empty") as caught:
        __import__("empty")
    assert caught.value.path.endswith("empty.ipynb")


@pytest.mark.parametrize("statement", ["from one import x", "import one; one.x"])
def test_circular_import_is_told(project, statement):
    project.cells("one.ipynb", "import two\nx = 1")
    project.write("two.py", statement)
    with pytest.raises(
        (ImportError, AttributeError), match="partially initialized module 'one'"
    ) as caught:
        __import__("one")
    assert caught.value.__notes__[0].endswith('(cell "cell 1")')


def test_missing_module_is_what_python_says(project):
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_module'"):
        importlib.import_module("no_such_module")


def test_new_files_are_seen_at_once(project):
    for i in range(20):
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(f"fresh{i}")
        project.write(f"fresh{i}.md", "```python\nx = 1\n```\n")
        assert importlib.import_module(f"fresh{i}").x == 1


def test_uninstall_takes_it_back(project):
    from octavo.modules import install

    project.cells("later.ipynb", "x = 1")
    install.uninstall()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("later")
    install.install()
    install.install()
    assert importlib.import_module("later").x == 1
    assert sum(type(finder).__name__ == "NotebookFinder" for finder in sys.meta_path) == 1


def test_docstrings_from_markdown(project):
    from octavo.modules import install

    text = "Doc of module.\n\n```python\nx = 1\n```\n\nDoc of f.\n\n```python\ndef f():\n    return 1\n```\n\nDoc of C.\n\n```python\nclass C:\n    'own'\n```\n"
    project.write("plain.md", text)
    project.write("asked.md", text)
    assert importlib.import_module("plain").f.__doc__ is None
    install.install(docstrings=True)
    asked = importlib.import_module("asked")
    assert (asked.__doc__, asked.f.__doc__, asked.C.__doc__) == (
        "Doc of module.",
        "Doc of f.",
        "own",
    )
    assert inspect.getsource(asked.f) == "def f():\n    return 1\n"


def test_docstrings_asked_for_by_the_notebook(project):
    metadata = {"octavo": {"docstrings": True}}
    project.cells(
        "asked.ipynb", "x = 1", "#! Doc of f.", "async def f():\n    return 1", metadata=metadata
    )
    assert importlib.import_module("asked").f.__doc__ == "Doc of f."


def test_future_imports_come_after_the_story(project):
    project.write(
        "future.md",
        "Story.\n\n```python\nfrom __future__ import annotations\ndef f(x: no): ...\n```\n",
    )
    assert importlib.import_module("future").f.__annotations__ == {"x": "no"}


def test_lines_are_shown_until_the_module_is_reloaded(project):
    path = project.write("analysis.md", STORY)
    analysis = importlib.import_module("analysis")
    linecache.checkcache()
    assert linecache.getline(str(path), 10) == "    return math.pi * r**2\n"
    assert linecache.getline(str(path), 1) == "\n"
    assert inspect.getsourcelines(analysis.area)[1] == 9
