"""Sites and books of editions: each document is a page that is kept, and all are joined."""

import os

from octavo.core.errors import FileError, Notice, Span
from octavo.editions.make import File, css_of
from octavo.editions.plan import BOOK, target_path
from octavo.workspace import apart, files, libraries, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.editions.plan import Site, Unit
    from octavo.exporters._exporter import Settings
    from octavo.exporters.site import SitePage

_FOLDER, _SUFFIX = "pages", ".json"


def page(
    unit: "Unit", fmt: str, document: "Document", settings: "Settings", removed: list[str]
) -> bytes:
    """Return the page of a document as JSON; *removed* is what must not be in the site."""
    import json

    from octavo.exporters import epub, site

    path = os.path.splitext(unit.source)[0]
    render = epub.render if fmt == BOOK else site.render
    rendered = render(path, document, settings)
    notices = [[one.code, one.message, one.span.line, one.hint] for one in rendered.notices]
    kept = {
        "page": rendered.to_json(), "removed": removed, "source": unit.path, "notices": notices,
    }  # fmt: skip
    return json.dumps(kept, ensure_ascii=True, sort_keys=True).encode("ascii")


def join(site_: "Site", pages: list[bytes], inputs: list[str]) -> tuple[list[File], list[Notice]]:
    """Return the files of a site or a book and what is to be told about it.

    Raises: `EditionError` for an assertion that does not hold, `OptionError` for two documents
    that would be one page, `FileError` for a missing style sheet.
    """
    import json

    from octavo.exporters import epub, site
    from octavo.exporters._exporter import Settings

    write = site_.write
    kept = [json.loads(data) for data in pages]
    settings = Settings(
        site_.stem, title=write.text("title"), language=write.text("lang"),
        contents=write.values.get("contents") is not False,
        css=css_of(site_.units[0].root, write, inputs), library=libraries.script,
        typeset=apart.typeset,
    )  # fmt: skip
    rendered: list[SitePage] = []
    for one in kept:
        rendered.append(site.SitePage.from_json(one["page"]))
        rendered[-1].source = one["source"]
        rendered[-1].notices = [
            Notice(code, message, Span("", line), hint=hint)
            for code, message, line, hint in one["notices"]
        ]
    _lift(rendered)
    made: list[File] = []
    notices: list[Notice] = []
    is_book = write.format == BOOK
    for artifact in epub.join(rendered, settings) if is_book else site.join(rendered, settings):
        notices += artifact.notices
        path = target_path(site_.units[0].folder, write, "", artifact.path)
        made.append(File(path, artifact.data, write.format))
    asserted = site_.edition.texts("assert")
    if asserted:
        from octavo.editions import checks

        removed = list(dict.fromkeys(text for one in kept for text in one["removed"]))
        checks.check_files(asserted, Span(site_.units[0].path), made, removed)
    return made, notices


def _lift(pages: "list[SitePage]") -> None:
    """Let pages lie from the folder that holds all of them: its index is the first page.

    Links name the places that their documents have in the project, so these stay as aliases.
    """
    folders = [os.path.dirname(page.path) for page in pages]
    top = os.path.commonpath(folders) if folders else ""
    if top:
        for page in pages:
            page.alias, page.path = page.path, page.path.removeprefix(f"{top}/")


class Kept:
    """The pages that are kept between builds, by their hash, in the folder of our state."""

    def __init__(self, root: str) -> None:
        self._store = state.Store(root)
        self._folder = os.path.join(self._store.folder, _FOLDER)
        self._fresh: dict[str, bytes] = {}

    def add(self, digest: str, data: bytes, *, writes: bool) -> None:
        """Keep a page."""
        self._fresh[digest] = data
        if writes:
            self._store.prepare()
            files.make_folder(self._folder)
            self._store.disk.note(os.path.join(self._folder, digest + _SUFFIX), data)

    def get(self, digest: str) -> bytes | None:
        """Return a page, None when it is kept no more, or is damaged."""
        from octavo.editions.manifest import digest as digest_of

        if digest in self._fresh:
            return self._fresh[digest]
        try:
            data = files.read_regular(os.path.join(self._folder, digest + _SUFFIX))
        except FileError:
            return None
        return data if digest_of(data) == digest else None

    def tidy(self, wanted: set[str]) -> None:
        """Remove pages that are not wanted any more."""
        for name in os.listdir(self._folder) if os.path.isdir(self._folder) else ():
            if name.removesuffix(_SUFFIX) not in wanted:
                self._store.disk.remove(os.path.join(self._folder, name))
