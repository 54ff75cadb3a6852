"""What must be true of every book: checked strictly, without any library for books.

Source: EPUB 3.3, the parts about containers, packages, spines and navigation.
"""

import io
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from urllib.parse import unquote

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
HTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
CORE = {"application/xhtml+xml", "text/css", "image/png", "image/jpeg", "image/gif", "image/webp",
        "image/svg+xml", "audio/mpeg", "audio/mp4", "video/mp4", "video/webm"}  # fmt: skip
NAME = re.compile(r"[^\W\d][\w.-]*\Z")


class Book:
    """A book that was opened and found whole."""

    def __init__(self, data):
        self.files = _unpacked(data)
        self.trees = {
            name: ET.fromstring(content)
            for name, content in self.files.items()
            if name.endswith((".xhtml", ".opf", ".xml", ".svg"))
        }
        container = self.trees["META-INF/container.xml"]
        self.opf = next(one.get("full-path") for one in container.iter() if one.get("full-path"))
        self.package = self.trees[self.opf]
        self.items = self._manifest()
        self.spine = [
            self.items[one.get("idref")] for one in self.package.findall(f"{OPF}spine/{OPF}itemref")
        ]
        self._check_metadata()
        for name in self.items.values():
            if name.endswith(".xhtml"):
                self._check_document(name)
        self._check_contents()

    def text(self, name):
        """Return the words of a chapter."""
        return "".join(self.trees[name].itertext())

    @property
    def words(self):
        return " ".join(self.text(name) for name in self.spine)

    def facts(self, name):
        """Return the values of a `meta` property."""
        metas = self.package.findall(f"{OPF}metadata/{OPF}meta")
        return [one.text for one in metas if one.get("property") == name]

    def contents(self):
        """Return the entries of the contents."""
        return [("".join(one.itertext()), one.get("href")) for one in self._nav().iter(f"{HTML}a")]

    def _nav(self):
        (name,) = [
            one.get("href") for one in self.package.iter(f"{OPF}item")
            if "nav" in (one.get("properties") or "").split()
        ]  # fmt: skip
        tree = self.trees[self._beside(self.opf, name)]
        (nav,) = [one for one in tree.iter(f"{HTML}nav") if one.get(f"{OPS}type") == "toc"]
        return nav

    def _beside(self, name, address):
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address)))

    def _manifest(self):
        items, paths = {}, []
        for one in self.package.findall(f"{OPF}manifest/{OPF}item"):
            path = self._beside(self.opf, one.get("href"))
            assert path in self.files, f"{path} is missing"
            assert one.get("media-type") in CORE, one.get("media-type")
            assert one.get("id") not in items
            has_math = path in self.trees and b"<math" in self.files[path]
            assert ("mathml" in (one.get("properties") or "")) == has_math
            items[one.get("id")] = path
            paths.append(path)
        others = {"mimetype", "META-INF/container.xml", self.opf}
        assert sorted(paths) == sorted(set(self.files) - others)
        return items

    def _check_metadata(self):
        head = self.package.find(f"{OPF}metadata")
        assert head.find(f"{DC}identifier").get("id") == self.package.get("unique-identifier")
        for name in ("identifier", "title", "language"):
            assert head.find(f"{DC}{name}").text.strip()
        (modified,) = self.facts("dcterms:modified")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", modified)
        for name in ("accessMode", "accessibilityFeature", "accessibilityHazard", "accessibilitySummary"):  # fmt: skip
            assert self.facts(f"schema:{name}"), name

    def _check_document(self, name):
        ids = set()
        for one in self.trees[name].iter():
            assert one.tag.rpartition("}")[2] not in ("script", "iframe", "input", "form", "button")
            assert not [key for key in one.attrib if key.startswith("on")]
            if "id" in one.attrib:
                assert NAME.match(one.get("id")), one.get("id")
                assert one.get("id") not in ids, one.get("id")
                ids.add(one.get("id"))
            for key in ("src", "href"):
                if key in one.attrib:
                    self._check_address(name, one.get(key), is_link=one.tag == f"{HTML}a")
            if one.tag == f"{HTML}img":
                assert "alt" in one.attrib

    def _check_address(self, name, address, *, is_link):
        if re.match(r"[a-z]+:", address):
            assert is_link, f"{name} would fetch {address}"
            return
        path, _, place = address.partition("#")
        target = self._beside(name, path) if path else name
        assert target in self.files, f"{name} leads to {address}"
        if place:
            ids = [one.get("id") for one in self.trees[target].iter()]
            assert unquote(place) in ids, f"{name} leads to {address}"

    def _check_contents(self):
        entries = self.contents()
        assert entries
        assert all(words.strip() for words, _ in entries)
        chapters = [
            posixpath.basename(name) for name in self.spine if not name.endswith("nav.xhtml")
        ]
        files = [address.partition("#")[0] for _, address in entries]
        assert list(dict.fromkeys(files)) == chapters


def _unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
        assert data[38:58] == b"application/epub+zip"
        assert len({one.filename for one in package.infolist()}) == len(package.infolist())
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.testzip() is None
        return {one.filename: package.read(one) for one in package.infolist()}
