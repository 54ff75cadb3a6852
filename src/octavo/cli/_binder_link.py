"""Make a launch link: one environment, one content repository, one file.

`octavo binder link OWNER/REPO lesson.ipynb` builds the branch binder-build of the
repository and opens the file of its default branch. The long form names both:
--environment gh:OWNER/REPO --environment-ref REF --content URL --branch BRANCH FILE
"""

from octavo.binder.links import BINDER, KINDS, MYBINDER
from octavo.cli import _output
from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.binder.links import Content, Launch
    from octavo.binder.providers import Environment

USAGE = "[OWNER/REPO] [FILE ...] [options]"
BUILD_BRANCH = "binder-build"
_MARKUPS = ("markdown", "rst", "html", "asciidoc")


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "words",
        nargs="*",
        metavar="FILE",
        help="The repository (without --environment and --content), then the files to open, a "
        "link for each; - reads files from stdin, a line each. Without a file the folder opens.",
    )
    add(
        "--environment",
        metavar="REPOSITORY",
        help="What the image is built from: gh:OWNER/REPO, gl:GROUP/PROJECT, gist:USER/ID, "
        "git:URL, zenodo:DOI, figshare:DOI, dataverse:DOI, hydroshare:ID, ckan:URL, or a URL.",
    )
    add("--environment-ref", metavar="REF", help="Its branch, tag or commit.")
    add("--content", metavar="URL", help="Repository that is pulled at launch.")
    add("--branch", metavar="BRANCH", default="", help="Its branch. Default: its default branch.")
    add("--hub", metavar="URL", default=MYBINDER, help=f"The hub. Default: {MYBINDER}.")
    add(
        "--kind",
        choices=KINDS,
        default=BINDER,
        help="What the hub is; lti is a JupyterHub behind Canvas and others, server a single "
        "Jupyter server. Default: binder.",
    )
    add("--server", metavar="NAME", default="", help="Named server of a JupyterHub.")
    add(
        "--app",
        metavar="APP",
        default="lab",
        help="Application: lab, notebook, notebooks, doc, classic, rstudio, shiny, voila. "
        "Default: lab.",
    )
    add("--urlpath", metavar="ADDRESS", default="", help="Address to open instead of a file.")
    add("--target-path", metavar="FOLDER", default="", help="Folder to clone into.")
    add("--parent-path", metavar="FOLDER", default="",
        help="Folder that the hub clones into (its NBGITPULLER_PARENTPATH).")  # fmt: skip
    add("--depth", metavar="N", help="Commits to fetch; 0 fetches all. Default: 1.")
    add("--backup", action="store_true", help="Rename a folder that is there already.")
    add("--pin", action="store_true",
        help="Replace the ref of the environment by its commit (asks git ls-remote).")  # fmt: skip
    add("--badge", choices=_MARKUPS, help="Print a badge in this markup instead of the link.")
    add("--qr", metavar="PATH", help="Write a QR code of the link: a file .svg or .png.")
    add("--open", action="store_true", help="Open the link in the browser.")
    add("-n", "--dry-run", action="store_true", help="Write and open nothing.")
    add("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Print the links; write and open what was asked for."""
    start, files = _start(arguments)
    launches = [_opening(start, file, arguments) for file in files]
    if arguments.qr and len(launches) > 1:
        raise OptionError("OCT-O024", "several links cannot share one QR code")
    _print(launches, arguments)
    if arguments.qr:
        _write_code(launches[0], arguments)
    if arguments.open and not arguments.dry_run:
        _open(launches)
    return 0


def _start(arguments: "Namespace") -> "tuple[Launch, list[str]]":
    """Return the launch without a file, and the files."""
    from octavo.binder.links import Launch, hub_url

    words = list(arguments.words)
    repository = ""
    if not arguments.environment and not arguments.content:
        if not words:
            raise OptionError(
                "OCT-O020", "binder link: no repository given",
                hint="write `octavo binder link OWNER/REPO FILE`, or name --environment",
            )  # fmt: skip
        repository = words.pop(0)
    launch = Launch(
        hub_url(arguments.hub),
        arguments.kind,
        environment=_environment(arguments, repository),
        content=_content(arguments, repository),
        server=arguments.server,
        parent=arguments.parent_path.strip("/"),
    )
    return launch, _files(words)


def _files(words: list[str]) -> list[str]:
    from octavo.cli._binder_input import words_or_stdin

    return words_or_stdin(words, "file") if words else [""]


def _environment(arguments: "Namespace", repository: str) -> "Environment | None":
    """Return what is built; by convention the branch binder-build of the content."""
    from octavo.binder.providers import environment

    if arguments.kind != BINDER:
        if arguments.environment or arguments.environment_ref:
            raise OptionError(
                "OCT-O029", f"--kind {arguments.kind} builds no environment",
                hint="leave --environment out: the hub has its own",
            )  # fmt: skip
        return None
    if arguments.environment:
        found = environment(arguments.environment, arguments.environment_ref or "")
    else:
        ref = arguments.environment_ref or BUILD_BRANCH
        found = environment(repository or arguments.content, ref)
    if not arguments.pin:
        return found
    if not found.clone_url:
        raise OptionError("OCT-O029", "--pin has nothing to resolve: the environment has no branch")
    from octavo.binder.remote import Remote

    return found.at(Remote(found.clone_url).pinned(found.ref or "HEAD"))


def _content(arguments: "Namespace", repository: str) -> "Content | None":
    from octavo.binder.links import Content
    from octavo.binder.providers import repository_url

    named = arguments.content or repository
    if not named:
        if arguments.branch or arguments.target_path or arguments.depth or arguments.backup:
            raise OptionError(
                "OCT-O020", "binder link: --branch, --target-path, --depth and --backup need "
                "--content", hint="name the repository to pull",
            )  # fmt: skip
        return None
    return Content(
        repository_url(named),
        arguments.branch,
        target=arguments.target_path.strip("/"),
        depth=_depth(arguments.depth),
        backup=arguments.backup,
    )


def _depth(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise OptionError("OCT-O020", f"binder link: --depth takes a number, not {text!r}")
    return int(text)


def _opening(start: "Launch", file: str, arguments: "Namespace") -> "Launch":
    """Return the launch that opens a file, the folder, or an address."""
    from octavo.binder.links import check_path

    if arguments.urlpath:
        if file:
            raise OptionError("OCT-O029", "a file and --urlpath exclude each other")
        return start.with_(address=arguments.urlpath)
    return start.with_(app=arguments.app, path=check_path(file))


def _print(launches: "list[Launch]", arguments: "Namespace") -> None:
    from octavo.binder import badges, links

    if arguments.json:
        _output.out_json({"links": [_record(launch, arguments) for launch in launches]})
        return
    if arguments.qr == "-":
        return
    for launch in launches:
        text = badges.badge(launch, arguments.badge) if arguments.badge else links.build(launch)
        _output.out(text + "\n")


def _record(launch: "Launch", arguments: "Namespace") -> dict[str, object]:
    from octavo.binder import badges, explain, links
    from octavo.binder.reading import Reading

    record = explain.record(Reading(launch, []), links.build(launch))
    if arguments.badge:
        record["badge"] = badges.badge(launch, arguments.badge)
    return record


def _write_code(launch: "Launch", arguments: "Namespace") -> None:
    """Write the QR code; - is SVG to stdout."""
    import os

    from octavo.binder import links, qr
    from octavo.workspace import files

    suffix = ".svg" if arguments.qr == "-" else os.path.splitext(arguments.qr)[1]
    data = qr.code(links.build(launch), suffix)
    if arguments.qr == "-":
        _output.out_bytes(data)
    elif arguments.dry_run:
        _output.err(_output.one_line(f"{arguments.qr}: would be written") + "\n")
    else:
        is_new = files.replace_file(arguments.qr, data)
        _output.err(
            _output.one_line(f"{arguments.qr}: {'written' if is_new else 'unchanged'}") + "\n"
        )


def _open(launches: "list[Launch]") -> None:
    import webbrowser

    from octavo.binder import links

    for launch in launches:
        webbrowser.open(links.build(launch))
