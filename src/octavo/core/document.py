"""The document model: cells and documents, both plain values.

A cell keeps the exact source that a person typed; nothing on the way from a file to a
`Document` and back may change it.  Values are never changed in place: `cell.with_(source=...)`
and `document.with_(cells=...)` return new ones.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal, TypeAlias

    from octavo.core.errors import Notice
    from octavo.core.raw_json import RawJson

    Kind: TypeAlias = Literal["code", "markdown", "raw"]
    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
    Metadata: TypeAlias = dict[str, Json]
    Outputs: TypeAlias = list[Json] | bytes | RawJson

_UNSET: "Json" = object()  # type: ignore[assignment]  # a mark that no caller can pass


class Cell:
    """One cell: its kind, exact source, metadata, and what only a notebook file holds.

    `outputs` is None for cells that have no such key (Markdown, raw), else a list in the form
    of nbformat 4.  Outputs that come from a file stay raw JSON until somebody asks:
    `raw_outputs` tells without decoding, `outputs` decodes at each access.
    `line` is the first line of the cell in the text it was read from, its marker included
    (1-based; 0 = unknown).  `extra` holds cell keys that nbformat does not know.
    """

    __slots__ = (
        "_outputs",
        "attachments",
        "execution_count",
        "extra",
        "id",
        "kind",
        "line",
        "metadata",
        "source",
    )

    kind: "Kind"
    source: str
    metadata: "Metadata"
    _outputs: "Outputs | None"
    execution_count: int | None
    attachments: "Metadata | None"
    id: str | None
    line: int
    extra: "Metadata | None"

    def __init__(
        self,
        kind: "Kind",
        source: str,
        metadata: "Metadata | None" = None,
        outputs: "Outputs | None" = None,
        execution_count: int | None = None,
        attachments: "Metadata | None" = None,
        id: str | None = None,  # noqa: A002  the name that nbformat uses
        line: int = 0,
        extra: "Metadata | None" = None,
    ) -> None:
        self.kind = kind
        self.source = source
        self.metadata = {} if metadata is None else metadata
        self._outputs = outputs
        self.execution_count = execution_count
        self.attachments = attachments
        self.id = id
        self.line = line
        self.extra = extra

    @property
    def raw_outputs(self) -> "Outputs | None":
        """The outputs as they are held: None, a list, or a JSON array nobody looked into."""
        return self._outputs

    @property
    def outputs(self) -> "list[Json] | None":
        """The outputs as a list of nbformat 4 outputs (decoded at each access), or None."""
        held = self._outputs
        if held is None or isinstance(held, list):
            return held
        from octavo.core.notebook import decode_outputs

        return decode_outputs(held)

    def with_(
        self,
        *,
        kind: "Kind | None" = None,
        source: str | None = None,
        metadata: "Metadata | None" = None,
        outputs: "Outputs | None" = _UNSET,  # type: ignore[assignment]
        execution_count: int | None = _UNSET,  # type: ignore[assignment]
        attachments: "Metadata | None" = _UNSET,  # type: ignore[assignment]
        id: str | None = _UNSET,  # type: ignore[assignment]  # noqa: A002
        line: int | None = None,
        extra: "Metadata | None" = _UNSET,  # type: ignore[assignment]
    ) -> "Cell":
        """Return a copy with these fields replaced.

        >>> Cell("code", "x = 1").with_(source="x = 2").source
        'x = 2'
        """
        return Cell(
            self.kind if kind is None else kind,
            self.source if source is None else source,
            self.metadata if metadata is None else metadata,
            self._outputs if outputs is _UNSET else outputs,
            self.execution_count if execution_count is _UNSET else execution_count,
            self.attachments if attachments is _UNSET else attachments,
            self.id if id is _UNSET else id,
            self.line if line is None else line,
            self.extra if extra is _UNSET else extra,
        )

    def __eq__(self, other: object) -> bool:
        """Return whether all but `line` is equal (where a cell stood is not what it is)."""
        if not isinstance(other, Cell):
            return NotImplemented
        return (
            self.kind == other.kind
            and self.source == other.source
            and self.metadata == other.metadata
            and self.execution_count == other.execution_count
            and self.attachments == other.attachments
            and self.id == other.id
            and self.extra == other.extra
            and (self._outputs == other._outputs or self.outputs == other.outputs)
        )

    __hash__ = None  # type: ignore[assignment]  # metadata is a dict

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        metadata = f", {self.metadata!r}" if self.metadata else ""
        return f"Cell({self.kind!r}, {self.source!r}{metadata})"


class Origin:
    r"""Where a document came from, and the habits of that file which are not content.

    `format` is the short name such as "py:percent", `version` the format version that the
    header named; `newline` is "\n" or "\r\n"; `bom` tells whether a byte order mark led.
    """

    __slots__ = ("bom", "format", "newline", "path", "version")

    def __init__(
        self,
        path: str = "",
        format: str = "",  # noqa: A002  the word of the field
        *,
        version: str = "",
        newline: str = "\n",
        bom: bool = False,
    ) -> None:
        self.path = path
        self.format = format
        self.version = version
        self.newline = newline
        self.bom = bom

    def with_(self, **changes: str | bool) -> "Origin":
        """Return a copy with these fields replaced."""
        fields: dict[str, str | bool] = {name: getattr(self, name) for name in self.__slots__}
        fields.update(changes)
        return Origin(**fields)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Origin({self.path!r}, {self.format!r})"


class Document:
    """A whole notebook: a tuple of cells and the notebook's metadata.

    `nbformat_minor` is the minor version of nbformat 4 that an ipynb file of it declares.
    `notices` are the warnings of the reader.  `extra` holds unknown top-level keys.
    """

    __slots__ = ("cells", "extra", "metadata", "nbformat_minor", "notices", "origin")

    cells: tuple[Cell, ...]
    metadata: "Metadata"
    nbformat_minor: int
    origin: Origin
    notices: "tuple[Notice, ...]"
    extra: "Metadata | None"

    def __init__(
        self,
        cells: "Iterable[Cell]" = (),
        metadata: "Metadata | None" = None,
        nbformat_minor: int = 5,
        origin: Origin | None = None,
        notices: "Iterable[Notice]" = (),
        extra: "Metadata | None" = None,
    ) -> None:
        self.cells = tuple(cells)
        self.metadata = {} if metadata is None else metadata
        self.nbformat_minor = nbformat_minor
        self.origin = Origin() if origin is None else origin
        self.notices = tuple(notices)
        self.extra = extra

    def with_(
        self,
        *,
        cells: "Iterable[Cell] | None" = None,
        metadata: "Metadata | None" = None,
        nbformat_minor: int | None = None,
        origin: Origin | None = None,
        notices: "Iterable[Notice] | None" = None,
        extra: "Metadata | None" = _UNSET,  # type: ignore[assignment]
    ) -> "Document":
        """Return a copy with these fields replaced."""
        return Document(
            self.cells if cells is None else cells,
            self.metadata if metadata is None else metadata,
            self.nbformat_minor if nbformat_minor is None else nbformat_minor,
            self.origin if origin is None else origin,
            self.notices if notices is None else notices,
            self.extra if extra is _UNSET else extra,
        )

    @classmethod
    def from_nbformat(cls, notebook: "Mapping[str, Json]") -> "Document":
        """Return the document of a notebook in nbformat's dictionaries (version 3 or 4).

        Raises: `FormatError` OCT-N... when the dictionaries are no notebook.
        """
        from octavo.core.notebook import from_nbformat

        return from_nbformat(notebook)

    def to_nbformat(self) -> "dict[str, Json]":
        """Return the notebook as nbformat 4 dictionaries, multi-line strings joined."""
        from octavo.core.notebook import to_nbformat

        return to_nbformat(self)

    def __eq__(self, other: object) -> bool:
        """Return whether cells, metadata and version are equal, wherever they came from."""
        if not isinstance(other, Document):
            return NotImplemented
        return (
            self.cells == other.cells
            and self.metadata == other.metadata
            and self.nbformat_minor == other.nbformat_minor
            and self.extra == other.extra
        )

    __hash__ = None  # type: ignore[assignment]  # metadata is a dict

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Document({list(self.cells)!r}, {self.metadata!r})"
