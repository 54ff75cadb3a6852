"""Outputs of notebooks that git keeps as text: in the output store, where a project has one.

A filter makes text of a notebook on its way into git; on its way out, the notebook gets back what
the text could not carry.  A store that cannot be read or written is told, and changes nothing in
what git keeps.
"""

from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.core.document import Document
    from octavo.workspace.outputs import OutputStore, Stores


class KeptOutputs:
    """The output stores of the files that a filter sees; *tell* hears what went wrong."""

    def __init__(self, tell: "Callable[[str], None]") -> None:
        self._tell = tell
        self._stores: Stores | None = None

    def remember(self, document: "Document", path: str) -> None:
        """Keep the outputs of a notebook that becomes text."""
        from octavo.workspace import outputs

        try:
            store = self._store(path)
            if store is not None:
                outputs.remember(document, path, store)
        except OctavoError as error:
            self._tell(f"{path}: its outputs are not kept: {error.message} [{error.code}]")

    def recall(self, document: "Document", path: str) -> "Document":
        """Return a text that becomes a notebook with its outputs."""
        from octavo.workspace import outputs

        try:
            store = self._store(path)
            found = document if store is None else outputs.recall(document, path, store)
        except OctavoError as error:
            self._tell(f"{path}: its outputs are not there: {error.message} [{error.code}]")
            return document
        for notice in found.notices:
            self._tell(f"{path}: {notice.message} [{notice.code}]")
        return found

    def _store(self, path: str) -> "OutputStore | None":
        from octavo.workspace import config
        from octavo.workspace.outputs import Stores

        self._stores = self._stores or Stores()
        return self._stores.open_for(path, config.load(path))
