"""Tell in words what a launch link does.

Faults of the link are named with the rule that they break; `octavo binder lint
--fix` repairs them. What is told is what the link was meant to do.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.binder.reading import Reading

USAGE = "URL ... [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "urls", nargs="*", metavar="URL", help="Launch links; - reads them from stdin, a line each."
    )
    add(
        "--parent-path",
        metavar="FOLDER",
        default="",
        help="Folder that the hub clones into (its NBGITPULLER_PARENTPATH).",
    )
    add("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Explain all links."""
    from octavo.binder import explain, reading
    from octavo.cli._binder_input import words_or_stdin

    urls = words_or_stdin(arguments.urls, "URL")
    records: list[dict[str, object]] = []
    for i, url in enumerate(urls):
        found = reading.read(url, parent=arguments.parent_path)
        if arguments.json:
            records.append(explain.record(found, url))
        else:
            _output.out("\n" * bool(i) + "".join(f"{line}\n" for line in _lines(found)))
    if arguments.json:
        _output.out_json({"links": records})
    return 0


def _lines(found: "Reading") -> "list[str]":
    from octavo.binder import explain, links

    lines = list(explain.words(found.launch))
    lines += [f"But: {fault.message} [{fault.rule}]." for fault in found.faults]
    if any(fault.is_fixed for fault in found.faults):
        lines.append(f"Better: {links.build(found.launch)}")
    return [_output.one_line(line) for line in lines]
