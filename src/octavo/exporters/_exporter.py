"""What an exporter is: a function from a Document to artifacts, and facts about it."""

from octavo.exporters import _typst

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from octavo.core.document import Document, Json
    from octavo.core.errors import Notice

    Export: TypeAlias = Callable[["Document", "Settings"], Iterable["Artifact"]]
    Entry: TypeAlias = tuple[str, "Document", "Settings"]
    Draw: TypeAlias = Callable[[str, dict[str, "Json"]], str | None]
    Typeset: TypeAlias = Callable[[dict[str, bytes], dict[str, "Json"]], bytes]
    ExportMany: TypeAlias = Callable[[Iterable["Entry"], "Settings"], Iterable["Artifact"]]


class Artifact:
    """A file that an exporter made: a relative path with "/", and its bytes.

    `notices` tell what could not be shown as asked.
    """

    __slots__ = ("data", "notices", "path")

    def __init__(self, path: str, data: bytes, notices: "Iterable[Notice]" = ()) -> None:
        self.path = path
        self.data = data
        self.notices = tuple(notices)

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Artifact({self.path!r}, {len(self.data)} bytes)"


class Settings:
    """What the person who exports wants.

    `stem` names the artifacts ("lesson" gives "lesson.html").  `title` and `language` (BCP 47)
    go before those of the document.  `css` is added to the theme.
    `resource(path)` returns the bytes of a file that the document names, relative to it, None
    when there is none; nothing else is ever read.  `library(name)` returns the script of
    "plotly", "vega" or "bokeh", None where it is not at hand; `draw(kind, specification)` returns
    the SVG of a chart of "vega" or "vega-lite", "" for one that cannot be drawn, None where none
    can be; `typeset(files, options)` is how Typst is asked (`_typst.compiled`).  `page` is the
    place of the document in a site ("guide/intro"), "" for one that stands alone.
    """

    __slots__ = (
        "contents",
        "css",
        "draw",
        "language",
        "library",
        "number_sections",
        "page",
        "resource",
        "standard",
        "stem",
        "title",
        "typeset",
    )

    def __init__(
        self,
        stem: str = "document",
        *,
        title: str = "",
        language: str = "",
        css: str = "",
        contents: bool = True,
        number_sections: bool = False,
        standard: str = "",
        resource: "Callable[[str], bytes | None] | None" = None,
        library: "Callable[[str], str | None] | None" = None,
        draw: "Draw | None" = None,
        typeset: "Typeset | None" = None,
        page: str = "",
    ) -> None:
        self.stem = stem
        self.title = title
        self.language = language
        self.css = css
        self.contents = contents
        self.number_sections = number_sections
        self.standard = standard
        self.resource = resource or _nothing
        self.library = library or _no_library
        self.draw = draw or _no_drawing
        self.typeset = typeset or _typst.compiled
        self.page = page


class Exporter:
    """A target: its name, the suffix of its main artifact, and the function that makes it.

    `export_many` makes one result of several documents, each with its settings; None: it cannot.
    `is_folder` tells that this is a folder of files, even of one document.
    """

    __slots__ = ("export", "export_many", "is_folder", "name", "suffix", "summary")

    def __init__(
        self,
        name: str,
        suffix: str,
        export: "Export",
        *,
        summary: str,
        export_many: "ExportMany | None" = None,
        is_folder: bool = False,
    ) -> None:
        self.is_folder = is_folder
        self.export_many = export_many
        self.name = name
        self.suffix = suffix
        self.export = export
        self.summary = summary

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Exporter({self.name!r})"


def _no_drawing(_kind: str, _specification: "dict[str, Json]") -> str | None:
    return None


def _no_library(_name: str) -> str | None:
    return None


def _nothing(_path: str) -> bytes | None:
    return None
