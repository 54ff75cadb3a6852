"""Put the extension of JupyterLab into the packages that hatchling builds.

A wheel and an sdist get what `tools/labextension.py` builds.  Where it cannot be built (no
Node.js) they are made without it, with a warning; an editable install never builds it.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

import labextension


class LabextensionHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the extension, and names the place where JupyterLab looks for it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the extension before the package is put together."""
        if version == "editable":
            return self._tell_editable()
        if not labextension.is_fresh():
            problem = labextension.missing()
            if problem:
                return self._warn(problem)
            labextension.build()
        if self.target_name == "wheel":
            build_data["shared_data"][str(labextension.BUILT)] = labextension.SHARED
        return None

    def _tell_editable(self) -> None:
        if not labextension.is_built():
            self.app.display_info("`make labextension` builds the extension of JupyterLab.")

    def _warn(self, problem: str) -> None:
        self.app.display_warning(
            f"{problem}: this package holds no extension of JupyterLab "
            "(the server extension and the commands work without it)."
        )
