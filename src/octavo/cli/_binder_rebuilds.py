"""Foretell which commits make a hub build a new image, and how much of it.

For each commit of A..B, oldest first: whether the build branch changes, and with it the image.
With --direct the image is built from the branch of the content itself, without build branch.
"""

from octavo.cli import _output
from octavo.cli._binder_branch import add_wishes, wishes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.binder.rebuilds import Step

USAGE = "A..B [-C FOLDER] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("span", metavar="A..B", help="Commits, such as v1..main or HEAD~10.. (up to HEAD).")
    add_wishes(parser)
    add("--direct", action="store_true", help="The image is built from this branch itself.")
    add("-a", "--all", action="store_true", help="List commits that build nothing, too.")
    add("--check", action="store_true", help="Exit with 1 if an image would be built.")
    add("--json", action="store_true", help="Report as JSON on stdout.")


def run(arguments: "Namespace") -> int:
    """Foretell what is built; return 1 if a check asks for it."""
    from octavo.binder import rebuilds
    from octavo.binder.environment_files import NONE
    from octavo.binder.git_plumbing import Repository

    with Repository(arguments.repository) as repository:
        last = arguments.span.partition("..")[2] or "HEAD"
        wishes = wishes_of(arguments, repository, last)
        steps = list(
            rebuilds.foretell(repository, arguments.span, wishes, is_direct=arguments.direct)
        )
    built = [step for step in steps if step.cost not in (NONE, rebuilds.BROKEN)]
    broken = [step for step in steps if step.cost == rebuilds.BROKEN]
    if arguments.json:
        _output.out_json(_as_dict(steps, built, broken))
    else:
        shown = steps if arguments.all else [step for step in steps if step.cost != NONE]
        for step in shown:
            _tell(step, is_full=arguments.all)
        _output.out(
            f"{_number(len(steps), 'commit')}: {_number(len(built), 'rebuild')}"
            + (f", {len(broken)} broken" if broken else "")
            + "\n"
        )
    return int(bool(arguments.check and (built or broken)))


def _tell(step: "Step", *, is_full: bool) -> None:
    from octavo.binder.environment_files import NONE
    from octavo.binder.rebuilds import MEANINGS

    subject = _output.one_line(step.subject)
    _output.out(f"{step.commit[:10]} {MEANINGS[step.cost]}: {subject}\n")
    for change in step.changes:
        if is_full or change.cost != NONE:
            _output.out(f"  {change.cost:<12} {_output.one_line(change.path)}\n")
    if step.error is not None:
        _output.out(_output.one_line(f"  {step.error}") + "\n")


def _number(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _as_dict(steps: "list[Step]", built: "list[Step]", broken: "list[Step]") -> dict[str, object]:
    return {
        "commits": [
            {
                "commit": step.commit,
                "subject": step.subject,
                "builds": step.cost,
                "files": [{"path": one.path, "builds": one.cost} for one in step.changes],
                "error": None if step.error is None else str(step.error),
            }
            for step in steps
        ],
        "summary": {"commits": len(steps), "rebuilds": len(built), "broken": len(broken)},
    }
