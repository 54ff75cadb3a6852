"""Tables of plain text."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def lines(head: "Sequence[str]", rows: "Sequence[Sequence[str]]") -> "Iterator[str]":
    r"""Yield a table line by line, its columns as wide as their widest entry.

    >>> print("\n".join(lines(("name", "n"), [("a", "1"), ("long name", "2")])))
    name       n
    a          1
    long name  2
    """
    table = [tuple(head), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [entry.ljust(width) for entry, width in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()
