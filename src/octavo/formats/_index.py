"""The index of the formats: generated from the FORMAT objects by `make generate`.

It answers questions about names and suffixes without importing a format.  A file that is not
listed yet (a format just written) is found by looking into the folder.
"""

from octavo.core.languages import SCRIPT_SUFFIXES
from octavo.core.registry import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.formats._format import Format

# name: (module, suffixes, suffixes written by default, suffixes assumed when read, rank)
# fmt: off
_S = SCRIPT_SUFFIXES
TABLE: "dict[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], int]]" = {
    "ipynb": ("ipynb", (".ipynb",), (".ipynb",), (".ipynb",), 100),
    "percent": ("percent", _S, _S, (), 20),
    "hydrogen": ("hydrogen", _S, (), (), 10),
    "light": ("light", _S, (), _S, 40),
    "nomarker": ("nomarker", _S, (), (), 100),
    "sphinx": ("sphinx_gallery", (".py",), (), (), 50),
    "spin": ("spin", (".R", ".r"), (), (), 60),
    "marimo": ("marimo", (".py",), (), (), 30),
    "markdown": ("markdown", (".md", ".markdown"), (".md", ".markdown"), (".md", ".markdown"), 100),
    "myst": (
        "myst",
        (".md", ".myst", ".mystnb", ".mnb"),
        (".myst", ".mystnb", ".mnb"),
        (".myst", ".mystnb", ".mnb"),
        5,
    ),
    "rmarkdown": ("rmarkdown", (".Rmd",), (".Rmd",), (".Rmd",), 100),
    "quarto": ("quarto", (".qmd",), (".qmd",), (".qmd",), 100),
}
# fmt: on

ALIASES = {"bare": "nomarker", "sphinx-gallery": "sphinx"}
SUFFIXES = tuple(dict.fromkeys(suffix for row in TABLE.values() for suffix in row[1]))

_REGISTRY = Registry(
    {name: "octavo.formats." + row[0] for name, row in TABLE.items()}, "FORMAT", "octavo.formats"
)


def foreign() -> "list[Format]":
    """Return the formats that other distributions bring."""
    names = (name for name in _REGISTRY.names(foreign=True) if name not in TABLE)
    return [fmt for name in names if (fmt := get(name)) is not None]


def names() -> list[str]:
    """Return the names of all built-in formats."""
    return list(TABLE)


def module_of(name: str) -> str:
    """Return the module of a built-in format, or ""."""
    return TABLE[name][0] if name in TABLE else ""


def get(name: str) -> "Format | None":
    """Return the format of that name (importing its module), or None."""
    return _REGISTRY.get(ALIASES.get(name, name))  # type: ignore[return-value]


def suffixes_of(name: str) -> tuple[str, ...]:
    """Return the suffixes of a format, () when nobody knows it."""
    if name in TABLE:
        return TABLE[name][1]
    found = get(name)
    return found.suffixes if found else ()


def default_name(suffix: str, *, plain: bool = False) -> str:
    """Return the format that is written to files with that suffix when nothing is said.

    With *plain*, only where the suffix has that one meaning (`md`, `Rmd`; not scripts).
    """
    if plain and suffix in SCRIPT_SUFFIXES:
        return ""
    return next((name for name, row in TABLE.items() if suffix in row[2]), "")


def assumed_name(suffix: str) -> str:
    """Return the format that a text with that suffix is in when it shows no sign of another."""
    return next((name for name, row in TABLE.items() if suffix in row[3]), "")


def candidates(suffix: str) -> list[str]:
    """Return the formats that may recognise a text with that suffix, in the order to ask."""
    found = [name for name, row in TABLE.items() if suffix in row[1]]
    return sorted(found, key=lambda name: TABLE[name][4])
