"""Citations and the list of what was cited, in author-year or numeric style.

`{cite:p}` and `{cite:t}` of MyST, `[@key]` and `@key` of Pandoc and Quarto become links to the
entries of a bibliography, which stands where the author asked for it, else at the end.  The
entries are those of the BibTeX files that the head names (`bibliography:`), else of
`references.bib` beside the document.
"""

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.exporters import _bibtex
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from octavo.exporters._bibtex import Entry
    from octavo.exporters._exporter import Settings
    from octavo.exporters._page import Page, Piece

DEFAULT_FILE = "references.bib"
STYLES = ("author-year", "numeric")
_KEY = r"[A-Za-z0-9_][\w:.#$%&+?<>~/-]*[\w/]|[A-Za-z0-9_]"
_GROUP = lazy(rf"\[([^\[\]@]*-?@(?:{_KEY})[^\[\]]*)\]")
_BARE = lazy(rf"(?<![\w@.])@({_KEY})(?:[ ]\[([^\[\]@]*)\])?")
_ITEM = lazy(rf"(.*?)(-?)@({_KEY})(.*)\Z", 16)  # 16: re.DOTALL
#: Labels that Quarto points to with the same sign.
_CROSS_REFERENCES = ("fig-", "tbl-", "sec-", "eq-", "lst-")
_NO_ID = lazy(r"[^\w-]+")
_CLOSED = frozenset(("link", "code_span", "code", "math", "math_span", "html", "html_span"))


class _Item:
    """One work in a citation, with the words around it."""

    __slots__ = ("after", "before", "hides_author", "key")

    def __init__(
        self, key: str, before: str = "", after: str = "", *, hides_author: bool = False
    ) -> None:
        self.key = key
        self.before = before
        self.after = after
        self.hides_author = hides_author


def cite(page: "Page", settings: "Settings", head: "dict[str, object]") -> None:
    """Fill in the citations of a page, and its bibliography.

    *head* holds the facts of the document's head: `bibliography` (a path or several) and
    `citation-style` ("author-year", the default, or "numeric").
    """
    entries = _entries(page, settings, head)
    for piece in page.pieces:
        for block in piece.blocks:
            _split_texts(block, entries)
    found = list(_citations(page))
    if not found:
        return
    style = str(head.get("citation-style", head.get("citation_style", STYLES[0])))
    if style not in STYLES:
        page.notices.append(
            Notice("OCT-E022", f"no style of citations: {style!r}", Span(),
                   hint=f"styles are {' and '.join(STYLES)}")
        )  # fmt: skip
        style = STYLES[0]
    if not entries:
        _tell_unknown(page, found, entries)
        return
    works = _Works(entries, _cited(found, entries), numeric=style == "numeric")
    for _, node in found:
        if all(item.key in entries for item in _items(node)):
            node.children = works.citation(node)
    _tell_unknown(page, found, entries)
    _place_bibliography(page, works)


def _entries(page: "Page", settings: "Settings", head: "dict[str, object]") -> "dict[str, Entry]":
    named = head.get("bibliography")
    files = [str(name) for name in (named if isinstance(named, list) else [named]) if name]
    entries: dict[str, Entry] = {}
    for file in files or [DEFAULT_FILE]:
        data = settings.resource(file)
        if data is None:
            if files:
                page.notices.append(
                    Notice("OCT-E020", f"no bibliography {file!r}", Span(),
                           hint="paths are relative to the document, in its project")
                )  # fmt: skip
            continue
        read, notices = _bibtex.read(data.decode("utf-8-sig", "replace"), file)
        page.notices += notices
        entries = {**read, **entries}
    return entries


def _citations(page: "Page") -> "Iterator[tuple[Piece, Node]]":
    for piece in page.pieces:
        for block in [*piece.blocks, *piece.caption]:
            for node in block.walk():
                if node.type == "citation":
                    yield piece, node


def _items(node: Node) -> list[_Item]:
    held = node.facts.get("items")
    if isinstance(held, list):
        return held
    keys = node.facts.get("keys")
    return [_Item(str(key)) for key in keys] if isinstance(keys, list) else []


