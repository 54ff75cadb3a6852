"""Tables of HTML outputs (pandas and its like) for targets that have no HTML."""

from html.parser import HTMLParser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Table:
    """Rows of texts; the first *headers* of them are heads."""

    __slots__ = ("headers", "rows")

    def __init__(self, rows: list[list[str]], headers: int) -> None:
        self.rows = rows
        self.headers = headers


def find(html: str) -> Table | None:
    """Return the first table of an output, None without one.

    >>> find("<table><tr><th>a</th></tr><tr><td>1</td></tr></table>").rows
    [['a'], ['1']]
    """
    if "<table" not in html.lower():
        return None
    reader = _Reader()
    reader.feed(html)
    reader.close()
    rows = [row for row in reader.rows if row]
    if not rows:
        return None
    width = max(map(len, rows))
    return Table([row + [""] * (width - len(row)) for row in rows], min(reader.headers, len(rows)))


class _Reader(HTMLParser):
    """Gathers the cells of the first table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.headers = 0
        self._cell: list[str] | None = None
        self._span = 1
        self._in_head = False
        self._is_done = False
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: "Sequence[tuple[str, str | None]]") -> None:
        if self._is_done:
            return
        if tag in ("style", "script"):
            self._hidden += 1
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._end_cell()
            self.rows.append([])
            self.headers += self._in_head
        elif tag in ("td", "th"):
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._span = int(span) if span.isdecimal() and int(span) < 100 else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "thead":
            self._in_head = False
        elif tag == "table":
            self._end_cell()
            self._is_done = True

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1] += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell = None
