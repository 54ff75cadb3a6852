"""Look at pairs in git's index: a commit should hold all members of a pair, or none of the new.

`octavo sync --check` asks whether the members in the index agree, `--staged` whether the index
holds what the files hold now.
"""

from octavo.cli import attempt
from octavo.core.errors import OctavoError
from octavo.workspace import sync
from octavo.workspace.git_index import Index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.cli._syncing import Report
    from octavo.workspace.find import Finder
    from octavo.workspace.pairs import Pair


def look(pairs: "Sequence[Pair]", finder: "Finder", report: "Report", *, staged: bool) -> None:
    """Report the pairs whose members in the index do not fit together, or to the files."""
    indices: dict[str, Index] = {}

    def one(pair: "Pair") -> int:
        index = indices.get(pair.root)
        if index is None:
            index = indices[pair.root] = Index(pair.root)
        _look_at(pair, index, finder, report, staged=staged)
        return 0

    for pair in pairs:
        error = attempt(lambda pair=pair: one(pair))  # type: ignore[misc]
        if isinstance(error, OctavoError):
            report.fault(error)


def _look_at(
    pair: "Pair", index: Index, finder: "Finder", report: "Report", *, staged: bool
) -> None:
    conflicting = [name for name in pair.names if name in index.unmerged]
    if conflicting:
        report.difference(pair, f"git has not merged {', '.join(conflicting)} yet")
        return
    if staged:
        changed, new = index.left_out(pair)
        if changed:
            report.difference(pair, f"not staged as it is now: `git add {' '.join(changed)}`")
        if new:
            report.difference(
                pair, f"not in git: `git add {' '.join(new)}`, or name it in .gitignore"
            )
        if changed or new:
            return
    options = finder.config_of(pair.paths[0]).options_for(pair.paths[0])
    if not sync.agree(pair, index.contents(pair), options):
        names = [name for name in pair.names if name in index.blobs]
        report.difference(
            pair,
            f"{', '.join(names)} differ in git's index: sync, then `git add {' '.join(names)}`",
        )
