"""Find and repair launch links that go wrong, silently or not.

Links are looked for in Markdown, notebooks (sources of cells), HTML and other
texts; in a folder the files of its environment (binder/) are looked at too. Ends
with 1 when something is left to repair; advice does not count.
"""

import os

from octavo.cli import _output, attempt
from octavo.core.errors import OctavoError, OptionError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from octavo.binder.lint import Finding, Verdict
    from octavo.binder.remote import Remote

USAGE = "[URL | FILE | FOLDER ...] [options]"
_KINDS = {".ipynb": "notebook", ".html": "html", ".htm": "html", ".xhtml": "html"}
#: Texts that are looked at in folders; a file that is named is always looked at.
_SUFFIXES = frozenset(
    ".md .markdown .mdx .rst .txt .adoc .asciidoc .qmd .rmd .myst .tex .org .ipynb .html .htm "
    ".xhtml".split()
)
_PLURALS = {"error": "errors", "warning": "warnings"}
_SKIPPED = frozenset("node_modules __pycache__ site-packages".split())


class _Report:
    """What was found, and what became of the files."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.changed: list[str] = []
        self.links = 0
        self.fixed: dict[str, str] = {}
        self.code = 0


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "targets",
        nargs="*",
        metavar="PATH",
        help="Links, files, folders, or - for a text on stdin. Default: this folder.",
    )
    add("--fix", action="store_true",
        help="Repair what has one right answer, in place (links, stdin: to stdout).")  # fmt: skip
    add("-n", "--dry-run", action="store_true", help="With --fix: write nothing.")
    add("--diff", action="store_true", help="Show what --fix would change; write nothing.")
    add("--online", action="store_true",
        help="Ask the repositories (git ls-remote) for branches and files.")  # fmt: skip
    add(
        "--rename",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="A branch has a new name, such as master=main; may be repeated.",
    )
    add("--parent-path", metavar="FOLDER", default="",
        help="Folder that the hub clones into (its NBGITPULLER_PARENTPATH).")  # fmt: skip
    add("--rules", action="store_true", help="List the rules.")
    add("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Judge everything that was named; return 1 when something is left to repair."""
    if arguments.rules:
        _print_rules(as_json=arguments.json)
        return 0
    report = _Report()
    judge = _judge(arguments, report)
    for target in arguments.targets or ["."]:
        if target.startswith(("http://", "https://")):
            _lint_url(target, judge, arguments, report)
        elif target == "-":
            _lint_stdin(judge, arguments, report)
        else:
            _lint_path(target, judge, arguments, report)
    _sum_up(report, arguments)
    open_findings = [
        finding for finding in report.findings
        if finding.level != "advice" and not (_writes(arguments) and finding.fixable)
    ]  # fmt: skip
    return report.code or int(bool(open_findings))


def _judge(arguments: "Namespace", report: _Report) -> "Callable[[str], Verdict]":
    """Return the function that judges a link; every link and remote is judged once."""
    from octavo.binder.lint import check

    renames = [_rename(text) for text in arguments.rename]
    parent = arguments.parent_path.strip("/")
    remotes: dict[str, Remote] = {}
    verdicts: dict[str, Verdict] = {}

    def ask(url: str) -> "Remote":
        from octavo.binder.remote import Remote

        if url not in remotes:
            remotes[url] = Remote(url)
        return remotes[url]

    def judge(url: str) -> "Verdict":
        report.links += 1
        if url not in verdicts:
            verdicts[url] = check(
                url, parent=parent, renames=renames, ask=ask if arguments.online else None
            )
            report.fixed[url] = verdicts[url].fixed
        return verdicts[url]

    return judge


def _rename(text: str) -> tuple[str, str]:
    from octavo.binder.refs import check_ref

    old, equals, new = text.partition("=")
    if not equals:
        raise OptionError("OCT-O022", f"{text!r} is not OLD=NEW", hint="such as master=main")
    return check_ref(old), check_ref(new)


def _writes(arguments: "Namespace") -> bool:
    return bool(arguments.fix) and not arguments.dry_run and not arguments.diff


def _lint_url(
    url: str, judge: "Callable[[str], Verdict]", arguments: "Namespace", report: _Report
) -> None:
    verdict = judge(url)
    _tell(verdict.findings, arguments, report)
    if arguments.fix and not arguments.json:
        _output.out(verdict.fixed + "\n")


def _lint_stdin(judge: "Callable[[str], Verdict]", arguments: "Namespace", report: _Report) -> None:
    from octavo.binder.lint import lint_text
    from octavo.cli._binder_input import stdin_text

    findings, fixed = lint_text(stdin_text(), "text", judge)
    _tell([finding.at(_at("<stdin>", finding.span)) for finding in findings], arguments, report)
    if arguments.fix and not arguments.json:
        _output.out(fixed)


def _lint_path(
    path: str, judge: "Callable[[str], Verdict]", arguments: "Namespace", report: _Report
) -> None:
    names = [path]
    if os.path.isdir(path):
        names = list(_texts(path))
        _lint_environment(path, arguments, report)
    for name in names:
        result = attempt(lambda name=name: _lint_file(name, judge, arguments, report))  # type: ignore[misc]  # bound in the loop on purpose
        if isinstance(result, OctavoError):
            _output.error(result.in_file(name))
            report.code = max(report.code, result.exit_code)


