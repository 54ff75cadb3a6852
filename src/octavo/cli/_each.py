"""Do something to each document of a command; one that fails does not stop the others."""

from octavo.cli import _output, attempt
from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def each(
    names: "Iterable[str]", action: "Callable[[str], int]", report: list[dict[str, object]]
) -> int:
    """Call *action* with each name, and return the worst exit code.

    An error is printed, and added to *report*.
    """
    worst = 0
    for name in names:

        def one(name: str = name) -> int:
            return action(name)

        outcome = attempt(one)
        if isinstance(outcome, OctavoError):
            _output.error(outcome)
            report.append({"file": name, "error": str(outcome), "code": outcome.code})
            worst = max(worst, outcome.exit_code)
        else:
            worst = max(worst, outcome)
    return worst
