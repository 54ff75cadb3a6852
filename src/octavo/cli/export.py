"""Export documents for readers: a page, a site, slides, a PDF, a Word file, a book.

Needs no configuration: what marks on cells hide is left out, images are put into the file, and
nothing is fetched. Outputs are those that the document has; `octavo run` renews them.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.exporters._exporter import Artifact, Entry, Exporter, Settings

USAGE = "FILE ... --to TARGET [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    from octavo.exporters import _index

    parser.add_argument("files", nargs="+", metavar="FILE", help="Documents in any format.")
    parser.add_argument(
        "--to", required=True, metavar="TARGET", help=f"One of: {', '.join(_index.names())}."
    )
    parser.add_argument(
        "-o", "--output", default="", metavar="FILE|FOLDER/",
        help="Where to write; '-' is stdout. Default: beside the document.",
    )  # fmt: skip
    parser.add_argument("--title", default="", help="Title in place of the document's own.")
    parser.add_argument("--lang", default="", help="Language of the text, such as 'de'.")
    parser.add_argument("--css", default="", metavar="FILE", help="Style sheet to add to a page.")
    parser.add_argument("--number-sections", action="store_true", help="Number the headings.")
    parser.add_argument("--no-contents", action="store_true", help="Leave out the contents.")
    parser.add_argument("--standard", default="", help="PDF standard, such as 'ua-1' or 'a-2b'.")
    parser.add_argument(
        "--static", action="store_true",
        help="Show plots that need scripts in another of their forms.",
    )  # fmt: skip
    parser.add_argument("-n", "--dry-run", action="store_true", help="Say what would be written.")
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Export each document; one that fails does not stop the others."""
    from octavo.cli._each import each
    from octavo.core.errors import OptionError
    from octavo.exporters import _index

    exporter = _index.get(arguments.to)
    if exporter.is_folder or _is_whole(exporter, arguments):
        return _export_together(exporter, arguments)
    if len(arguments.files) > 1 and arguments.output and not arguments.output.endswith("/"):
        raise OptionError(
            "OCT-O024", "several documents cannot go to one file",
            hint=f"-o {arguments.output}/ names a folder",
        )  # fmt: skip
    report: list[dict[str, object]] = []
    worst = each(arguments.files, lambda file: _export(file, exporter, arguments, report), report)
    if arguments.json:
        _output.out_json(report)
    return worst


def _is_whole(exporter: "Exporter", arguments: "Namespace") -> bool:
    """Return whether all documents go into the one file that is named.

    Raises: `OptionError` OCT-O024 for a folder without such a file.
    """
    import os

    from octavo.core.errors import OptionError

    if exporter.export_many is None:
        return False
    is_one = arguments.output.endswith(exporter.suffix) or arguments.output == "-"
    has_folder = any(map(os.path.isdir, arguments.files))
    if has_folder and not is_one:
        raise OptionError(
            "OCT-O024", "the documents of a folder go into one file",
            hint=f"name it: -o NAME{exporter.suffix}",
        )  # fmt: skip
    return is_one and (has_folder or len(arguments.files) > 1)


def _export(
    file: str, exporter: "Exporter", arguments: "Namespace", report: list[dict[str, object]]
) -> int:
    from octavo.api import read

    document = read(file)
    has_lines = any(cell.line for cell in document.cells)
    for artifact in exporter.export(document, _settings(file, arguments)):
        _tell(artifact, file, arguments, has_lines=has_lines)
        _write(file, artifact, arguments, report)
    return 0


def _tell(
    artifact: "Artifact", file: str, arguments: "Namespace", *, has_lines: bool = True
) -> None:
    """Print what could not be shown as asked."""
    from octavo.core.errors import Notice, Span

    lines = []
    for notice in artifact.notices:
        span = notice.span
        place = span if span.file else Span(file, span.line if has_lines else 0)
        lines.append(str(Notice(notice.code, notice.message, place, hint=notice.hint)))
    for text in [] if arguments.quiet else dict.fromkeys(lines):
        _output.err(_output.one_line(text) + "\n")


