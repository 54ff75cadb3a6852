"""Prove a launch link on this machine: pull, open, look; nothing touches the network.

A real Jupyter server with nbgitpuller runs on 127.0.0.1, the repositories are
local ones (--map), and where Chromium is installed a real browser follows the link.
"""

import sys

from octavo.cli import _output
from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.binder.smoke import Step, Trial

USAGE = "URL ... --map REMOTE=LOCAL [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("urls", nargs="*", metavar="URL", help="Launch links; - reads them from stdin.")
    add(
        "--map",
        action="append",
        default=[],
        metavar="REMOTE=LOCAL",
        help="Local repository that stands for the one of the link, such as "
        "https://github.com/OWNER/REPO=. (again for each repository).",
    )
    add(
        "--python",
        metavar="PYTHON",
        default=sys.executable,
        help="Python of the environment with JupyterLab and nbgitpuller. Default: this one.",
    )
    add("--browser", metavar="PROGRAM", help="Chromium or Chrome. Default: the one installed.")
    add("--no-browser", action="store_true", help="Ask the server only.")
    add("--screenshot", metavar="PNG", help="Write a picture of what the browser shows.")
    add(
        "--parent-path",
        metavar="FOLDER",
        default="",
        help="Folder that the hub clones into (its NBGITPULLER_PARENTPATH).",
    )
    add("--online", action="store_true", help="Clone what is not mapped from the network.")
    add("--timeout", metavar="SECONDS", default="60", help="Longest wait for one step.")
    add("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Prove all links; the exit code is 1 if one is broken."""
    from octavo.binder._broken import BrokenLink
    from octavo.cli._binder_input import words_or_stdin

    urls = words_or_stdin(arguments.urls, "URL")
    trial = _trial(arguments)
    if arguments.screenshot and (not trial.browser or len(urls) > 1):
        why = "needs a browser" if not trial.browser else "takes the picture of one link"
        raise OptionError("OCT-O029", f"--screenshot {why}")
    code = 0
    records: list[dict[str, object]] = []
    for url in urls:
        record: dict[str, object] = {"url": url, "works": True, "steps": []}
        try:
            record["steps"] = _prove(url, trial, arguments)
        except BrokenLink as error:
            _output.error(error)
            record |= {"works": False, "code": error.code, "message": error.message}
            record["hint"] = error.hint
            code = error.exit_code
        records.append(record)
    if arguments.json:
        _output.out_json({"links": records})
    return code


def _prove(url: str, trial: "Trial", arguments: "Namespace") -> "list[dict[str, object]]":
    from contextlib import closing

    from octavo.binder import smoke
    from octavo.workspace import files

    records: list[dict[str, object]] = []
    # Closed here and now, whatever happens: the server and the browser end with the proof.
    with closing(smoke.prove(url, trial)) as steps:
        for step in steps:
            if not arguments.json:
                _print(step)
            if step.picture and arguments.screenshot:
                files.replace_file(arguments.screenshot, step.picture)
            seconds = round(step.seconds, 3)
            records.append({"name": step.name, "text": step.text, "seconds": seconds})
    return records


def _print(step: "Step") -> None:
    line = f"{step.name:<8} {step.text} ({step.seconds:.1f} s)"
    _output.out(_output.one_line(line) + "\n")
    _output.flush()


def _trial(arguments: "Namespace") -> "Trial":
    from octavo.binder.smoke import Trial

    return Trial(
        dict(map(_mapped, arguments.map)),
        arguments.python,
        browser=_browser(arguments),
        is_online=arguments.online,
        wants_picture=bool(arguments.screenshot),
        parent=arguments.parent_path.strip("/"),
        timeout_s=_seconds(arguments.timeout),
    )


def _mapped(word: str) -> tuple[str, str]:
    """Return the URL and the folder; a URL may hold `=`, so the last one that fits divides."""
    url, equals, path = word.rpartition("=")
    if not equals or not url or not path:
        raise OptionError(
            "OCT-B202", f"--map {word!r} maps nothing",
            hint="write --map https://github.com/OWNER/REPO=FOLDER",
        )  # fmt: skip
    return url, path


def _browser(arguments: "Namespace") -> str:
    import shutil

    from octavo.binder._devtools import find_browser

    if arguments.no_browser:
        return ""
    if arguments.browser is None:
        return find_browser()
    found: str | None = shutil.which(arguments.browser)
    if found is None:
        raise OptionError("OCT-B222", f"{arguments.browser}: no such program")
    return found


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86400:
        raise OptionError("OCT-O020", f"binder smoke: --timeout takes seconds, not {text!r}")
    return seconds
