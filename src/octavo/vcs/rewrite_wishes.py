"""What a rewrite is to do, and what it did."""

from octavo.vcs import blobs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Wishes:
    """What a rewrite is to do.

    `formats` are (pattern, format) pairs of which the first that fits a path holds; the pattern
    "" fits all.  `paths` narrow the notebooks that are meant.  `keeps` keeps notebooks beside
    their texts, `pairs` also notes the pair in both, `strips` takes outputs out of the kept ones.
    `refs` are patterns of `git for-each-ref`; without any, all branches, tags and notes.
    """

    __slots__ = ("formats", "keeps", "options", "pairs", "paths", "refs", "strips")

    def __init__(
        self,
        formats: "Iterable[tuple[str, str]]",
        *,
        paths: "Iterable[str]" = (),
        refs: "Iterable[str]" = (),
        keeps: bool = False,
        pairs: bool = False,
        strips: bool = False,
        options: "dict[str, bool | str] | None" = None,
    ) -> None:
        self.formats = tuple(formats)
        self.paths = tuple(paths)
        self.refs = tuple(refs)
        self.keeps = keeps or pairs
        self.pairs = pairs
        self.strips = strips
        self.options = options or {}

    def key(self) -> str:
        """Return what tells this wish from others, for the record of an earlier run."""
        flags = (self.keeps, self.pairs, self.strips)
        return repr((self.formats, self.paths, flags, sorted(self.options.items())))

    def format_of(self, path: str) -> str:
        """Return the format for a notebook, "" when it is not meant."""
        from octavo.core.globs import matches

        if self.paths and not any(matches(pattern, path) for pattern in self.paths):
            return ""
        fitting = (fmt for pattern, fmt in self.formats if not pattern or matches(pattern, path))
        return next(fitting, "")

    def recipe(self, fmt: str) -> blobs.Recipe:
        """Return what is to be made of a notebook that goes to *fmt*."""
        pair = f"ipynb,{fmt}" if self.pairs else ""
        return blobs.Recipe(
            fmt, keeps=self.keeps, pair=pair, strips=self.strips, options=self.options
        )


class Report:
    """What a rewrite did, or would do.

    `old_refs` and `refs` map each ref to its object before and after; `commits` maps old
    commits to new ones (both empty after a plan).  `problems` are (path, reason) of notebooks
    that stay, `taken` (path, name) of notebooks whose text name another file of the history
    has.  `unsigned` are commits and tags that lose a signature, `headers` (commit, name) of other
    headers that are lost, `attributes` the `.gitattributes` files of the history, `left` (ref,
    reason) of refs that stay.
    """

    def __init__(self) -> None:
        self.commit_count = 0
        self.reused_count = 0
        self.notebook_count = 0
        self.blob_count = 0
        self.bytes_before = 0
        self.bytes_after = 0
        self.problems: list[tuple[str, str]] = []
        self.taken: list[tuple[str, str]] = []
        self.unsigned: list[str] = []
        self.headers: list[tuple[str, str]] = []
        self.attributes: list[str] = []
        self.left: list[tuple[str, str]] = []
        self.old_refs: dict[str, str] = {}
        self.refs: dict[str, str] = {}
        self.commits: dict[str, str] = {}
