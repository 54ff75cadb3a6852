r"""Octavo: one source, many editions.

    >>> import octavo
    >>> document = octavo.reads("# %% [markdown]\n# Hello\n\n# %%\n1 + 1\n", "py:percent")
    >>> [cell.kind for cell in document.cells]
    ['markdown', 'code']
    >>> print(octavo.writes(document, "md", notebook_metadata_filter="-all"))
    Hello
    <BLANKLINE>
    ```python
    1 + 1
    ```
    <BLANKLINE>

Names are imported when they are first used: `import octavo` alone costs nothing.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.api import convert as convert
    from octavo.api import execute as execute
    from octavo.api import export as export
    from octavo.api import pipe as pipe
    from octavo.api import read as read
    from octavo.api import reads as reads
    from octavo.api import transform as transform
    from octavo.api import update as update
    from octavo.api import write as write
    from octavo.api import writes as writes
    from octavo.core.document import Cell as Cell
    from octavo.core.document import Document as Document
    from octavo.core.document import Origin as Origin
    from octavo.core.errors import CellFailedError as CellFailedError
    from octavo.core.errors import FormatError as FormatError
    from octavo.core.errors import OctavoError as OctavoError
    from octavo.core.errors import OptionError as OptionError
    from octavo.core.errors import RunError as RunError
    from octavo.core.merge import merge as merge
    from octavo.core.options import Options as Options
    from octavo.editions.build import build as build
    from octavo.formats._format import Format as Format
    from octavo.formats._format import Keeps as Keeps
    from octavo.vcs.diff import diff as diff

_HOMES = {
    "Cell": "octavo.core.document",
    "CellFailedError": "octavo.core.errors",
    "Document": "octavo.core.document",
    "Format": "octavo.formats._format",
    "FormatError": "octavo.core.errors",
    "Keeps": "octavo.formats._format",
    "OctavoError": "octavo.core.errors",
    "OptionError": "octavo.core.errors",
    "Options": "octavo.core.options",
    "Origin": "octavo.core.document",
    "RunError": "octavo.core.errors",
    "build": "octavo.editions.build",
    "convert": "octavo.api",
    "diff": "octavo.vcs.diff",
    "execute": "octavo.api",
    "export": "octavo.api",
    "merge": "octavo.core.merge",
    "pipe": "octavo.api",
    "read": "octavo.api",
    "reads": "octavo.api",
    "transform": "octavo.api",
    "update": "octavo.api",
    "write": "octavo.api",
    "writes": "octavo.api",
}

#: What `%load_ext octavo` calls; IPython looks for it here.
_EXTENSION = {
    "load_ipython_extension": "octavo.modules.ipython",
    "unload_ipython_extension": "octavo.modules.ipython",
}

__all__ = [  # noqa: PLE0604  the names are texts
    "__version__",
    *sorted(_HOMES),
]


def __getattr__(name: str) -> object:
    """Import a public name at its first use."""
    home = _HOMES.get(name) or _EXTENSION.get(name)
    if home is None:
        raise AttributeError(f"module 'octavo' has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
