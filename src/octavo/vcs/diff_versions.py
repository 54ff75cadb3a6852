"""What is compared: versions of a file, read as documents, and pairs of them."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.vcs.filter_process import Rules


class Version:
    """One side of a file: how it is called, its path, and its bytes (None: it is not there).

    `rules` are those of a filter that it went through, or would go through, into git.
    """

    __slots__ = ("data", "label", "path", "rules")

    def __init__(
        self, label: str, path: str, data: bytes | None, rules: "Rules | None" = None
    ) -> None:
        self.label = label
        self.path = path
        self.data = data
        self.rules = rules

    def document(self) -> "Document":
        """Return the document; an empty one where the file is not there.

        Raises: `FormatError`, `OptionError` when it is no document.
        """
        from octavo.core.document import Document
        from octavo.formats import _names, _text
        from octavo.vcs.filter_process import clean
        from octavo.workspace import files

        if self.data is None:
            return Document()
        target = files.source_of(self.path, _names.Target())
        data = self.data
        if self.rules is not None and target.suffix == _names.IPYNB:
            data = clean(data, self.rules)
            if self.rules.format and data.lstrip()[:1] != b"{":
                target = _names.parse(self.rules.format)
        return _text.read_text(data, target, {}, self.path)


class Pair:
    """Two versions of a file, or of two files."""

    __slots__ = ("new", "old")

    def __init__(self, old: Version, new: Version) -> None:
        self.old = old
        self.new = new
