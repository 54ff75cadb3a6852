"""Look for what is wrong with an installation, and say what to do about it.

Who owns the contents of Jupyter, whether the extensions are there and enabled, whether Jupytext
is active too, kernels whose program is gone, configuration, pairs and git. Nothing is changed.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FOLDER] [--json]"
_MARKS = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="FOLDER",
        help="The project whose configuration, pairs and git are looked at. Default: this one.",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")


def run(arguments: "Namespace") -> int:
    """Print what was found; 1 when something is wrong."""
    import os

    from octavo.core.errors import FileError, Span
    from octavo.jupyter import doctor

    if not os.path.isdir(arguments.folder):
        raise FileError("OCT-W001", "no such folder", Span(arguments.folder))
    findings = list(doctor.examine(arguments.folder))
    problems = [found for found in findings if found.state == doctor.PROBLEM]
    if arguments.json:
        _output.out_json(
            [
                {"check": one.check, "state": one.state, "text": one.text, "hint": one.hint}
                for one in findings
            ]
        )
    else:
        for one in findings:
            text = _output.one_line(one.text)
            _output.out(f"{_MARKS[one.state]} {one.check}: {text}\n")
            if one.hint:
                _output.out(f"        -> {_output.one_line(one.hint)}\n")
        told = f"{len(problems)} problem{'s' * (len(problems) != 1)}" if problems else "all is well"
        _output.out(f"{told}\n")
    return 1 if problems else 0
