"""JSON that stays as it is in the text it was read from, until somebody asks for its value."""


class RawJson:
    """A slice of a JSON text: the outputs of a cell, kept without a copy.

    `source` is the whole text (or its UTF-8 bytes), `start` and `stop` are offsets in it;
    `ascii` tells that it is known to hold nothing but ASCII.
    """

    __slots__ = ("ascii", "source", "start", "stop")

    def __init__(
        self,
        source: "str | bytes",
        start: int,
        stop: int,
        *,
        ascii: bool = False,  # noqa: A002  the word of the methods of texts
    ) -> None:
        self.source = source
        self.ascii = ascii
        self.start = start
        self.stop = stop

    def piece(self) -> "str | memoryview":
        """Return the slice, without a copy if the source is bytes."""
        if isinstance(self.source, bytes):
            return memoryview(self.source)[self.start : self.stop]
        return self.source[self.start : self.stop]

    def text(self) -> str:
        """Return the slice as text (lone surrogates stay)."""
        piece = self.piece()
        return piece if isinstance(piece, str) else str(piece, "utf-8", "surrogatepass")

    def __len__(self) -> int:
        return self.stop - self.start

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RawJson):
            if self.source is other.source:
                return self.start == other.start and self.stop == other.stop
            return len(self) == len(other) and self.text() == other.text()
        if isinstance(other, bytes):
            return self.text() == other.decode("utf-8", "surrogatepass")
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.text())

    def __reduce__(self) -> "tuple[type[RawJson], tuple[str, int, int]]":
        """Copy and pickle the slice alone, not the whole text."""
        text = self.text()
        return RawJson, (text, 0, len(text))

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"RawJson({len(self)})"
