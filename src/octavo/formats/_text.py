"""From text to Document and back, whatever the format: choose, read, write.

`reads` and `writes` are pure: no file is opened here (see `workspace.files`).
"""

from octavo.core.document import Document, Origin
from octavo.core.errors import FormatError, OptionError
from octavo.core.lines import normalise, restore
from octavo.core.options import Options, parse_options
from octavo.formats import _index, _names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata
    from octavo.formats._format import Format
    from octavo.formats._names import Target


def read_text(
    text: "str | bytes", target: "Target", options: "dict[str, bool | str]", path: str = ""
) -> Document:
    """Return the document that *text* holds; cells get no ids here.

    The format is, in this order: what the header of the text names, what *target* names, what
    the text looks like, what its suffix stands for.  Bytes are taken for ipynb only.

    Raises: `FormatError` when the text cannot be a document of that format.
    """
    if target.suffix == _names.IPYNB:
        ipynb = get_format("ipynb")
        return ipynb.read(text, Options({}, _names.IPYNB), Origin(path, "ipynb"))  # type: ignore[arg-type]
    if isinstance(text, bytes):
        text = decode(text, path)
    plain, bom, newline = normalise(text)
    target, found = _recognise(plain, target)
    fmt = get_format(target.name)
    allowed_options(fmt, options)
    version = str(found.pop("", "")) if found else ""
    origin = Origin(path, str(target), version=version, newline=newline, bom=bom)
    read_options = Options({**found, **options}, target.suffix)
    document = fmt.read(plain, read_options, origin)
    return document if document.origin is origin else document.with_(origin=origin)


def write_text(
    document: Document,
    target: "Target",
    options: "dict[str, bool | str]",
    previous: str | None = None,
) -> str:
    """Return *document* as a text of that format, newlines as in *previous* (else plain)."""
    target = settle_target(target, document.metadata, options)
    fmt = get_format(target.name)
    if target.suffix == _names.IPYNB:
        return fmt.write(document, Options({}, target.suffix))
    allowed_options(fmt, options)
    bom, newline = False, "\n"
    if previous is not None:
        previous, bom, newline = normalise(previous)
    text = fmt.write(document, Options(options, target.suffix), previous)
    return restore(text, newline, bom=bom)


def settle_target(
    target: "Target", metadata: "Metadata", options: "dict[str, bool | str]"
) -> "Target":
    """Return *target* with suffix and format filled in for a notebook with this metadata.

    A script without other wish is written as percent, or light when cell markers are set; a
    format that the notebook records for the suffix (`jupytext.formats`) goes before that.
    """
    target = _names.resolve_auto(target, metadata)
    name = target.name or _recorded_format(metadata, target.suffix)
    if not name:
        name = _index.default_name(target.suffix)
        if name == "percent" and "," in str(options.get("cell_markers", "")):
            name = "light"
    if not name:
        raise OptionError("OCT-O010", f"no format is known for {target.suffix!r} files")
    return _names.Target(target.suffix, name)


def get_format(name: str) -> "Format":
    """Return a format by name.

    Raises: `OptionError` OCT-O010 when there is none.
    """
    found = _index.get(name)
    if found is None:
        raise OptionError(
            "OCT-O010", f"unknown format {name!r}", hint="`octavo formats` lists formats"
        )
    return found


def allowed_options(fmt: "Format", options: "dict[str, bool | str]") -> None:
    """Check that *fmt* knows all *options*.

    Raises: `OptionError` OCT-O003 naming the first that it does not know.
    """
    if any(name not in fmt.options for name in options):
        parse_options(options, fmt.options)


def decode(data: bytes, path: str = "") -> str:
    """Return *data* decoded as UTF-8.

    Raises: `FormatError` OCT-F001 with line and column of the first wrong byte.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        from octavo.core.errors import Span

        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise FormatError(
            "OCT-F001",
            f"byte 0x{data[error.start]:02x} is not valid UTF-8",
            Span(path, line, column),
            hint="convert the file to UTF-8 first, for example with `iconv -f latin1 -t utf-8`",
        ) from None


def _recognise(text: str, target: "Target") -> "tuple[Target, dict[str, bool | str]]":
    """Return the full target of *text* and the options that its look tells."""
    from octavo.formats import _guess

    return _guess.recognise(text, target)


def _recorded_format(metadata: "Metadata", suffix: str) -> str:
    """Return the format that `jupytext.formats` records for *suffix*, or ""."""
    section = metadata.get("jupytext")
    formats = section.get("formats") if isinstance(section, dict) else None
    if not isinstance(formats, str):
        return ""
    for part in formats.replace(";", ",").split(","):
        path, colon, name = part.strip().rpartition(":")
        ext = "." + path.rpartition(".")[2].rpartition("/")[2]
        if colon and name and (ext == suffix or (ext == ".auto" and suffix)):
            name = _index.ALIASES.get(name, name)
            if suffix in _index.suffixes_of(name):
                return name
    return ""
