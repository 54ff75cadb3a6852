"""Which cells are not run, by the registry of cell states that the notebook interface has too."""

import functools

from octavo.core.document import Cell
from octavo.core.tags import marks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata

#: The group of states that tell whether a cell is run.
_GROUP = "run"


def is_frozen(metadata: "Metadata", source: str = "") -> bool:
    """Return whether a code cell is kept from running, in whichever dialect that is said.

    >>> is_frozen({"run_control": {"frozen": True}}), is_frozen({"tags": ["slow"]})
    (True, False)
    """
    return not _marks().isdisjoint(marks_of(Cell("code", source, metadata)))


@functools.cache
def _marks() -> frozenset[str]:
    import json
    import pkgutil

    registry = json.loads(pkgutil.get_data("octavo.jupyter", "cell_states.json") or b"{}")
    return frozenset(
        state["mark"] for state in registry["states"] if state["group"] == _GROUP and state["mark"]
    )
