"""Documents that were read lately, for a process that reads the same ones again and again."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document

_MOST_BYTES = 32_000_000


class Recent:
    """Documents by the hash of their bytes; the oldest go when they are *most_bytes* together."""

    __slots__ = ("_held", "_most_bytes", "_size_bytes")

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._size_bytes = 0
        self._held: dict[str, tuple[int, Document]] = {}

    def get(self, digest: str) -> "Document | None":
        """Return a document, None when it is not known any more."""
        found = self._held.get(digest)
        return None if found is None else found[1]

    def add(self, digest: str, size_bytes: int, document: "Document") -> None:
        """Keep a document; one that is too large by itself is not kept."""
        if digest in self._held or size_bytes > self._most_bytes:
            return
        self._held[digest] = (size_bytes, document)
        self._size_bytes += size_bytes
        while self._size_bytes > self._most_bytes:
            oldest = next(iter(self._held))
            self._size_bytes -= self._held.pop(oldest)[0]
