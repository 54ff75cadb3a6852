"""The one rule of active cells: for which targets does a cell take part?

A cell is active in a target when, in this order: it is frozen (`run_control.frozen`) only in
the notebook; its first tag `active-a-b` names the target; its `active="a,b"` names the target;
else everywhere.  Targets are suffixes without the dot ("ipynb", "py", "Rmd", "R"),
case-sensitive.

Source: the `active` cells of Jupytext (docs, "advanced options"), extended by frozen cells.
"""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata

_SEPARATOR = lazy(r"[.,]")


def is_active(metadata: "Metadata", suffix: str, *, default: bool = True) -> bool:
    """Return whether a cell with *metadata* is active in files that end with *suffix*.

    >>> is_active({"tags": ["active-ipynb"]}, ".py"), is_active({"active": "py,R"}, ".R")
    (False, True)
    """
    if not metadata:
        return default
    run_control = metadata.get("run_control")
    if isinstance(run_control, dict) and run_control.get("frozen") is True:
        return suffix == ".ipynb"
    target = suffix.replace(".", "")
    tags = metadata.get("tags")
    if isinstance(tags, (list, tuple)):
        for tag in tags:
            if isinstance(tag, str) and tag.startswith("active-"):
                return target in tag.split("-")
    active = metadata.get("active")
    if not isinstance(active, str):
        return default
    return target in _SEPARATOR.split(active)


def has_active_mark(metadata: "Metadata") -> bool:
    """Return whether *metadata* says at all where the cell is active (`active=` or a tag)."""
    if isinstance(metadata.get("active"), str):
        return True
    tags = metadata.get("tags")
    return isinstance(tags, (list, tuple)) and any(
        isinstance(tag, str) and tag.startswith("active-") for tag in tags
    )
