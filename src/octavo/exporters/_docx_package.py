"""The parts of a Word file, put together: the same parts give the same bytes.

Source: ECMA-376, part 2 (Open Packaging Conventions).
"""

from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SAVED = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip file, so that it says nothing
SUFFIXES = {"image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/bmp": "bmp"}
_OUTSIDE = ' TargetMode="External"'
_PARTS = {"styles": "styles", "numbering": "numbering", "settings": "settings",
          "footnotes": "footnotes", "footer": "footer"}  # fmt: skip


class Package:
    """Pictures and links of the parts `document` and `footnotes`, by the names that they get."""

    def __init__(self) -> None:
        self._media: dict[str, bytes] = {}
        self._links: dict[str, dict[tuple[str, str], str]] = {"document": {}, "footnotes": {}}

    def link(self, part: str, address: str) -> str:
        """Return the name of an address outside."""
        return self._named(part, "hyperlink", address)

    def picture(self, part: str, data: bytes, mime: str) -> str:
        """Return the name of a picture; it is kept once however often it is shown."""
        from hashlib import blake2b

        path = f"media/{blake2b(data, digest_size=10).hexdigest()}.{SUFFIXES[mime]}"
        self._media[path] = data
        return self._named(part, "image", path)

    def _named(self, part: str, kind: str, target: str) -> str:
        known = self._links[part]
        return known.setdefault((kind, target), f"rId{len(known) + 100}")

    def save(self, parts: "Mapping[str, str]", facts: "Mapping[str, str]") -> bytes:
        """Return the file of the *parts* of Word (XML) and of the *facts* of Dublin Core."""
        from io import BytesIO
        from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

        files: dict[str, bytes] = {"[Content_Types].xml": self._types(parts)}
        files["_rels/.rels"] = _relationships(
            [("rId1", f"{_KIND}/officeDocument", "word/document.xml", False),
             ("rId2", f"{_RELATIONSHIPS}/metadata/core-properties", "docProps/core.xml", False)]
        )  # fmt: skip
        files["docProps/core.xml"] = _core(facts)
        for name, text in parts.items():
            files[f"word/{name}.xml"] = (_HEAD + text).encode("utf-8")
        own = [(f"rId{n}", f"{_KIND}/{_PARTS[name]}", f"{name}.xml", False)
               for n, name in enumerate(sorted(set(parts) - {"document"}), 1)]  # fmt: skip
        for part, known in self._links.items():
            links = [(name, f"{_KIND}/{kind}", target, kind == "hyperlink")
                     for (kind, target), name in known.items()]  # fmt: skip
            if part in parts:
                links = own + links if part == "document" else links
                files[f"word/_rels/{part}.xml.rels"] = _relationships(links)
        files |= {f"word/{path}": data for path, data in sorted(self._media.items())}
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as zipped:
            for path, data in files.items():
                entry = ZipInfo(path, _SAVED)
                entry.compress_type = ZIP_DEFLATED
                entry.create_system = 0
                zipped.writestr(entry, data)
        return buffer.getvalue()

    @staticmethod
    def _types(parts: "Mapping[str, str]") -> bytes:
        kinds = {"rels": "application/vnd.openxmlformats-package.relationships+xml",
                 "xml": "application/xml", **{s: mime for mime, s in SUFFIXES.items()}}  # fmt: skip
        made = [f'<Default Extension="{s}" ContentType="{kind}"/>' for s, kind in kinds.items()]
        for name in parts:
            kind = f"{name}.main" if name == "document" else name
            made.append(f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>')
        core = "application/vnd.openxmlformats-package.core-properties+xml"
        made.append(f'<Override PartName="/docProps/core.xml" ContentType="{core}"/>')
        space = "http://schemas.openxmlformats.org/package/2006/content-types"
        return f'{_HEAD}<Types xmlns="{space}">{"".join(made)}</Types>'.encode()


def footer_name(parts: "Mapping[str, str]") -> str:
    """Return the name by which the document knows its footer."""
    return f"rId{sorted(set(parts) - {'document'}).index('footer') + 1}"


def _relationships(links: list[tuple[str, str, str, bool]]) -> bytes:
    made = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{_escape.attribute(target)}"'
        f"{_OUTSIDE * is_outside}/>"
        for name, kind, target, is_outside in links
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONSHIPS}">{made}</Relationships>'.encode()


def _core(facts: "Mapping[str, str]") -> bytes:
    made = "".join(
        f"<{name}>{_escape.text(value)}</{name}>" for name, value in facts.items() if value
    )
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
        'metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{made}</cp:coreProperties>"
    ).encode()
