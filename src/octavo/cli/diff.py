"""Show what changed between two documents: cells, not JSON.

A and B are files of any format, `REV:path`, or revisions of git; with one revision or none, the
working tree is compared with it (or with the last commit). Exit code 1 means that they differ.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.core.document import Document
    from octavo.vcs.diff_html import Entry
    from octavo.vcs.diff_versions import Pair

USAGE = "[A [B]] [-- PATH ...] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="A B",
        help="Files ('-' is stdin), REV:path, revisions, A..B, or two folders; then -- PATH ...",
    )
    parser.add_argument(
        "--outputs", action="store_true", help="Show the text of outputs, not only that they "
        "changed.",
    )  # fmt: skip
    parser.add_argument("--no-outputs", action="store_true", help="Do not look at outputs.")
    parser.add_argument("--metadata", action="store_true", help="Show metadata that changed.")
    parser.add_argument(
        "-U", "--unified", type=int, default=3, metavar="N", help="Lines about a change."
    )
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="Default: auto."
    )
    parser.add_argument("--html", default="", metavar="FILE", help="Write a page; '-' is stdout.")
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Only the exit code tells.")


def run(arguments: "Namespace") -> int:
    """Compare, show, and return 1 when something differs."""
    import sys

    from octavo.cli import attempt
    from octavo.core.errors import OctavoError
    from octavo.vcs import diff_sources

    words, paths = _split(arguments.words)
    entries: list[Entry] = []
    records: list[dict[str, object]] = []
    differs, worst = False, 0
    given = sys.stdin.buffer.read() if diff_sources.STDIN in words else b""
    for pair in diff_sources.find(words, paths, given=given):

        def action(pair: "Pair" = pair) -> int:
            return int(_compare(pair, arguments, entries, records))

        outcome = attempt(action)
        if isinstance(outcome, OctavoError):
            _output.error(outcome.in_file(pair.new.label))
            worst = max(worst, outcome.exit_code)
        else:
            differs |= bool(outcome)
    if arguments.html and not (worst and not entries):
        _write_page(entries, words, arguments)
    elif arguments.json:
        _output.out_json({"files": records})
    return worst or int(differs)


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Return what is compared, and the paths after `--` (or behind two words)."""
    if "--" in words:
        at = words.index("--")
        return words[:at], words[at + 1 :]
    return words[:2], words[2:]


def _compare(
    pair: "Pair", arguments: "Namespace", entries: "list[Entry]", records: list[dict[str, object]]
) -> bool:
    import sys

    from octavo.vcs import diff, diff_html, diff_json, diff_text

    old, new = pair.old.document(), pair.new.document()
    found = diff.diff(
        old, new, with_outputs=not arguments.no_outputs, with_metadata=arguments.metadata
    )
    old_name = pair.old.label if pair.old.data is not None else "(nothing)"
    new_name = pair.new.label if pair.new.data is not None else "(nothing)"
    if arguments.json:
        records.append(diff_json.record(found, old_name, new_name))
    elif arguments.html:
        if found:
            entries.append(diff_html.Entry(found, old_name, new_name, _language(new, old)))
    elif found and not arguments.quiet:
        color = _output.has_color(arguments.color, sys.stdout)
        _output.out(
            diff_text.render(
                found, old_name, new_name, color=color, around=max(0, arguments.unified),
                with_outputs=arguments.outputs,
            )
        )  # fmt: skip
    return bool(found)


def _language(new: "Document", old: "Document") -> str:
    for document in (new, old):
        for section, key in (("language_info", "name"), ("kernelspec", "language")):
            found = document.metadata.get(section)
            if isinstance(found, dict) and isinstance(found.get(key), str):
                return str(found[key]).lower()
    return "python"


def _write_page(entries: "list[Entry]", words: list[str], arguments: "Namespace") -> None:
    from octavo.vcs import diff_html
    from octavo.workspace import files

    heading = "Changes: " + (" → ".join(words) or "working tree")
    data = diff_html.page(entries, heading).encode("utf-8")
    if arguments.html == "-":
        _output.out_bytes(data)
    else:
        files.replace_file(arguments.html, data)
        if not arguments.quiet:
            _output.err(f"{arguments.html} written\n")
