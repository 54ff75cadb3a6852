"""Rewrite the history of a repository: notebooks become text in every commit.

Each distinct notebook is converted once, everything else passes through: merges, tags, notes,
renames, submodules. Without --in-place the new history stands below refs/rewritten/ and nothing
else changes; with it, the old refs are kept and --undo brings them back.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from octavo.vcs.git import Git
    from octavo.vcs.rewrite_wishes import Report, Wishes

USAGE = "--to FORMAT [options]"
_STEP_PERCENT = 10


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--to", action="append", default=[], metavar="[PATTERN=]FORMAT",
        help="The text format, such as md or py:percent; with a pattern, for these paths only "
        "(the first that fits holds). May be repeated.",
    )  # fmt: skip
    parser.add_argument(
        "--paths", action="append", default=[], metavar="PATTERN",
        help="The notebooks that are meant, such as '*/*.ipynb'. Default: all. May be repeated.",
    )  # fmt: skip
    parser.add_argument(
        "--refs", action="append", default=[], metavar="PATTERN",
        help="The refs that are rewritten, such as refs/heads/main. Default: all branches, tags "
        "and notes. May be repeated.",
    )  # fmt: skip
    parser.add_argument(
        "--keep-ipynb", action="store_true", help="Keep the notebooks beside their texts."
    )
    parser.add_argument(
        "--pair", action="store_true",
        help="Keep them, and note in both that they are paired.",
    )  # fmt: skip
    parser.add_argument(
        "--strip-outputs", action="store_true", help="Take outputs out of the kept notebooks."
    )
    parser.add_argument(
        "--in-place", action="store_true", help="Put the new refs in the place of the old ones."
    )
    parser.add_argument("--undo", action="store_true", help="Undo the last rewrite in place.")
    parser.add_argument(
        "--forget", action="store_true", help="Give up the refs that --undo would bring back."
    )
    parser.add_argument(
        "--map", default="", metavar="FILE", help="Where the commit map goes; default: in .git."
    )
    parser.add_argument(
        "-C", dest="folder", default=".", metavar="FOLDER", help="The repository. Default: here."
    )
    parser.add_argument(
        "-j", "--jobs", type=int, default=0, metavar="N",
        help="How many processes convert. Default: one for each processor.",
    )  # fmt: skip
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help="Say what would be done, and convert to see."
    )
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Print no progress.")


def run(arguments: "Namespace") -> int:
    """Rewrite, undo or forget; 1 when a notebook could not be converted."""
    from octavo.core.errors import OptionError
    from octavo.vcs import rewrite_refs
    from octavo.vcs.git import Git

    git = Git(arguments.folder)
    git.folder()
    if arguments.undo:
        back = rewrite_refs.undo(git)
        return _say(arguments, f"{_count(len(back), 'ref')} brought back", {"refs": back})
    if arguments.forget:
        count = rewrite_refs.forget(git)
        return _say(arguments, f"{_count(count, 'kept ref')} given up", {"forgotten": count})
    if not arguments.to:
        raise OptionError("OCT-O022", "git rewrite: --to is missing", hint="for example --to md")
    wishes = _wishes(arguments)
    if arguments.in_place and not arguments.dry_run:
        rewrite_refs.check(git)
    report = _rewritten(git, wishes, arguments)
    if arguments.json:
        _output.out_json(_record(report, arguments))
    else:
        _tell(report, arguments)
    return 1 if report.problems or report.taken else 0


def _wishes(arguments: "Namespace") -> "Wishes":
    from octavo.core.errors import OptionError
    from octavo.formats import _names
    from octavo.vcs.rewrite_wishes import Wishes

    formats = []
    for word in arguments.to:
        pattern, _, fmt = word.rpartition("=")
        if _names.parse(fmt).suffix == _names.IPYNB or fmt == "ipynb":
            raise OptionError("OCT-O010", "git rewrite goes to a text format, not to ipynb")
        formats.append((pattern, fmt))
    return Wishes(
        formats,
        paths=arguments.paths,
        refs=arguments.refs,
        keeps=arguments.keep_ipynb,
        pairs=arguments.pair,
        strips=arguments.strip_outputs,
    )


def _rewritten(git: "Git", wishes: "Wishes", arguments: "Namespace") -> "Report":
    import os
    from tempfile import TemporaryDirectory

    from octavo.vcs import rewrite_refs
    from octavo.vcs.rewrite import Rewrite
    from octavo.vcs.rewrite_state import State

    jobs = arguments.jobs or os.cpu_count() or 1
    tell = None if arguments.quiet or arguments.json else _progress()
    rewrite = Rewrite(git, wishes, processes=jobs, tell=tell)
    if arguments.dry_run:
        return rewrite.plan()
    own = os.path.join(git.folder(), "octavo", "rewrite")
    with TemporaryDirectory(prefix="octavo-rewrite-") as folder:
        report = rewrite.run(os.path.join(folder, "new.git"), State(own))
    rewrite_refs.write_map(arguments.map or os.path.join(own, "commit-map"), report.commits)
    if arguments.in_place:
        report.refs = rewrite_refs.publish_in_place(git, report)
    else:
        report.refs = rewrite_refs.publish_beside(git, report)
    return report


def _progress() -> "Callable[[int, int, str], None]":
    """Return what prints a line each tenth of the way."""
    told: dict[str, int] = {}

    def tell(done: int, count: int, what: str) -> None:
        percent = 100 * done // count if count else 100
        step = percent // _STEP_PERCENT
        if told.get(what) != step:
            told[what] = step
            _output.err(f"{what}: {done:,} of {count:,} ({percent} %)\n")

    return tell


def _tell(report: "Report", arguments: "Namespace") -> None:
    for path, reason in report.problems:
        _warn(f"{path}: kept as it is: {reason}")
    for path, text in report.taken:
        _warn(f"{path}: kept as it is: {text} is the name of another file")
    for name, reason in report.left:
        _warn(f"{name}: left as it is: {reason}")
    loses = "loses" if arguments.dry_run else "lost"
    for name in report.unsigned:
        _warn(f"{name}: {loses} its signature")
    for name, header in report.headers:
        _warn(f"{name}: {loses} its header {header!r}")
    for path in report.attributes:
        _warn(f"{path}: look whether its rules are meant for notebooks")
    would = "would be " if arguments.dry_run else ""
    reused = f" ({report.reused_count:,} known before)" if report.reused_count else ""
    lines = [
        f"{_count(report.commit_count, 'commit')} {would}rewritten{reused}",
        f"{_count(report.notebook_count, 'notebook')}, {report.blob_count:,} distinct contents",
        f"{report.bytes_before:,} bytes of notebooks, {report.bytes_after:,} bytes after",
    ]
    _output.out("\n".join(lines) + "\n")
    if arguments.dry_run:
        return
    for name, oid in sorted(report.refs.items()):
        _output.out(f"{oid} {name}\n")
    if arguments.in_place and report.refs:
        where = "" if arguments.folder == "." else f" -C {arguments.folder}"
        _output.out(f"undo with: octavo git rewrite{where} --undo\n")
    elif arguments.in_place:
        _output.out("nothing to change\n")


def _record(report: "Report", arguments: "Namespace") -> dict[str, object]:
    return {
        "dry_run": arguments.dry_run,
        "commits": report.commit_count,
        "reused": report.reused_count,
        "notebooks": report.notebook_count,
        "blobs": report.blob_count,
        "bytes_before": report.bytes_before,
        "bytes_after": report.bytes_after,
        "kept": [{"path": path, "reason": reason} for path, reason in report.problems],
        "taken": [{"path": path, "by": text} for path, text in report.taken],
        "left": [{"ref": name, "reason": reason} for name, reason in report.left],
        "unsigned": report.unsigned,
        "headers": [{"commit": name, "header": header} for name, header in report.headers],
        "attributes": report.attributes,
        "refs": report.refs,
    }


def _say(arguments: "Namespace", text: str, record: dict[str, object]) -> int:
    if arguments.json:
        _output.out_json(record)
    else:
        _output.out(text + "\n")
    return 0


def _warn(text: str) -> None:
    _output.err(_output.one_line(text) + "\n")


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}{'s' * (n != 1)}"