def _lint_file(
    name: str, judge: "Callable[[str], Verdict]", arguments: "Namespace", report: _Report
) -> int:
    from octavo.binder.lint import lint_text
    from octavo.workspace.files import read_bytes

    text = read_bytes(name).decode("utf-8", "surrogateescape")
    kind = _KINDS.get(os.path.splitext(name)[1].lower(), "text")
    findings, fixed = lint_text(text, kind, judge)
    _tell([finding.at(_at(name, finding.span)) for finding in findings], arguments, report)
    _change(name, text, fixed, arguments, report)
    return 0


def _lint_environment(folder: str, arguments: "Namespace", report: _Report) -> None:
    """Judge the files that describe an environment in a folder."""
    from octavo.binder import lint_files
    from octavo.workspace.files import read_bytes

    found = tuple(name for name in lint_files.FOLDERS if os.path.isdir(os.path.join(folder, name)))
    sources = {}
    for name in lint_files.NAMES:
        path = os.path.join(folder, found[0], name)
        if os.path.isfile(path):
            text = read_bytes(path).decode("utf-8", "surrogateescape")
            sources[path] = lint_files.Source(text, is_executable=os.access(path, os.X_OK))
    findings = list(lint_files.findings(sources, found))
    findings += lint_files.checkpoints(_tracked(folder))
    _tell(findings, arguments, report)
    for path, source in sources.items():
        fixed = lint_files.repaired(path, source.text)
        _change(path, source.text, fixed, arguments, report)


def _tracked(folder: str) -> list[str]:
    """Return the automatic copies that git tracks in a folder."""
    from octavo.binder.remote import run_git

    if not any(os.path.exists(os.path.join(place, ".git")) for place in _above(folder)):
        return []
    done = run_git(["-C", folder, "ls-files", "-z", "--", "*.ipynb_checkpoints/*"])
    names = done.out.decode("utf-8", "surrogateescape").split("\0")
    return [os.path.normpath(os.path.join(folder, name)) for name in names if name]


def _above(folder: str) -> "Iterator[str]":
    place = os.path.abspath(folder)
    while True:
        yield place
        parent = os.path.dirname(place)
        if parent == place:
            return
        place = parent


def _texts(folder: str) -> "Iterator[str]":
    """Yield the texts in a folder, in the order of their names."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_skipped(place, name))
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() in _SUFFIXES:
                yield os.path.normpath(os.path.join(place, name))


def _is_skipped(place: str, name: str) -> bool:
    """Return whether a folder holds nothing that a person wrote."""
    if name.startswith(".") or name in _SKIPPED:
        return True
    return os.path.exists(os.path.join(place, name, "pyvenv.cfg"))


def _at(name: str, span: Span) -> Span:
    return Span(name, span.line, span.column)


def _tell(findings: "list[Finding]", arguments: "Namespace", report: _Report) -> None:
    """Print findings: to stdout, or to stderr where stdout is for what was repaired."""
    report.findings += findings
    if arguments.json:
        return
    say = _output.err if arguments.fix or arguments.diff else _output.out
    for finding in findings:
        if not (_writes(arguments) and finding.fixable):
            say(_output.one_line(str(finding)) + "\n")


def _change(name: str, text: str, fixed: str, arguments: "Namespace", report: _Report) -> None:
    """Write a repaired text, or say that it would be written."""
    if fixed == text:
        return
    report.changed.append(name)
    if arguments.diff:
        if not arguments.json:
            from octavo.cli._diff import unified

            shown = "".join(unified(text, fixed, name))
            _output.out(shown.replace("(converted)", "(repaired)", 1))
    elif _writes(arguments):
        from octavo.workspace.files import replace_file

        replace_file(name, fixed.encode("utf-8", "surrogateescape"))
        _output.err(_output.one_line(f"{name}: repaired") + "\n")
    elif arguments.fix:
        _output.err(_output.one_line(f"{name}: would be repaired") + "\n")


def _sum_up(report: _Report, arguments: "Namespace") -> None:
    counts: dict[str, int] = {}
    for finding in report.findings:
        name = "repaired" if finding.fixable and _writes(arguments) else finding.level
        counts[name] = counts.get(name, 0) + 1
    if arguments.json:
        _output.out_json({
            "findings": [_record(finding, report.fixed) for finding in report.findings],
            "changed": report.changed,
            "summary": {"links": report.links, **counts},
        })  # fmt: skip
        return
    told = ", ".join(
        f"{n} {_PLURALS.get(name, name) if n != 1 else name}" for name, n in counts.items()
    )
    _output.err(f"octavo: launch links: {report.links} read, {told or 'nothing to repair'}\n")


def _record(finding: "Finding", fixed: dict[str, str]) -> dict[str, object]:
    return {
        "file": finding.span.file,
        "line": finding.span.line,
        "column": finding.span.column,
        "rule": finding.rule,
        "level": finding.level,
        "message": finding.message,
        "fixable": finding.fixable,
        "url": finding.url,
        "fixed": fixed.get(finding.url, ""),
    }


def _print_rules(*, as_json: bool) -> None:
    from octavo.binder.lint_rules import RULES
    from octavo.cli import _table

    if as_json:
        rows = [{"rule": name, "level": row[0], "finds": row[1]} for name, row in RULES.items()]
        _output.out_json({"rules": rows})
        return
    table = [(name, *row) for name, row in RULES.items()]
    _output.out("".join(f"{line}\n" for line in _table.lines(("rule", "level", "finds"), table)))
