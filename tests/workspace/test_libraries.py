"""Scripts of plotting libraries are found in their packages, or they are not there."""

import sys

import pytest

from octavo.workspace import libraries


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(libraries, "_FOUND", {})
    kept = sys.modules.pop("vl_convert", None)  # other tests have drawn charts, or will
    yield
    sys.modules.pop("vl_convert", None)
    if kept is not None:
        sys.modules["vl_convert"] = kept


def package(folder, name, **files):
    for path, text in {"__init__.py": "raise RuntimeError('imported')", **files}.items():
        place = folder / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")


def test_a_script_is_read_without_importing_its_package(tmp_path, monkeypatch):
    package(tmp_path, "plotly", **{"package_data/plotly.min.js": "plot()"})
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert libraries.script("plotly") == "plot()"


def test_what_is_not_installed_or_unknown_is_not_there(tmp_path, monkeypatch):
    package(tmp_path, "bokeh")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert libraries.script("bokeh") is None
    assert libraries.script("plotly") is None
    assert libraries.script("vega") is None
    assert libraries.script("jquery") is None


def test_vega_comes_from_the_package_that_bundles_it(tmp_path, monkeypatch):
    (tmp_path / "vl_convert.py").write_text("def javascript_bundle(): return 'vega()'", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert libraries.script("vega") == "vega()"
