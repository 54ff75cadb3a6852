"""The stream of `git fast-export` and `git fast-import`: records, quoted paths, file changes.

Source: git-fast-import(1), "INPUT FORMAT".
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_HEADS = (b"commit ", b"reset ", b"tag ", b"blob\n", b"feature ", b"done\n", b"progress ",
          b"option ", b"checkpoint\n")  # fmt: skip
_ESCAPES = {
    ord("a"): 7, ord("b"): 8, ord("t"): 9, ord("n"): 10, ord("v"): 11, ord("f"): 12, ord("r"): 13,
    ord('"'): 34, ord("\\"): 92,
}  # fmt: skip
_SPELLINGS = {value: b"\\" + bytes([key]) for key, value in _ESCAPES.items()}
_FIRST_OCTAL, _LAST_OCTAL = ord("0"), ord("3")


class Record:
    """A command of the stream: its first line, the lines before its data, the data, the rest.

    Lines keep their line ends.  `data` is None where the command has none.
    """

    __slots__ = ("data", "head", "lines", "tail")

    def __init__(self, head: bytes) -> None:
        self.head = head
        self.lines: list[bytes] = []
        self.data: bytes | None = None
        self.tail: list[bytes] = []

    def value(self, name: bytes) -> bytes:
        """Return what the first line *name* says, b"" without one."""
        start = name + b" "
        for line in (*self.lines, *self.tail):
            if line.startswith(start):
                return line[len(start) : -1]
        return b""

    def to_bytes(self) -> bytes:
        """Return the record as the stream has it (a tag would have no empty line behind it)."""
        parts = [self.head, *self.lines]
        if self.data is not None:
            parts += [b"data %d\n" % len(self.data), self.data, b"\n"]
        return b"".join([*parts, *self.tail, b"\n"])


def records(stream: "BinaryIO") -> "Iterator[Record]":
    """Yield the records of a stream that holds no data but messages (`--no-data`)."""
    record: Record | None = None
    for line in iter(stream.readline, b""):
        if line.startswith(_HEADS):
            if record is not None:
                yield record
            record = Record(line)
        elif record is None or line == b"\n":
            continue
        elif line.startswith(b"data ") and record.data is None:
            record.data = stream.read(int(line[5:]))
        else:
            (record.lines if record.data is None else record.tail).append(line)
    if record is not None:
        yield record


class Change:
    """A line of a commit: `kind` is b"M" (then `mode` and `oid`) or b"D"; `path` is unquoted."""

    __slots__ = ("kind", "mode", "oid", "path")

    def __init__(self, kind: bytes, path: bytes, mode: bytes = b"", oid: bytes = b"") -> None:
        self.kind = kind
        self.path = path
        self.mode = mode
        self.oid = oid

    def to_bytes(self) -> bytes:
        """Return the line."""
        if self.kind == b"D":
            return b"D " + quote(self.path) + b"\n"
        return b"M %b %b %b\n" % (self.mode, self.oid, quote(self.path))


def change(line: bytes) -> Change | None:
    """Return the change that a line of a commit tells, None for `from`, `merge` and the like."""
    if line.startswith(b"M "):
        _, mode, oid, path = line[:-1].split(b" ", 3)
        return Change(b"M", unquote(path), mode, oid)
    if line.startswith(b"D "):
        return Change(b"D", unquote(line[2:-1]))
    return None


def unquote(path: bytes) -> bytes:
    r"""Return a path of the stream as it is on the disk.

    >>> unquote(rb'"caf\303\251"').decode()
    'café'
    """
    if not path.startswith(b'"'):
        return path
    found = bytearray()
    at, stop = 1, len(path) - 1
    while at < stop:
        code = path[at]
        if code != ord("\\"):
            found.append(code)
            at += 1
        elif _FIRST_OCTAL <= path[at + 1] <= _LAST_OCTAL:
            found.append(int(path[at + 1 : at + 4], 8))
            at += 4
        else:
            found.append(_ESCAPES[path[at + 1]])
            at += 2
    return bytes(found)


def quote(path: bytes) -> bytes:
    """Return a path as the stream wants it: in quotes only where it must be."""
    plain = all(32 <= code < 127 and code not in b'"\\' for code in path)
    return path if plain and path else quoted(path)


def quoted(path: bytes) -> bytes:
    """Return a path in quotes, as git spells it."""
    return b'"%b"' % b"".join([_quoted_byte(code) for code in path])


def _quoted_byte(code: int) -> bytes:
    if code in _SPELLINGS:
        return _SPELLINGS[code]
    return bytes([code]) if 32 <= code < 127 else b"\\%03o" % code
