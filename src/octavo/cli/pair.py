"""Pair a document with files in other formats, and write those that are missing.

The list of formats is noted in the document (`jupytext.formats`), so that every member knows
the others. Members that exist already are merged with it. To pair a whole tree, write
`formats = "ipynb,py:percent"` into octavo.toml instead.
"""

import os

from octavo.cli import _syncing
from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from octavo.core.document import Document
    from octavo.workspace.find import Finder

USAGE = "FILE... --with FORMATS [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="The documents to pair.")
    parser.add_argument(
        "--with", dest="formats", metavar="FORMATS", required=True,
        help="The other members, such as py:percent,md or notebooks///ipynb,scripts///py.",
    )  # fmt: skip
    _syncing.add_flags(parser)


def run(arguments: "Namespace") -> int:
    """Pair all files."""
    from octavo.cli import attempt
    from octavo.core.errors import OctavoError
    from octavo.workspace.find import Finder

    finder = Finder()
    report = _syncing.Report(arguments)
    for path in arguments.files:

        def action(path: str = path) -> int:
            _pair(path, arguments.formats, finder, report)
            return 0

        result = attempt(action)
        if isinstance(result, OctavoError):
            report.fault(result)
    return report.finish(summary=False)


def _pair(path: str, wanted: str, finder: "Finder", report: _syncing.Report) -> None:
    from octavo.core.document import Document
    from octavo.workspace import files, pairs
    from octavo.workspace.find import own_formats
    from octavo.workspace.state import Store
    from octavo.workspace.sync import with_setting

    _, document = own_formats(path, look=True)
    if document is None:
        document = files.read_document(path, None, {})  # raises: there is no such file
    root = finder.root_of(path)
    old = finder.pair_of(path)
    formats = _whole_list(path, document, wanted, old.formats if old else "")
    pair = pairs.of_path(path, formats, root, document.metadata)
    is_other = old is not None and set(old.paths) != set(pair.paths)
    if len(pair.paths) == 1:
        raise OptionError(
            "OCT-O033",
            f"--with {wanted!r} names no other file",
            hint="for example --with py:percent",
        )
    if old is not None and is_other and not report.arguments.dry_run:
        # A member that is one no more would else call the others back.
        dropped = [one for one in old.paths if one not in pair.paths and os.path.lexists(one)]
        if _syncing.sync_one(old, finder, report, change=_forgetting(dropped)) is None:
            return
        Store(root).forget(old)
        for one in dropped:
            report.tell(f"{_syncing.shown(one)}: is no member any more; it stays")

    wants_no_header = b"notebook_metadata_filter" in files.read_bytes(path)

    def note(document: Document) -> Document:
        metadata = with_setting(document.metadata, "formats", formats)
        if not wants_no_header:
            # A text without header is read with the wish to stay so; but its pair must be told.
            metadata = with_setting(metadata, "notebook_metadata_filter", None)
        return document.with_(metadata=metadata)

    _syncing.sync_one(pair, finder, report, change=note)


def _forgetting(dropped: list[str]) -> "Callable[[Document], Document] | None":
    """Return the change that takes the pairing out of all members, if some leave the pair."""
    from octavo.workspace.sync import with_setting

    if not dropped:
        return None
    return lambda document: document.with_(
        metadata=with_setting(document.metadata, "formats", None)
    )


def _whole_list(path: str, document: object, wanted: str, known: str) -> str:
    """Return the list of all members: the file's own form first, those it had, then *wanted*."""
    from octavo.core.document import Document
    from octavo.workspace import pairs

    short = document.origin.format if isinstance(document, Document) else ""
    shorts = [part.strip() for part in wanted.split(",") if part.strip()]
    endings = {pairs.parse(part).ending for part in shorts}
    kept = [part for part in known.split(",") if part and pairs.parse(part).ending not in endings]
    if not kept and not any(path.endswith(ending) for ending in endings):
        kept = [short]
    return ",".join(sorted([*kept, *shorts], key=lambda part: not part.endswith("ipynb")))
