"""Import notebooks: after `import octavo.auto`, `import analysis` finds analysis.ipynb.

Also analysis.md, .Rmd, .qmd, .myst; an ordinary analysis.py goes first.  `uninstall()` takes it
back, `install(docstrings=True)` lets Markdown before a definition be its docstring, and
`reload_changed()` reloads the modules whose notebooks were edited.
"""

from octavo.modules.install import install, is_installed, uninstall

__all__ = ["install", "is_installed", "reload_changed", "uninstall"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.modules.reload import Reloaded


def reload_changed() -> "list[Reloaded]":
    """Reload the modules whose notebooks changed, in place, and tell what was done."""
    from octavo.modules import reload

    return reload.changed()


install()
