"""What git does with notebooks in a repository: what of Octavo is active, and what of others."""

import os

from octavo.vcs import blocks, commands
from octavo.vcs.setup import NAME, config_text, places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.vcs.filter_process import Rules
    from octavo.vcs.git import Git

#: Settings of other tools that do the same: two of them get in each other's way.
_RIVALS = {
    "diff.jupyternotebook.command": "nbdime", "merge.jupyternotebook.driver": "nbdime",
    "filter.nbstripout.clean": "nbstripout", "diff.ipynb.textconv": "nbstripout",
    "filter.jupyternotebook.clean": "nbdev", "merge.nbdev-merge.driver": "nbdev",
}  # fmt: skip


class Status:
    """What is active: `attributes` of a notebook, `settings`, and tools that do the same.

    `gone` is the Python that git would start and that is no longer there.
    """

    __slots__ = ("attributes", "global_", "gone", "local", "rivals", "settings")

    def __init__(self) -> None:
        self.local = False
        self.global_ = False
        self.gone = ""
        self.attributes: dict[str, str] = {}
        self.settings: dict[str, str] = {}
        self.rivals: list[str] = []


def status(git: "Git", environ: "Mapping[str, str]") -> Status:
    """Return what is active in a repository."""
    found = Status()
    for is_global in (False, True):
        text = config_text(places(git, is_global=is_global, environ=environ))
        is_there = text is not None and blocks.has_block(text)
        if is_global:
            found.global_ = is_there
        else:
            found.local = is_there
    found.attributes = attributes_of(git)
    for key in ("diff.textconv", "merge.driver", "filter.process"):
        section, _, name = key.partition(".")
        full = f"{section}.{NAME}.{name}"
        code, out, _ = git.ask("config", "--get", full)
        if code == 0:
            found.settings[full] = os.fsdecode(out).strip()
            python = commands.python_of(found.settings[full])
            if python and not os.access(python, os.X_OK):
                found.gone = python
    for key, tool in _RIVALS.items():
        if git.ask("config", "--get", key)[0] == 0:
            found.rivals.append(f"{tool} ({key})")
    return found


def other_tools(git: "Git") -> dict[str, str]:
    """Return what the attributes of a notebook name that is not ours: {"filter": "lfs"}."""
    return {
        kind: value
        for kind, value in attributes_of(git).items()
        if value not in (NAME, "unspecified", "unset", "set")
    }


def attributes_of(git: "Git") -> dict[str, str]:
    """Return the attributes that git finds for a notebook."""
    code, out, _ = git.ask("check-attr", "-z", "diff", "merge", "filter", "--", "x.ipynb")
    words = os.fsdecode(out).split("\0") if code == 0 else []
    return {words[n + 1]: words[n + 2] for n in range(0, len(words) - 2, 3)}


def rules_of(git: "Git") -> "Rules | None":
    """Return what our filter makes of notebooks here, None where there is no such filter."""
    import shlex

    from octavo.vcs.filter_process import Rules

    code, out, _ = git.ask("config", "--get", f"filter.{NAME}.process")
    if code or attributes_of(git).get("filter") != NAME:
        return None
    try:
        words = shlex.split(os.fsdecode(out).replace(";", " "))
    except ValueError:
        return None
    fmt = words[words.index("--convert") + 1] if "--convert" in words[:-1] else ""
    return Rules(outputs="--strip-outputs" in words, counts="--strip-counts" in words, format=fmt)
