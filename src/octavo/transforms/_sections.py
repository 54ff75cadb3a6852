"""What a cell is about: its tags, kind, audience and language, and those of its sections.

A section is a heading and what follows it, to the next heading of its level or above.  It says
something by attributes of the heading, `## For teachers {.solution audience=teacher}`, or by
the metadata of the heading's cell (`section`, or tags that begin with `section:`).  A cell says
it by its metadata (`kind`, `audience`, `lang`) or its tags (`kind:how-to`, `audience:teacher`).
What is said nearest holds; tags add up.  The front matter speaks for the whole document.
"""

from octavo.core.patterns import lazy
from octavo.core.tags import canonical_tag, marks_of
from octavo.transforms._front_matter import head_of, is_front_matter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from octavo.core.document import Cell, Document, Json, Metadata

#: The kinds of documentation, and other spellings of them.  Source: Daniele Procida, Diataxis.
KINDS = ("tutorial", "how-to", "explanation", "reference")
_SPELLINGS = {"howto": "how-to", "how-to-guide": "how-to", "tutorials": "tutorial"}
_FIELDS = ("kind", "audience", "lang")
_HEADING = lazy(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*\Z")
_ATTRIBUTES = lazy(r"\{([^{}]*)\}[ \t]*#*[ \t]*\Z")
_ATTRIBUTE = lazy(r"""([#.])([\w:-]+)|([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_FENCE = lazy(r" {0,3}(`{3,}|~{3,}|:{3,})(.*)\Z")
_UNDERLINE = lazy(r" {0,3}(=+|-+)[ \t]*\Z")
_MAGIC = lazy(r"%%(\w+)")
_SECTION = "section:"


class Facts:
    """What is known of a part of a document; `line` is 1-based, 0 = unknown."""

    __slots__ = ("audience", "cell", "id", "kind", "lang", "language", "line", "marks", "path",
                 "tags")  # fmt: skip

    def __init__(self) -> None:
        self.tags: frozenset[str] = frozenset()
        self.kind: tuple[str, ...] = ()
        self.audience: tuple[str, ...] = ()
        self.lang: tuple[str, ...] = ()
        self.language = ""
        self.marks: frozenset[str] = frozenset()
        self.path = ""
        self.cell = ""
        self.id = ""
        self.line = 0


class Part:
    """A piece of a cell that stands or falls as a whole: `text` of the cell number `place`."""

    __slots__ = ("facts", "is_head", "place", "text")

    def __init__(self, place: int, text: str, facts: Facts, *, is_head: bool = False) -> None:
        self.place = place
        self.text = text
        self.facts = facts
        self.is_head = is_head


class _Scope:
    """A section that is open: its level, and what it says."""

    __slots__ = ("level", "said")

    def __init__(self, level: int, said: "dict[str, tuple[str, ...]]") -> None:
        self.level = level
        self.said = said


def parts(document: "Document", path: str = "") -> "list[Part]":
    """Return the parts of a document in order; their texts joined are the sources of its cells."""
    from octavo.transforms._language import language_of

    top = _of_head(document)
    language = language_of(document)
    scopes: list[_Scope] = []
    found = []
    for place, cell in enumerate(document.cells):
        own = _own(cell.metadata)
        marks = marks_of(cell)
        is_head = place == 0 and is_front_matter(cell)
        pieces = list(_pieces(cell.source)) if cell.kind == "markdown" else [(0, {}, cell.source)]
        for number, (level, said, text) in enumerate(pieces):
            if level:
                while scopes and scopes[-1].level >= level:
                    scopes.pop()
                wide = _section(cell.metadata) if number == 0 else {}
                scopes.append(_Scope(level, _both(wide, said)))
            facts = _facts([top, *(scope.said for scope in scopes), own])
            facts.path, facts.cell, facts.marks = path, cell.kind, marks
            facts.id, facts.line = cell.id or "", cell.line
            facts.language = _language(cell, language)
            found.append(Part(place, text, facts, is_head=is_head))
    return found


def kind_of(word: str) -> str:
    """Return the kind of documentation that a word means, in our spelling.

    >>> kind_of("How_To")
    'how-to'
    """
    plain = word.strip().lower().replace("_", "-").replace(" ", "-")
    return _SPELLINGS.get(plain, plain)


def tag_of(word: str) -> str:
    """Return a tag for comparisons: known ones in one spelling, hyphens for underscores."""
    return canonical_tag(word).replace("_", "-")


def _facts(said: "list[dict[str, tuple[str, ...]]]") -> Facts:
    facts = Facts()
    tags: set[str] = set()
    for one in said:
        tags.update(one.get("tags", ()))
        for field in _FIELDS:
            if field in one:
                setattr(facts, field, one[field])
    facts.tags = frozenset(tags)
    return facts


def _both(
    one: "dict[str, tuple[str, ...]]", other: "dict[str, tuple[str, ...]]"
) -> "dict[str, tuple[str, ...]]":
    tags = (*one.get("tags", ()), *other.get("tags", ()))
    return {**one, **other, "tags": tags}


def _of_head(document: "Document") -> "dict[str, tuple[str, ...]]":
    """Return what the metadata of the notebook and its front matter say."""
    head = head_of(document)
    said = _own({key: head[key] for key in (*_FIELDS, "octavo") if key in head})
    return {field: said[field] for field in said if field != "tags"}


def _own(metadata: "Metadata") -> "dict[str, tuple[str, ...]]":
    """Return what the metadata of a cell say about this cell."""
    if not metadata:
        return {}
    said: dict[str, tuple[str, ...]] = {}
    section = metadata.get("octavo")
    for source in (metadata, section if isinstance(section, dict) else {}):
        for field in _FIELDS:
            words = _words(source.get(field))
            if words:
                said[field] = tuple(map(kind_of, words)) if field == "kind" else words
    tags, fields = _of_tags(_words(metadata.get("tags")))
    return {**fields, **said, "tags": tags}


def _section(metadata: "Metadata") -> "dict[str, tuple[str, ...]]":
    """Return what the metadata of a heading's cell say about its section."""
    if not metadata:
        return {}
    wide = metadata.get("section")
    said = _own(wide) if isinstance(wide, dict) else {}
    tags = [tag for tag in _words(metadata.get("tags")) if tag.startswith(_SECTION)]
    more, fields = _of_tags(tuple(tag.removeprefix(_SECTION) for tag in tags))
    return {**fields, **said, "tags": (*said.get("tags", ()), *more)}


def _of_tags(words: "tuple[str, ...]") -> "tuple[tuple[str, ...], dict[str, tuple[str, ...]]]":
    """Return plain tags, and what tags such as `kind:how-to` say."""
    tags: list[str] = []
    fields: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, colon, value = word.partition(":")
        if name == "language":
            name = "lang"
        if colon and name in _FIELDS and value:
            value = kind_of(value) if name == "kind" else value
            fields[name] = (*fields.get(name, ()), value)
        elif not word.startswith(_SECTION):
            tags.append(tag_of(word))
    return tuple(tags), fields


def _words(value: "Json") -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    if isinstance(value, (list, tuple)):
        return tuple(str(word) for word in value if isinstance(word, (str, int, float)))
    return ()


def _pieces(source: str) -> "Iterator[tuple[int, dict[str, tuple[str, ...]], str]]":
    """Yield the text before the first heading (level 0), then each heading with what follows."""
    lines = source.splitlines(keepends=True)
    start, level = 0, 0
    said: dict[str, tuple[str, ...]] = {}
    for at, (found, attributes) in _headings(lines):
        if at > start or level:
            yield level, said, "".join(lines[start:at])
        start, level, said = at, found, attributes
    yield level, said, "".join(lines[start:])


def _headings(
    lines: list[str],
) -> "Iterator[tuple[int, tuple[int, dict[str, tuple[str, ...]]]]]":
    """Yield where a heading begins, its level and what it says; none in code or comments."""
    fence, colons, in_comment = "", 0, False
    for i, line in enumerate(lines):
        text = line.rstrip("\r\n")
        if in_comment or (not fence and "<!--" in text):
            in_comment = "-->" not in text.rpartition("<!--")[2]
            continue
        mark = _FENCE.match(text)
        if mark is not None:
            sign, rest = mark[1], mark[2].strip()
            if fence:
                fence = "" if sign.startswith(fence) and not rest else fence
            elif sign[0] != ":":
                fence = sign
            else:
                colons = colons + 1 if rest else max(0, colons - 1)
            continue
        if fence or colons:
            continue
        heading = _HEADING.match(text)
        if heading is not None:
            above = i - 1 if i and _is_block_of_attributes(lines[i - 1]) else i
            said = _attributes(heading[2] or "")
            if above < i:
                said = _both(_attributes(lines[above].strip()), said)
            yield above, (len(heading[1]), said)
        elif i and _UNDERLINE.match(text) and _is_title(lines, i - 1):
            yield i - 1, (1 if "=" in text else 2, _attributes(lines[i - 1].strip()))


def _is_block_of_attributes(line: str) -> bool:
    text = line.strip()
    return text.startswith("{") and _ATTRIBUTES.match(text) is not None


def _is_title(lines: list[str], i: int) -> bool:
    """Return whether a line can be a heading that the next one underlines."""
    text = lines[i].strip()
    return bool(text) and not text.startswith(("#", ">", "|", "```", "~~~", ":::"))


def _attributes(title: str) -> "dict[str, tuple[str, ...]]":
    block = _ATTRIBUTES.search(title)
    if block is None:
        return {}
    said: dict[str, tuple[str, ...]] = {}
    tags: list[str] = []
    for sign, word, key, *values in _ATTRIBUTE.findall(block[1]):
        words = _words("".join(values))
        if sign == ".":
            tags.append(tag_of(word))
        elif key in ("tags", "tag"):
            tags += map(tag_of, words)
        elif key in _FIELDS or key == "language":
            said["lang" if key == "language" else key] = (
                tuple(map(kind_of, words)) if key == "kind" else words
            )
    return {**said, "tags": tuple(tags)}


def _language(cell: "Cell", main: str) -> str:
    """Return the programming language of a cell, "" for one without code."""
    from octavo.core.languages import find

    if cell.kind != "code":
        return ""
    magic = _MAGIC.match(cell.source)
    row = find(magic[1]) if magic is not None else None
    said = cell.metadata.get("language")
    return row.name if row is not None else said if isinstance(said, str) else main


def plain_headings(document: "Document", words: "Iterable[str]") -> "Document":
    r"""Return *document* without what its headings say to us: kind, audience, lang, tags.

    Of the classes, those that are one of *words* go.

    >>> from octavo.core.document import Cell, Document
    >>> cell = Cell("markdown", "## A {#a .x .y kind=how-to}\n\n## B {kind=how-to}")
    >>> plain_headings(Document([cell]), ["x"]).cells[0].source
    '## A {#a .y}\n\n## B'
    """
    known = [tag_of(word) for word in words]
    cells = [
        cell.with_(source=_plain(cell.source, known))
        if cell.kind == "markdown" and "{" in cell.source
        else cell
        for cell in document.cells
    ]
    return document.with_(cells=cells)


def _plain(source: str, known: list[str]) -> str:
    lines = source.splitlines(keepends=True)
    for at, _ in list(_headings(lines)):
        lines[at] = _without_attributes(lines[at], known)
        if not lines[at].strip():
            lines[at] = ""
        following = at + 1
        if following < len(lines) and _is_block_of_attributes(lines[at]):
            lines[following] = _without_attributes(lines[following], known)
    return "".join(lines)


def _without_attributes(line: str, known: list[str]) -> str:
    text = line.rstrip("\r\n")
    block = _ATTRIBUTES.search(text)
    if block is None:
        return line
    from fnmatch import fnmatchcase

    left = []
    for found in _ATTRIBUTE.finditer(block[1]):
        sign, word, key = found[1], found[2], found[3]
        is_ours = key in (*_FIELDS, "language", "tags", "tag") or (
            sign == "." and any(fnmatchcase(tag_of(word), one) for one in known)
        )
        if not is_ours:
            left.append(found[0])
    if len(left) == len(_ATTRIBUTE.findall(block[1])):
        return line
    kept = "{" + " ".join(left) + "}" if left else ""
    return (text[: block.start()] + kept).rstrip() + line[len(text) :]
