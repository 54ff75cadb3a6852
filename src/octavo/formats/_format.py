"""What a format is: a reader, a writer, and what is told about them."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from octavo.core.document import Document, Origin
    from octavo.core.options import Options

    Read: TypeAlias = Callable[[str, Options, Origin], Document]
    Write: TypeAlias = Callable[[Document, Options], str]
    Sniff: TypeAlias = Callable[[str, str], Mapping[str, bool | str] | None]


class Keeps:
    """What a format carries, for `octavo formats` and for the report of `--check`.

    `cell_metadata`: "all", "code" (code cells only), "tags" or "none".  `raw`: raw cells stay
    raw.  `kinds`: cells keep their kind and borders.  `notebook_metadata`: the header carries
    notebook metadata.  Outputs, counts, ids and attachments are carried by ipynb alone.
    """

    __slots__ = ("cell_metadata", "kinds", "notebook_metadata", "outputs", "raw")

    def __init__(
        self,
        cell_metadata: str = "all",
        *,
        raw: bool = True,
        kinds: bool = True,
        notebook_metadata: bool = True,
        outputs: bool = False,
    ) -> None:
        self.cell_metadata = cell_metadata
        self.raw = raw
        self.kinds = kinds
        self.notebook_metadata = notebook_metadata
        self.outputs = outputs


class Format:
    """A text format: pure functions between text and Document, and facts about them.

    `suffixes` are the file suffixes; `default_for` those of them for which the format is
    written when nothing else is said, `assumed_for` those for which it is read when the text
    shows no sign of another (default: the same).  `version` is written into headers, `oldest`
    is the oldest version that can be read.  `sniff(text, suffix)` returns the options that it
    found when the text (header aside) is in this format, else None; formats are asked in the
    order of `rank`.  `options` names the options that reader or writer look at.
    """

    __slots__ = (
        "_write",
        "aliases",
        "assumed_for",
        "default_for",
        "keeps",
        "name",
        "oldest",
        "options",
        "rank",
        "read",
        "sniff",
        "suffixes",
        "summary",
        "version",
    )

    def __init__(
        self,
        name: str,
        suffixes: "tuple[str, ...]",
        read: "Read",
        write: "Write",
        *,
        summary: str,
        version: str = "1.0",
        oldest: str = "",
        options: "tuple[str, ...]" = (),
        keeps: Keeps | None = None,
        sniff: "Sniff | None" = None,
        rank: int = 100,
        aliases: "tuple[str, ...]" = (),
        default_for: "tuple[str, ...]" = (),
        assumed_for: "tuple[str, ...] | None" = None,
    ) -> None:
        self.name = name
        self.suffixes = suffixes
        self.read = read
        self._write = write
        self.summary = summary
        self.version = version
        self.oldest = oldest or version
        self.options = options
        self.keeps = keeps or Keeps()
        self.sniff = sniff
        self.rank = rank
        self.aliases = aliases
        self.default_for = default_for
        self.assumed_for = default_for if assumed_for is None else assumed_for

    def write(self, document: "Document", options: "Options", previous: str | None = None) -> str:
        """Return the text of *document*.

        With *previous*, the bytes of every cell that did not change since are copied from it,
        and the style of changed ones (marker spelling, quotes, blank lines) is kept where it
        can be: see `_previous.patch`.
        """
        text = self._write(document, options)
        if previous is None or previous == text:
            return text
        from octavo.formats._previous import patch

        return patch(self, document, options, text, previous)

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Format({self.name!r})"
