"""What draws interactive outputs: scripts, from the Python packages that carry them.

Plotly and Bokeh have theirs as files, Vega's comes with `vl-convert-python`, which Altair uses to
save pictures.  Nothing is fetched: what is not installed is not there.
"""

import os

#: The package of a library and the files in it, which run one after the other.
_FILES = {
    "plotly": ("plotly", ("package_data/plotly.min.js",)),
    "bokeh": (
        "bokeh",
        tuple(f"server/static/js/bokeh{part}.min.js" for part in ("", "-widgets", "-tables")),
    ),
}
_FOUND: dict[str, str | None] = {}
_DISTRIBUTIONS = {"vega": "vl-convert-python"}


def script(name: str) -> str | None:
    """Return the script of "plotly", "bokeh" or "vega", None where it is not installed."""
    if name not in _FOUND:
        _FOUND[name] = _vega() if name == "vega" else _from_files(name)
    return _FOUND[name]


def version(name: str) -> str:
    """Return the version of the package that a library comes with, "" where it is not installed.

    What is drawn with it depends on that.
    """
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of(_DISTRIBUTIONS.get(name, name))
    except PackageNotFoundError:
        return ""


def _from_files(name: str) -> str | None:
    from importlib.util import find_spec

    from octavo.core.errors import FileError
    from octavo.workspace import files

    package, paths = _FILES.get(name, (name, ()))
    spec = find_spec(package) if paths else None
    if spec is None or not spec.origin:
        return None
    folder = os.path.dirname(spec.origin)
    try:
        parts = [files.read_bytes(os.path.join(folder, *path.split("/"))) for path in paths]
    except FileError:
        return None
    return "\n".join(part.decode("utf-8", "replace") for part in parts)


def _vega() -> str | None:
    from importlib import import_module

    try:
        module = import_module("vl_convert")
    except ImportError:
        return None
    return str(module.javascript_bundle())
