"""Find side effects, rot and misspelt tags in the cells of notebooks.

Cells that run on import and do more than define are told; `--fix` tags them
active-ipynb, so that they run in the notebook only. Cells that take no part are
checked too. Ends with 1 when something is left to mend.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from octavo.modules.lint import Finding

USAGE = "[FILE|FOLDER ...] [options]"
_TAG = "active-ipynb"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("files", nargs="*", metavar="FILE|FOLDER", help="What to check. Default: this folder.")
    add("--fix", action="store_true",
        help="Tag cells with side effects; paired files follow.")  # fmt: skip
    add("--tag", metavar="TAG", help=f"The tag that --fix applies ({_TAG}); implies --fix.")
    add("--select", metavar="CODES", default="",
        help="Only these rules, as OCT-L102,L2 (the beginning of a code is enough).")  # fmt: skip
    add("--ignore", metavar="CODES", default="", help="All but these rules.")
    add("--rules", action="store_true", help="List the rules.")
    add("-n", "--dry-run", action="store_true", help="With --fix: write nothing.")
    add("--output-format", choices=("text", "github", "json"), default="text",
        help="How to print: text, github (annotations) or json.")  # fmt: skip
    add("--json", action="store_true", help="Print JSON.")
    add("-q", "--quiet", action="store_true", help="Print findings and errors only.")


def run(arguments: "Namespace") -> int:
    """Check everything that was named; return 1 when something is left."""
    from octavo.cli import _output, attempt
    from octavo.core.errors import OctavoError, OptionError

    if arguments.rules:
        return _print_rules(as_json=arguments.json)
    tag = arguments.tag or _TAG
    if not tag.startswith("active-"):
        raise OptionError("OCT-O051", f"--tag {tag!r} switches no cell off", hint=f"--tag {_TAG}")
    wanted, unwanted = _codes(arguments.select), _codes(arguments.ignore)
    found: list[Finding] = []
    code = 0
    for name in arguments.files or ["."]:
        for path, is_named in _documents(name):

            def action(path: str = path, *, is_named: bool = is_named) -> int:
                found.extend(_check(path, arguments, tag, wanted, unwanted, is_named=is_named))
                return 0

            result = attempt(action)
            if isinstance(result, OctavoError) and result.code == "OCT-M001":
                _tell(f"{path}: skipped: {result.message}", arguments)
            elif isinstance(result, OctavoError):
                _output.error(result)
                code = max(code, result.exit_code)
    if found or not code or arguments.json:
        _report(found, arguments)
    return code or int(bool(found))


def _documents(name: str) -> "Iterator[tuple[str, bool]]":
    """Yield the notebooks in *name*, and whether they were named; scripts need markers."""
    if not os.path.isdir(name):
        yield name, True
        return
    from octavo.workspace.find import walk

    for path in walk(name)[0]:
        yield os.path.normpath(path), False


def _check(
    path: str,
    arguments: "Namespace",
    tag: str,
    wanted: list[str],
    unwanted: list[str],
    *,
    is_named: bool,
) -> "list[Finding]":
    from octavo.modules import lint
    from octavo.workspace import files

    data = files.read_bytes(path)
    if not is_named and not _is_notebook(path, data):
        return []

    def findings_in(data: bytes) -> "list[Finding]":
        found = [one for one in lint.check(data, path) if _is_wanted(one.rule, wanted, unwanted)]
        lint.mark_fixable(found, data, path)
        return found

    found = findings_in(data)
    is_fixing = arguments.fix or arguments.tag
    fixable = [finding for finding in found if finding.is_fixable]
    if not is_fixing or not fixable:
        return found
    if arguments.dry_run:
        _tell(f"{path}: would tag {_cells(fixable)} {tag}", arguments)
        return found
    while fixable:  # a cell may be needed only by one that is tagged now
        document = files.read_document(path, None, {})
        if not files.write_document(lint.with_tag(document, fixable, tag), path, None, {}):
            break
        _tell(f"{path}: tagged {_cells(fixable)} {tag}", arguments)
        found = findings_in(files.read_bytes(path))
        fixable = [finding for finding in found if finding.is_fixable]
    from octavo.cli import _syncing

    _syncing.follow(path)
    return found


def _cells(findings: "list[Finding]") -> str:
    count = len({finding.index for finding in findings})
    return f"{count} cell{'s' * (count != 1)}"


def _is_notebook(path: str, data: bytes) -> bool:
    """Return whether a file that nobody named is a notebook: not a plain text or script."""
    if path.endswith((".ipynb", ".qmd", ".Rmd", ".myst")):
        return True
    if path.endswith(".py"):
        return b"\n# %%" in data or data.startswith(b"# %%") or b"jupytext:" in data[:4096]
    return path.endswith(".md") and (b"jupytext:" in data[:4096] or b"kernelspec:" in data[:4096])


def _codes(text: str) -> list[str]:
    from octavo.core.errors import OptionError, did_you_mean
    from octavo.modules.lint_rules import RULES

    codes = [code.strip().upper() for code in text.split(",") if code.strip()]
    codes = [code if code.startswith("OCT-") else f"OCT-{code}" for code in codes]
    for code in codes:
        if not any(rule.startswith(code) for rule in RULES):
            hint = did_you_mean(code, list(RULES)) or "`octavo lint --rules` lists them"
            raise OptionError("OCT-O052", f"no rule is called {code!r}", hint=hint)
    return codes


def _is_wanted(rule: str, wanted: list[str], unwanted: list[str]) -> bool:
    return (not wanted or rule.startswith(tuple(wanted))) and not (
        bool(unwanted) and rule.startswith(tuple(unwanted))
    )


def _report(found: "list[Finding]", arguments: "Namespace") -> None:
    from octavo.cli import _output

    if arguments.json or arguments.output_format == "json":
        _output.out_json([_record(finding) for finding in found])
        return
    for finding in found:
        if arguments.output_format == "github":
            _output.out(
                f"::warning file={finding.path},line={finding.line},title={finding.rule}::"
                f"{_output.one_line(finding.message)}\n"
            )
        else:
            _output.out(_output.one_line(str(finding)) + "\n")
    fixable = sum(finding.is_fixable for finding in found)
    told = f"octavo: {len(found)} finding{'s' * (len(found) != 1)}"
    if fixable:
        told += f", {fixable} of them mended by --fix --tag {_TAG}"
    _tell(told if found else "octavo: nothing found", arguments)


def _record(finding: "Finding") -> "dict[str, object]":
    return {
        "file": finding.path,
        "line": finding.line,
        "cell": finding.cell,
        "cell_index": finding.index,
        "cell_line": finding.row,
        "code": finding.rule,
        "message": finding.message,
        "fixable": finding.is_fixable,
    }


def _print_rules(*, as_json: bool) -> int:
    from octavo.cli import _output
    from octavo.modules.lint_rules import RULES

    if as_json:
        _output.out_json(RULES)
    else:
        _output.out("".join(f"{code}  {text}\n" for code, text in RULES.items()))
    return 0


def _tell(text: str, arguments: "Namespace") -> None:
    from octavo.cli import _output

    if not arguments.quiet:
        _output.err(_output.one_line(text) + "\n")
