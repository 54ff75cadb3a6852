"""Let pdb find notebooks by name: `break analysis.md:7`.

From Python 3.13 on, pdb takes any name that does not end with `.py` for that of a module.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

_MARK = "_octavo_original"


def reach(pdb: "ModuleType") -> None:
    """Let `pdb` look for notebooks on the path, while they can be imported."""
    original = pdb.Pdb.lookupmodule
    if hasattr(original, _MARK):
        return

    def lookupmodule(self: object, filename: str) -> str | None:
        from octavo.modules import finder, install

        found = _path_of(filename) if finder.is_notebook(filename) else None
        if found and install.is_installed():
            return found
        answer: str | None = original(self, filename)
        return answer

    setattr(lookupmodule, _MARK, original)
    pdb.Pdb.lookupmodule = lookupmodule


def _path_of(filename: str) -> str | None:
    """Return the path of a notebook, absolute or on the path of Python, None if there is none."""
    for folder in ("", *sys.path):
        path = os.path.abspath(os.path.join(folder, filename))
        if os.path.isfile(path):
            return path
    return None