def _cited(found: "list[tuple[Piece, Node]]", entries: "dict[str, Entry]") -> "list[Entry]":
    """Return the entries in the order in which they are first cited."""
    keys = dict.fromkeys(item.key for _, node in found for item in _items(node))
    return [entries[key] for key in keys if key in entries]


def _tell_unknown(
    page: "Page", found: "list[tuple[Piece, Node]]", entries: "dict[str, Entry]"
) -> None:
    for piece, node in found:
        for key in [item.key for item in _items(node) if item.key not in entries]:
            hint = _bibtex.keys_like(key, entries) or f"in cell {piece.number}"
            page.notices.append(
                Notice("OCT-E023", f"no work with the key {key!r}", Span("", node.line), hint=hint)
            )


def _split_texts(node: Node, entries: "dict[str, Entry]") -> None:
    """Turn `[@key]` and `@key` in texts below *node* into citations, where the key is known.

    `@fig-key` and its like become references.
    """
    if node.type in _CLOSED:
        return
    children: list[Node] = []
    for child in node.children:
        if child.type == "text" and "@" in child.text:
            children += _pieces(child, entries)
        else:
            _split_texts(child, entries)
            children.append(child)
    node.children = children


def _pieces(node: Node, entries: "dict[str, Entry]") -> list[Node]:
    found: list[tuple[int, int, Node]] = []
    for group in _GROUP.finditer(node.text):
        items = [_item(part) for part in group[1].split(";")]
        if any(item is not None and item.key in entries for item in items):
            kept = [item for item in items if item is not None]
            found.append((*group.span(), _citation(kept, "p", group[0], node.line)))
    for bare in _BARE.finditer(node.text):
        inside = any(start <= bare.start() < end for start, end, _ in found)
        if inside:
            continue
        if bare[1] in entries:
            cited = [_Item(bare[1], after=bare[2] or "")]
            found.append((*bare.span(), _citation(cited, "t", bare[0], node.line)))
        elif bare[1].startswith(_CROSS_REFERENCES):
            shows = "title" if bare[1].startswith("sec-") else "number"
            made = Node("reference", line=node.line, target=bare[1], kind=shows)
            found.append((bare.start(), bare.end(1), made))
    parts: list[Node] = []
    place = 0
    for start, end, made in sorted(found, key=lambda entry: entry[0]):
        parts += [Node("text", text=node.text[place:start], line=node.line)] * (start > place)
        parts.append(made)
        place = end
    rest = node.text[place:]
    return [*parts, Node("text", text=rest, line=node.line)] if rest else parts


def _item(text: str) -> _Item | None:
    found = _ITEM.match(text.strip())
    if found is None:
        return None
    return _Item(
        found[3], found[1].strip(), found[4].lstrip(", ").rstrip(), hides_author=bool(found[2])
    )


def _citation(items: list[_Item], kind: str, written: str, line: int) -> Node:
    words = Node("text", text=written, line=line)
    keys = [item.key for item in items]
    return Node("citation", [words], line=line, keys=keys, items=items, kind=kind)


