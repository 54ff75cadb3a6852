"""The files of a book put together: the same book gives the same bytes.

Source: EPUB 3.3 (packages, navigation, OCF), EPUB Accessibility 1.1, Dublin Core.
"""

from octavo.core.patterns import lazy
from octavo.exporters import _assets, _escape, _outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._book_media import Media
    from octavo.exporters._exporter import Settings
    from octavo.exporters._xhtml import Chapter

_SAVED = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip file, so that it says nothing
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DATE = lazy(r"\d{4}(?:-\d\d(?:-\d\d)?)?\Z")
_MIMETYPE = b"application/epub+zip"
_XHTML = "application/xhtml+xml"
_FOLDER = "EPUB"
_CONTAINER = (
    f'{_HEAD}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    f'<rootfiles><rootfile full-path="{_FOLDER}/book.opf" '
    'media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)


class BookChapter:
    """A file of the spine: its name, title and language, and what was read of it."""

    __slots__ = ("file", "language", "made", "title")

    def __init__(self, file: str, title: str, language: str, made: "Chapter") -> None:
        self.file = file
        self.title = title
        self.language = language
        self.made = made


class Book:
    """A book: facts about it and its chapters; `captions` stand above chapters in the contents."""

    __slots__ = ("authors", "captions", "chapters", "date", "language", "title")

    def __init__(self, title: str) -> None:
        self.title = title
        self.language = "en"
        self.authors: list[str] = []
        self.date = ""
        self.chapters: list[BookChapter] = []
        self.captions: dict[str, str] = {}


def save(book: Book, media: "Media", settings: "Settings") -> bytes:
    """Return the file of a book."""
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

    files: dict[str, bytes] = {"mimetype": _MIMETYPE, "META-INF/container.xml": _CONTAINER.encode()}
    inner = {chapter.file: _chapter(chapter, book) for chapter in book.chapters}
    inner["nav.xhtml"] = _navigation(book)
    inner["book.css"] = _assets.text("book.css") + settings.css
    inner["book.opf"] = _package(book, media, inner, settings)
    files |= {f"{_FOLDER}/{name}": text.encode("utf-8") for name, text in sorted(inner.items())}
    files |= {f"{_FOLDER}/{name}": data for name, (_, data) in sorted(media.files.items())}
    buffer = BytesIO()
    with ZipFile(buffer, "w") as zipped:
        for path, data in files.items():
            entry = ZipInfo(path, _SAVED)
            entry.compress_type = ZIP_STORED if path == "mimetype" else ZIP_DEFLATED
            entry.create_system = 0
            zipped.writestr(entry, data)
    return buffer.getvalue()


def _document(title: str, language: str, body: str) -> str:
    code = _escape.attribute(language)
    return (
        f'{_HEAD}<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops" lang="{code}" xml:lang="{code}">\n<head>\n'
        f'<meta charset="utf-8"/>\n<title>{_escape.text(title)}</title>\n'
        f'<link rel="stylesheet" type="text/css" href="book.css"/>\n</head>\n{body}</html>\n'
    )


def _chapter(chapter: BookChapter, book: Book) -> str:
    title = chapter.title or book.title
    body = (
        f'<body>\n<section epub:type="chapter" role="doc-chapter" '
        f'aria-label="{_escape.attribute(title)}">\n{chapter.made.text}</section>\n</body>\n'
    )
    return _document(title, chapter.language, body)


def _navigation(book: Book) -> str:
    """Return the contents: the chapters, below each its headings."""
    items: list[str] = []
    is_open = False
    for chapter in book.chapters:
        caption = book.captions.get(chapter.file)
        if caption:
            items.append("</ol></li>\n" * is_open)
            items.append(f"<li><span>{_escape.text(caption)}</span>\n<ol>\n")
            is_open = True
        inner = _headings(chapter)
        title = _escape.text(chapter.title or book.title)
        items.append(f'<li><a href="{chapter.file}">{title}</a>{inner}</li>\n')
    items.append("</ol></li>\n" * is_open)
    body = (
        '<body>\n<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="contents">\n'
        f'<h1 id="contents">Contents</h1>\n<ol>\n{"".join(items)}</ol>\n</nav>\n</body>\n'
    )
    return _document(book.title, book.language, body)


def _headings(chapter: BookChapter) -> str:
    """Return the headings of a chapter without its title, nested."""
    shown = [one for one in chapter.made.headings if one[2] and one[1] in chapter.made.ids]
    shown = [one for one in shown if one[2] != chapter.title or one[0] > 1]
    return _outline.nested((level, f"{chapter.file}#{name}", words) for level, name, words in shown)


def _package(book: Book, media: "Media", inner: "dict[str, str]", settings: "Settings") -> str:
    items = [
        f'<item id="nav" href="nav.xhtml" media-type="{_XHTML}" properties="nav"/>',
        '<item id="css" href="book.css" media-type="text/css"/>',
    ]
    for n, chapter in enumerate(book.chapters, 1):
        facts = ' properties="mathml"' * chapter.made.has_math
        items.append(f'<item id="c{n}" href="{chapter.file}" media-type="{_XHTML}"{facts}/>')
    for n, (path, (mime, _)) in enumerate(sorted(media.files.items()), 1):
        items.append(f'<item id="m{n}" href="{path}" media-type="{mime}"/>')
    spine = [f'<itemref idref="c{n}"/>' for n in range(1, len(book.chapters) + 1)]
    if settings.contents and len(spine) > 1:
        spine.insert(0, '<itemref idref="nav"/>')
    return (
        f'{_HEAD}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        f'unique-identifier="id" xml:lang="{_escape.attribute(book.language)}">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"{_metadata(book, media, inner)}</metadata>\n"
        f"<manifest>\n{_lines(items)}</manifest>\n<spine>\n{_lines(spine)}</spine>\n</package>\n"
    )


def _metadata(book: Book, media: "Media", inner: "dict[str, str]") -> str:
    """Return who, what and when, and for whom the book is accessible."""
    date = _date(book.date)
    facts = [
        f'<dc:identifier id="id">urn:uuid:{_identifier(inner, media)}</dc:identifier>',
        f"<dc:title>{_escape.text(book.title)}</dc:title>",
        f"<dc:language>{_escape.text(book.language)}</dc:language>",
        *[f"<dc:creator>{_escape.text(name)}</dc:creator>" for name in book.authors],
        f"<dc:date>{date}</dc:date>" if date else "",
        _meta("dcterms:modified", f"{(date + '-01-01')[:10] if date else '1980-01-01'}T00:00:00Z"),
        *_accessibility(book, media),
    ]
    return _lines([fact for fact in facts if fact])


def _date(said: str) -> str:
    """Return a date that is a year, a month or a day, "" for any other."""
    from datetime import date

    try:
        date.fromisoformat((said + "-01-01")[:10])
    except ValueError:
        return ""
    return said if _DATE.match(said) else ""


def _accessibility(book: Book, media: "Media") -> list[str]:
    kinds = {mime.partition("/")[0] for mime, _ in media.files.values()}
    has_math = any(chapter.made.has_math for chapter in book.chapters)
    modes = ["textual", *["visual"] * ("image" in kinds or "video" in kinds),
             *["auditory"] * ("audio" in kinds or "video" in kinds)]  # fmt: skip
    is_text = not media.lacks_words and kinds <= {"image"}
    features = ["structuralNavigation", "tableOfContents", "readingOrder",
                *["alternativeText"] * (not media.lacks_words and "image" in kinds),
                *["MathML"] * has_math]  # fmt: skip
    moves = kinds & {"video"} or any(mime == "image/gif" for mime, _ in media.files.values())
    hazards = "unknown" if moves else "none"
    summary = "Headings, contents and formulas can be read by a screen reader."
    if media.lacks_words:
        summary += " Some pictures have no alternative text."
    return [
        *[_meta("schema:accessMode", mode) for mode in modes],
        *[_meta("schema:accessModeSufficient", "textual")] * is_text,
        *[_meta("schema:accessibilityFeature", feature) for feature in features],
        _meta("schema:accessibilityHazard", hazards),
        _meta("schema:accessibilitySummary", summary),
    ]


def _meta(name: str, value: str) -> str:
    return f'<meta property="{name}">{_escape.text(value)}</meta>'


def _identifier(inner: "dict[str, str]", media: "Media") -> str:
    """Return a UUID of the content, version 8 (RFC 9562): another text is another edition."""
    from hashlib import blake2b
    from uuid import UUID

    found = blake2b(digest_size=16)
    for name, text in sorted(inner.items()):
        found.update(f"{name}\0{text}\0".encode("utf-8", "replace"))
    for name in sorted(media.files):
        found.update(name.encode())
    number = int.from_bytes(found.digest(), "big")
    number &= ~(0xF000 << 64) & ~(0xC000 << 48)
    return str(UUID(int=number | (8 << 76) | (2 << 62)))


def _lines(parts: list[str]) -> str:
    return "".join(f"{part}\n" for part in parts)
