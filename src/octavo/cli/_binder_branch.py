"""Make or renew the branch that images are built from, without touching the working tree.

The branch holds build files only (environment.yml, requirements.txt, apt.txt, postBuild, ...),
taken from a commit of the content, with nbgitpuller and the interface added where they are
missing. The same files make no new commit, so that changes of the content build no image.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.binder.build_branch import Target, Update
    from octavo.binder.environment_build import Wishes
    from octavo.binder.git_plumbing import Repository

USAGE = "[BRANCH] [-C FOLDER] [--content REF] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("branch", nargs="?", default="binder-build", metavar="BRANCH",
        help="Branch to make or renew. Default: binder-build.")  # fmt: skip
    add_wishes(parser)
    add("--content", metavar="REF", default="HEAD",
        help="Commit of the content to take the files from. Default: HEAD.")  # fmt: skip
    add(
        "--adopt",
        action="store_true",
        help="Go on from a branch that was not made by this command; its history is kept.",
    )
    add("-n", "--dry-run", action="store_true", help="Say what would change.")
    add("--json", action="store_true", help="Report as JSON on stdout.")
    add("-q", "--quiet", action="store_true", help="Print errors only.")


def add_wishes(parser: "ArgumentParser") -> None:
    """Add the arguments that tell what the branch is to offer."""
    from octavo.binder.environment_build import INTERFACES

    add = parser.add_argument
    add("-C", "--repository", metavar="FOLDER", default=".",
        help="Folder of the repository. Default: this one.")  # fmt: skip
    add("--app", choices=tuple(INTERFACES), default="lab",
        help="Application that links open. Default: lab.")  # fmt: skip
    add(
        "--install",
        choices=("path", "editable", "none"),
        default="path",
        help="How the package in the content is made importable: by a path file, by an editable "
        "installation when a kernel starts, or not at all. Default: path.",
    )
    add("--extra", action="append", default=[], dest="extras", metavar="NAME",
        help="Install an optional group of the package too; may be repeated.")  # fmt: skip
    add("--include", action="append", default=[], metavar="PATH",
        help="Take over another file or folder; may be repeated.")  # fmt: skip
    add(
        "--folder",
        metavar="NAME",
        help="Folder that the content is cloned into. Default: the last part of its address.",
    )
    add("--remote", metavar="NAME", default="origin",
        help="Remote where the branch is published. Default: origin.")  # fmt: skip


def run(arguments: "Namespace") -> int:
    """Make or renew the branch."""
    from octavo.binder import build_branch
    from octavo.binder.git_plumbing import Repository
    from octavo.binder.uncommitted import uncommitted

    target = build_branch.Target(arguments.branch, arguments.remote, adopt=arguments.adopt)
    with Repository(arguments.repository) as repository:
        wishes = wishes_of(arguments, repository, arguments.content)
        result = build_branch.update(
            repository, arguments.content, wishes, target, is_dry_run=arguments.dry_run
        )
        if arguments.content == "HEAD":
            result.notices += uncommitted(repository, result.source)
    _tell(result, target, arguments)
    return 0


def wishes_of(arguments: "Namespace", repository: "Repository", source: str) -> "Wishes":
    """Return what the branch is to offer; the remote is asked only if there is a package."""
    from octavo.binder import build_branch, environment_build
    from octavo.binder.snapshot import Snapshot

    folder = arguments.folder
    if folder is not None:
        build_branch.check_folder(folder)
    elif arguments.install != environment_build.NOTHING:
        commit = build_branch.find_commit(repository, source)
        if environment_build.has_package(Snapshot(repository, commit.tree)):
            folder = build_branch.content_folder(repository, arguments.remote)
    return environment_build.Wishes(
        arguments.app, extras=arguments.extras, include=arguments.include,
        folder=folder or "", install=arguments.install,
    )  # fmt: skip


def _tell(result: "Update", target: "Target", arguments: "Namespace") -> None:
    if arguments.json:
        _output.out_json(_as_dict(result, target, is_dry_run=arguments.dry_run))
        return
    if arguments.quiet:
        return
    for notice in result.notices:
        _output.err(_output.one_line(str(notice)) + "\n")
    would = "would be " if arguments.dry_run and result.status != "unchanged" else ""
    told = f"{target.branch}: {would}{result.status}"
    if result.status != "unchanged" and not arguments.dry_run:
        told += f" ({result.commit[:10]})"
    _output.out(told + "\n")
    for path, kind in result.changes:
        _output.out(f"  {kind:<8} {_output.one_line(path)}\n")
    if result.status != "unchanged" and not arguments.dry_run:
        from shlex import join

        command = join(["git", "push", target.remote, target.branch])
        _output.err(_output.one_line(f"octavo: publish it: {command}") + "\n")


def _as_dict(result: "Update", target: "Target", *, is_dry_run: bool) -> dict[str, object]:
    return {
        "branch": target.branch,
        "status": result.status,
        "dry_run": is_dry_run,
        "content": result.source,
        "parent": result.parent or None,
        "tree": result.tree,
        "commit": result.commit or None,
        "changes": [{"path": path, "change": kind} for path, kind in result.changes],
        "warnings": [
            {"code": notice.code, "file": notice.span.file, "line": notice.span.line,
             "message": notice.message, "hint": notice.hint}
            for notice in result.notices
        ],
    }  # fmt: skip