class _Works:
    """The works that a page cites, each with its mark: a number, or authors and year."""

    def __init__(self, entries: "dict[str, Entry]", cited: "list[Entry]", *, numeric: bool) -> None:
        self._entries = entries
        self._numeric = numeric
        self.cited = cited if numeric else sorted(cited, key=_order)
        self._numbers = {entry.key: n for n, entry in enumerate(self.cited, 1)}
        self._years = _distinct_years(self.cited)
        self._ids = _ids(self.cited)

    def citation(self, node: Node) -> list[Node]:
        """Return what a citation shows: links to the works, in the style of the page."""
        kind = node.get("kind") or "p"
        items = _items(node)
        if self._numeric and kind == "p":
            return self._joined(items, "[", ", ", "]", self._number_of)
        if self._numeric and kind == "t":
            return self._joined(items, "", "; ", "", self._name_and_number)
        if kind == "t":
            return self._joined(items, "", "; ", "", self._in_text)
        if kind == "year":
            return self._joined(items, "", "; ", "", lambda item: self._years[item.key])
        if kind == "author":
            return self._joined(items, "", "; ", "", lambda item: self._names(item.key))
        return self._joined(items, "(", "; ", ")", self._in_parentheses)

    def bibliography(self) -> list[Node]:
        """Return the list of works."""
        return [self._entry(entry) for entry in self.cited]

    def _joined(
        self, items: list[_Item], opening: str, between: str, closing: str,
        shown: "Callable[[_Item], str]",
    ) -> list[Node]:  # fmt: skip
        parts = [opening]
        nodes: list[Node] = []
        for n, item in enumerate(items):
            parts.append(between if n else "")
            parts.append(f"{item.before} " if item.before else "")
            nodes += _texts(parts)
            link = Node("reference", _texts([shown(item)]), kind="citation")
            link.facts["id"] = self._ids[item.key]
            nodes.append(link)
            in_text = closing == ""
            after = f" ({item.after})" if in_text else f", {item.after}"
            parts = [after if item.after else ""]
        return [*nodes, *_texts([*parts, closing])]

    def _number_of(self, item: _Item) -> str:
        return str(self._numbers[item.key])

    def _name_and_number(self, item: _Item) -> str:
        return f"{self._names(item.key)} [{self._numbers[item.key]}]"

    def _in_text(self, item: _Item) -> str:
        return f"{self._names(item.key)} ({self._years[item.key]})"

    def _in_parentheses(self, item: _Item) -> str:
        year = self._years[item.key]
        return year if item.hides_author else f"{self._names(item.key)}, {year}"

    def _names(self, key: str) -> str:
        return _short_names(self._entries[key])

    def _entry(self, entry: "Entry") -> Node:
        year = "" if self._numeric else self._years[entry.key]
        nodes = _texts([f"[{self._numbers[entry.key]}] "]) if self._numeric else []
        node = Node("paragraph", [*nodes, *_described(entry, year)], classes="reference-entry")
        node.facts["id"] = self._ids[entry.key]
        return node


def _ids(cited: "list[Entry]") -> dict[str, str]:
    """Return the id of each work; keys may hold signs that ids may not."""
    ids: dict[str, str] = {}
    for entry in cited:
        name = wanted = f"cite-{_NO_ID.sub('-', entry.key)}"
        n = 1
        while name in ids.values():
            n += 1
            name = f"{wanted}-{n}"
        ids[entry.key] = name
    return ids


def _texts(parts: list[str]) -> list[Node]:
    text = "".join(parts)
    return [Node("text", text=text)] if text else []


def _order(entry: "Entry") -> tuple[str, str, str]:
    people = entry.authors or entry.editors
    names = " ".join(f"{one.family} {one.given}" for one in people) or entry.get("title")
    return (names.casefold(), _year(entry), entry.get("title").casefold())


def _year(entry: "Entry") -> str:
    return entry.get("year") or entry.get("date")[:4] or "n.d."


def _distinct_years(cited: "list[Entry]") -> dict[str, str]:
    """Return the year of each work, with a letter where names and year are those of another."""
    groups: dict[tuple[str, str], list[str]] = {}
    for entry in cited:
        groups.setdefault((_short_names(entry), _year(entry)), []).append(entry.key)
    years: dict[str, str] = {}
    for (_, year), keys in groups.items():
        for n, key in enumerate(keys):
            years[key] = year + (_letters(n) if len(keys) > 1 else "")
    return years