def _export_together(exporter: "Exporter", arguments: "Namespace") -> int:
    """Make one result of all documents; those that cannot be read are left out and told."""
    import os

    from octavo.api import read
    from octavo.cli._each import each
    from octavo.core.errors import OptionError

    if exporter.is_folder and arguments.output in ("", "-"):
        raise OptionError(
            "OCT-O024", f"a {exporter.name} is a folder of files", hint="name it: -o FOLDER/"
        )
    names = [os.path.abspath(file) for file in _files_of(arguments.files)]
    top = os.path.commonpath([os.path.dirname(name) for name in names]) if names else ""
    entries: list[Entry] = []
    report: list[dict[str, object]] = []

    def take(file: str) -> int:
        place = os.path.splitext(os.path.relpath(file, top))[0].replace(os.sep, "/")
        own = _settings(file, arguments)
        own.title = ""  # that of the whole
        entries.append((place, read(file), own))
        return 0

    worst = each(map(os.path.relpath, names), take, report)
    if entries and exporter.export_many is not None:
        whole = _settings(arguments.output, arguments)
        for artifact in exporter.export_many(entries, whole):
            _tell(artifact, "", arguments)
            _write(arguments.output, artifact, arguments, report, folder=exporter.is_folder)
    if arguments.json:
        _output.out_json(report)
    return worst


def _files_of(names: list[str]) -> list[str]:
    """Return the documents that are named, and those in the folders that are.

    A plain script in a folder is none.
    """
    import os

    from octavo.formats import _index
    from octavo.workspace import find
    from octavo.workspace.sniff import Sniffer

    prose = (".ipynb", *_index.suffixes_of("markdown"))
    sniffer = Sniffer()
    found: list[str] = []
    for name in names:
        if not os.path.isdir(name):
            found.append(name)
            continue
        inner = find.walk(name)[0]
        formats = sniffer.formats_of(one for one in inner if not one.endswith(prose))
        found += [one for one in inner if formats.get(one, one)]
    return found


def _settings(file: str, arguments: "Namespace") -> "Settings":
    import os

    from octavo.exporters._exporter import Settings
    from octavo.workspace import apart, files, libraries, resources

    css = files.read_bytes(arguments.css).decode("utf-8", "replace") if arguments.css else ""
    return Settings(
        os.path.splitext(os.path.basename(file))[0],
        title=arguments.title,
        language=arguments.lang,
        css=css,
        contents=not arguments.no_contents,
        number_sections=arguments.number_sections,
        standard=arguments.standard,
        resource=resources.reader(file),
        library=None if arguments.static else libraries.script,
        draw=apart.draw,
        typeset=apart.typeset,
    )


def _write(
    file: str,
    artifact: "Artifact",
    arguments: "Namespace",
    report: list[dict[str, object]],
    *,
    folder: bool = False,
) -> None:
    from octavo.workspace import files

    if arguments.output == "-":
        _output.out_bytes(artifact.data)
        return
    output = f"{arguments.output.rstrip('/')}/" if folder else arguments.output
    path = _place(file, artifact, output)
    changed = True
    if not arguments.dry_run:
        import os

        if os.path.dirname(path):
            files.make_folder(os.path.dirname(path))
        changed = files.replace_file(path, artifact.data)
    report.append({"file": file, "output": path, "changed": changed, "bytes": len(artifact.data)})
    if not (arguments.quiet or arguments.json):
        word = "would be written" if arguments.dry_run else "written" if changed else "unchanged"
        _output.err(f"{file}: {path} {word}\n")


def _place(file: str, artifact: "Artifact", output: str) -> str:
    import os

    if not output:
        return os.path.join(os.path.dirname(file), *artifact.path.split("/"))
    if output.endswith("/") or os.path.isdir(output):
        return os.path.join(output, *artifact.path.split("/"))
    return output
