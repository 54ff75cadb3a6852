"""Write a base image on which others build with one line: `FROM NAME-onbuild:TAG`.

Into the folder of -o go a Dockerfile, the script that applies build files, base/ with what all
images share, and child/Dockerfile, the line for the others. --simulate shows, without Docker,
what is done for the base and for a child, command by command.
"""

import os

from octavo.binder.errors import BinderError
from octavo.cli import _output
from octavo.core.errors import Notice, OptionError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

USAGE = "NAME:TAG --from IMAGE:TAG [-o FOLDER] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("name", metavar="NAME", help="Name of the image, such as quay.io/school/course:2026.11.")
    add(
        "--from",
        dest="start",
        metavar="IMAGE",
        help="Image to start from, with Python, conda and a user 1000; it needs a tag.",
    )
    add("-o", "--output", metavar="FOLDER",
        help="Folder to write into. Default: the last part of NAME.")  # fmt: skip
    add("--simulate", metavar="FOLDER",
        help="Write nothing: show what is done for the child in this folder.")  # fmt: skip
    add("--force", action="store_true", help="Replace files that are different.")
    add("-n", "--dry-run", action="store_true", help="Say what would be written.")
    add("--json", action="store_true", help="Report as JSON on stdout.")
    add("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Write the files, or show the plan."""
    from octavo.binder import base_image

    base_image.check_image(arguments.name)
    if not arguments.start:
        raise OptionError(
            "OCT-O020", "binder base: no image to start from",
            hint="name one with --from, such as --from quay.io/jupyter/base-notebook:2026-01-05",
        )  # fmt: skip
    last = arguments.name.rpartition("/")[2].partition(":")[0]
    folder = arguments.output or last
    if arguments.simulate is not None:
        _simulate(arguments, folder)
    else:
        _write(arguments, folder)
    return 0


def _simulate(arguments: "Namespace", folder: str) -> None:
    """Print the plan; the base is the folder that was written, or what would be."""
    from shlex import join
    from tempfile import TemporaryDirectory

    from octavo.binder import base_image
    from octavo.workspace.files import replace_file

    with TemporaryDirectory() as empty:
        base = os.path.join(folder, base_image.BASE)
        if not os.path.isdir(base):
            base = empty
            files = base_image.files(arguments.name, arguments.start)
            for path, data in files.items():
                if path.startswith(f"{base_image.BASE}/"):
                    replace_file(os.path.join(base, os.path.basename(path)), data)
        rows = list(base_image.simulate(arguments.name, arguments.start, base, arguments.simulate))
    if arguments.json:
        _output.out_json({
            "steps": [
                {"image": row.image, "user": row.user, "words": list(row.words)} for row in rows
            ]
        })  # fmt: skip
        return
    for row in rows:
        words = " ".join(row.words) if row.user == "docker" else join(row.words)
        _output.out(_output.one_line(f"{row.image:<6} {row.user:<7} {words}") + "\n")


def _write(arguments: "Namespace", folder: str) -> None:
    from octavo.binder import base_image
    from octavo.workspace.files import make_folder, replace_file

    files = base_image.files(arguments.name, arguments.start)
    statuses = dict(_statuses(folder, files, is_forced=arguments.force))
    for path, status in statuses.items():
        if status in ("created", "updated") and not arguments.dry_run:
            name = os.path.join(folder, path)
            make_folder(os.path.dirname(name))
            replace_file(name, files[path])
    if arguments.json:
        _output.out_json({
            "image": base_image.onbuild_name(arguments.name),
            "dry_run": arguments.dry_run,
            "files": [{"path": os.path.join(folder, path), "status": status}
                      for path, status in statuses.items()],
        })  # fmt: skip
    elif not arguments.quiet:
        _warn(os.path.join(folder, base_image.BASE))
        for path, status in statuses.items():
            would = "would be " if arguments.dry_run and status in ("created", "updated") else ""
            _output.out(_output.one_line(f"{os.path.join(folder, path)}: {would}{status}") + "\n")


def _warn(base: str) -> None:
    from octavo.binder.base_image import lacks_puller

    if os.path.isdir(base) and lacks_puller(base):
        notice = Notice(
            "OCT-B144", "names no nbgitpuller, which launch links need", Span(base),
            hint="add it, unless the image below has it",
        )  # fmt: skip
        _output.err(_output.one_line(str(notice)) + "\n")


def _statuses(
    folder: str, files: dict[str, bytes], *, is_forced: bool
) -> "Iterator[tuple[str, str]]":
    """Yield each path with what becomes of it.

    The environment in base/ belongs to the user once it is there: it is kept.

    Raises: `BinderError` OCT-B142 for a file that is different.
    """
    from octavo.binder import base_image
    from octavo.workspace.files import read_bytes

    for path, data in files.items():
        name = os.path.join(folder, path)
        if path.startswith(f"{base_image.BASE}/") and os.path.isdir(os.path.dirname(name)):
            yield path, "kept" if os.path.exists(name) else "left out"
        elif not os.path.lexists(name):
            yield path, "created"
        elif read_bytes(name) == data:
            yield path, "unchanged"
        elif is_forced:
            yield path, "updated"
        else:
            raise BinderError(
                "OCT-B142", "is there already, and different", Span(name),
                hint="replace it with --force, or write into another folder with -o",
            )  # fmt: skip