def _letters(n: int) -> str:
    """Return a, b, ..., z, ba, bb, ...

    >>> _letters(0), _letters(25), _letters(26)
    ('a', 'z', 'ba')
    """
    return (_letters(n // 26) if n >= 26 else "") + chr(ord("a") + n % 26)


def _short_names(entry: "Entry") -> str:
    people = entry.authors or entry.editors
    if not people:
        return entry.get("organization", "institution", "title") or entry.key
    if len(people) > 2 or people[-1].family == "others":
        return f"{people[0].family} et al."
    return " and ".join(one.family for one in people)


def _long_names(entry: "Entry") -> str:
    people = entry.authors or entry.editors
    names = [
        "et al." if one.family == "others"
        else f"{one.family}, {one.initials()}" if one.given
        else one.family
        for one in people
    ]  # fmt: skip
    if len(names) > 1 and names[-1] != "et al.":
        names[-2:] = [f"{names[-2]} and {names[-1]}"]
    editors = " (ed.)" if len(people) == 1 else " (eds.)"
    return ", ".join(names) + ("" if entry.authors or not people else editors)


def _described(entry: "Entry", year: str) -> list[Node]:
    """Return the words of an entry: who, when, what, where."""
    is_part = bool(entry.get("journal", "journaltitle", "booktitle"))
    names = _long_names(entry)
    nodes = _texts([names + ("" if names.endswith(".") else "."), " "]) if names else []
    nodes += _texts([f"({year}). "]) if year else []
    title = entry.get("title")
    nodes += _in_math(title, emphasised=not is_part) + _texts([". "]) if title else []
    where, details = _source(entry)
    if where:
        nodes += _texts(["In: "]) if entry.get("booktitle") else []
        nodes.append(Node("emphasis", _in_math(where, emphasised=False)))
    if where and details:
        nodes += _texts([" " if entry.get("volume") and not entry.get("booktitle") else ", "])
    if where or details:
        nodes += _texts([details, ". "])
    nodes += _texts([f"{_year(entry)}. "]) if not year and _year(entry) != "n.d." else []
    nodes += _texts([f"{entry.get('note')}. "]) if entry.get("note") else []
    return _trimmed(nodes + _address(entry))


def _source(entry: "Entry") -> tuple[str, str]:
    where = entry.get("journal", "journaltitle", "booktitle")
    volume, number = entry.get("volume"), entry.get("number", "issue")
    if entry.get("booktitle") or not where:
        volume = f"vol. {volume}" if volume else ""
        number = f"no. {number}" if number else ""
        parts = [entry.get("series"), volume, number]
    else:
        parts = [volume + (f"({number})" if number else "")]
    pages = entry.get("pages").replace("-", "–") if "–" not in entry.get("pages") else ""
    pages = pages or entry.get("pages")
    parts.append(f"pp. {pages}" if pages and entry.get("booktitle") else pages)
    edition = entry.get("edition")
    parts.append(f"{edition} edition" if edition else "")
    who = entry.get("publisher", "institution", "school", "organization", "howpublished")
    place = entry.get("address", "location")
    parts.append(": ".join(filter(None, (place, who))))
    return where, ", ".join(filter(None, parts))


def _address(entry: "Entry") -> list[Node]:
    doi = entry.get("doi").removeprefix("https://doi.org/")
    if doi:
        href = f"https://doi.org/{doi}"
        return [Node("link", _texts([f"doi:{doi}"]), href=href, title="")]
    url = entry.get("url")
    return [Node("link", _texts([url]), href=url, title="")] if url else []


def _trimmed(nodes: list[Node]) -> list[Node]:
    if nodes and nodes[-1].type == "text":
        nodes[-1] = Node("text", text=nodes[-1].text.rstrip())
    return nodes


def _in_math(text: str, *, emphasised: bool) -> list[Node]:
    """Return a text in which formulas stand between dollars."""
    parts = text.split("$")
    if len(parts) % 2 == 0:
        parts = [text]
    nodes = [
        Node("math_span" if n % 2 else "text", text=part) for n, part in enumerate(parts) if part
    ]
    return [Node("emphasis", nodes)] if emphasised else nodes


def _place_bibliography(page: "Page", works: _Works) -> None:
    """Put the list where a `bibliography` stands, else at the end below a heading."""
    entries = works.bibliography()
    for piece in page.pieces:
        for root in piece.blocks:
            for node in root.walk():
                if node.type == "bibliography":
                    node.children = entries
                    return
    last = max((piece.number for piece in page.pieces), default=0)
    page.append_prose(
        [Node("heading", _texts(["References"]), level=2), Node("bibliography", entries)], last + 1
    )
