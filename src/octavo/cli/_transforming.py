"""Read documents, change them, and put them where they go: shared by strip and select."""

from octavo.cli import _output
from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.core.document import Document

    Change: TypeAlias = Callable[[Document, str], Document]

_STDIN = "-"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add what all transforming commands have."""
    add = parser.add_argument
    add(
        "files", nargs="*", metavar="FILE",
        help="Documents in any format; - or nothing is stdin, and goes to stdout.",
    )  # fmt: skip
    add("--from", dest="source", default="", metavar="FORMAT",
        help="The format of stdin. Default: ipynb, if it is JSON.")  # fmt: skip
    add(
        "-t", "--to", default="", metavar="FORMAT",
        help="The format to write. Default: that of the document.",
    )  # fmt: skip
    add(
        "-o", "--output", default="", metavar="FILE",
        help="Write there, - is stdout. Default: the document itself.",
    )  # fmt: skip
    add("--check", action="store_true", help="Exit with 1 if a document would change.")
    add("-n", "--dry-run", action="store_true", help="Say what would change.")
    add("--json", action="store_true", help="Report as JSON on stdout.")
    add("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace", change: "Change") -> int:
    """Change each document; one that fails does not stop the others."""
    from octavo.cli._each import each

    names = arguments.files or [_STDIN]
    if len(names) > 1 and arguments.output:
        raise OptionError(
            "OCT-O024", "several documents cannot go to one file", hint="leave -o out"
        )
    report: list[dict[str, object]] = []
    worst = each(names, lambda name: _change(name, arguments, change, report), report)
    if arguments.json:
        _output.out_json(report)
    return worst


def _change(
    name: str, arguments: "Namespace", change: "Change", report: list[dict[str, object]]
) -> int:
    from octavo.workspace import files

    is_stdin = name == _STDIN
    data = _stdin() if is_stdin else files.read_bytes(name)
    document = _read(name, data, arguments.source)
    changed = change(document, name)
    output = arguments.output or name
    if changed is document and not arguments.to and output == name:
        new = data  # byte for byte, whatever its layout
    else:
        new = _bytes(changed, arguments.to, data, output)
    if output == _STDIN and not (arguments.check or arguments.dry_run or arguments.json):
        _output.out_bytes(new)
        return 0
    differs = new != data if output == name else True
    if not (arguments.check or arguments.dry_run) and output != _STDIN:
        differs = files.replace_file(output, new, data if output == name else files.ANYTHING)
    report.append({"file": name, "output": output, "changed": differs})
    if not (arguments.quiet or arguments.json):
        would = arguments.check or arguments.dry_run
        word = "would change" if would else "changed"
        _output.err(f"{_output.one_line(output)}: {word if differs else 'unchanged'}\n")
    return int(arguments.check and differs)


def _stdin() -> bytes:
    import sys

    buffer = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read().encode("utf-8") if buffer is None else buffer.read()


def _read(name: str, data: bytes, source: str) -> "Document":
    from octavo.core.errors import FormatError
    from octavo.formats import _names, _text
    from octavo.workspace import files

    said = _names.parse(source) if source else _names.Target()
    if name == _STDIN:
        name = "<stdin>"
        if not source and data.lstrip()[:1] == b"{":
            said = _names.Target(_names.IPYNB)
    else:
        said = files.source_of(name, said)
    try:
        return _text.read_text(data, said, {}, "" if name == "<stdin>" else name)
    except FormatError as error:
        raise error.in_file(name) from None


def _bytes(document: "Document", to: str, data: bytes, output: str) -> bytes:
    from octavo.formats import _names, _text
    from octavo.workspace import files

    origin = document.origin.format
    said = _names.parse(to) if to else _names.Target()
    if output != _STDIN and not to:
        said = files.target_of(output, said, origin)
    elif not to:
        said = _names.parse(origin or "ipynb")
    target = _text.settle_target(said, document.metadata, {})
    previous = None
    if str(target) == origin and not files.holds_outputs(target):
        previous = data.decode("utf-8", "replace")
    if files.holds_outputs(target):
        from octavo.core import ids

        document = ids.assign(document)
    return files.document_bytes(document, target, {}, previous)
