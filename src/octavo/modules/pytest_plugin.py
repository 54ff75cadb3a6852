"""The pytest plugin: cells tagged `test` are tests, in notebooks of every format.

It is loaded in every run of pytest, so this file holds the hooks only and imports nothing; the
work is done in `_pytest_collect.py`, which is loaded at the first notebook that has tests.
`-p no:octavo` switches it off.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_SUFFIXES = frozenset(
    (".ipynb", ".md", ".myst", ".mystnb", ".mnb", ".markdown", ".Rmd", ".rmd", ".qmd", ".py")
)


def pytest_addoption(parser: "pytest.Parser") -> None:
    """Add our options."""
    group = parser.getgroup("octavo", "notebooks (octavo)")
    group.addoption(
        "--octavo-doctest", action="store_true", default=False,
        help="Run the examples (>>> ) in Markdown cells and docstrings of notebooks.",
    )  # fmt: skip
    group.addoption(
        "--octavo-outputs", action="store_true", default=False,
        help="Run notebooks again and compare their outputs with the stored ones.",
    )  # fmt: skip
    parser.addini("octavo_doctest", "As --octavo-doctest.", type="bool", default=False)
    parser.addini(
        "octavo_sanitize",
        "For --octavo-outputs: lines `REGEX -> TEXT`, applied to both sides.",
        type="linelist", default=[],
    )  # fmt: skip
    parser.addini(
        "octavo_tolerance", "For --octavo-outputs: how far numbers may differ, relatively.",
        default="0",
    )  # fmt: skip


def pytest_collect_file(file_path: "Path", parent: "pytest.Collector") -> "pytest.Collector | None":
    """Return the collector of a notebook that has tests, None for all other files."""
    if file_path.suffix not in _SUFFIXES:
        return None
    if file_path.suffix == ".py" and _is_for_pytest(file_path, parent):
        return None
    return _collector(file_path, parent)


def pytest_pycollect_makemodule(
    module_path: "Path", parent: "pytest.Collector"
) -> "pytest.Module | None":
    """Return the collector of a script in notebook form that was named on the command line."""
    if module_path.suffix != ".py" or _is_test_file(module_path, parent.config):
        return None
    return _collector(module_path, parent)


def _collector(path: "Path", parent: "pytest.Collector") -> "pytest.Module | None":
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if not _may_hold_tests(data, path.suffix, parent.config):
        return None
    from octavo.modules import _pytest_collect

    return _pytest_collect.collector(path, data, parent)


def _may_hold_tests(data: bytes, suffix: str, config: "pytest.Config") -> bool:
    """Return whether to look closer; most files are told apart here, without reading them."""
    if config.getoption("octavo_outputs") and suffix == ".ipynb":
        return True
    if b">>>" in data and (config.getoption("octavo_doctest") or config.getini("octavo_doctest")):
        return suffix != ".py" or b"\n# %%" in data or data.startswith(b"# %%")
    if b"test" not in data or b"tags" not in data:
        return False
    if suffix != ".py":
        return True
    return any(
        b"test" in line and b"tags" in line
        for line in data.split(b"\n")
        if line.startswith((b"# %%", b"# +", b"#%%", b"#+", "\ufeff# %%".encode()))
    )


def _is_for_pytest(path: "Path", parent: "pytest.Collector") -> bool:
    """Return whether pytest itself collects a script."""
    return parent.session.isinitpath(path) or _is_test_file(path, parent.config)


def _is_test_file(path: "Path", config: "pytest.Config") -> bool:
    from fnmatch import fnmatch

    patterns = config.getini("python_files")
    return path.name in ("__init__.py", "conftest.py") or any(
        fnmatch(path.name, pattern) or fnmatch(str(path), pattern) for pattern in patterns
    )
