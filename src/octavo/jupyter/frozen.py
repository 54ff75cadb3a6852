"""Which cells are not run: the rule of the notebook interface, for routes through the server."""

import functools

from octavo.core.active import is_active
from octavo.core.document import Cell
from octavo.core.tags import marks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata

#: The group of states that tell whether a cell is run.
_GROUP = "run"


def is_frozen(metadata: "Metadata", source: str = "") -> bool:
    """Return whether a code cell is kept from running, in whichever dialect that is said.

    That a cell is active elsewhere only, or nowhere, keeps it from running, too.

    >>> is_frozen({"run_control": {"frozen": True}}), is_frozen({"tags": ["slow"]})
    (True, False)
    """
    marks = marks_of(Cell("code", source, metadata))
    return not (_marks().isdisjoint(marks) and is_active(metadata, ".ipynb"))


@functools.cache
def _marks() -> frozenset[str]:
    import json
    import pkgutil

    registry = json.loads(pkgutil.get_data("octavo.jupyter", "cell_states.json") or b"{}")
    return frozenset(
        state["mark"] for state in registry["states"] if state["group"] == _GROUP and state["mark"]
    )
