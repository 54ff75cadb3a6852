"""Cells in another language than the document: `%%bash` in a notebook, `language` in a text."""

from octavo.core.languages import LANGUAGE_MAGICS, main_language, same_language, usual_name
from octavo.formats import _hints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from octavo.core.document import Cell, Metadata

_GO = "go"
_CSHARP = "csharp"


def take_magic(
    source: str, main: str, custom: "Container[str]" = ()
) -> "tuple[str, str, str] | None":
    r"""Return language, arguments and remaining source of a cell that starts with `%%lang`.

    None when the cell is in the main language, or when putting the magic back would not give
    the same source.

    >>> take_magic("%%bash -e\nls", "python")
    ('bash', '-e', 'ls')
    """
    sign = magic_sign(main)
    if not source.startswith(sign):
        return None
    line, newline, rest = source.partition("\n")
    if not newline:
        return None
    if main == _CSHARP:
        language = line[len(sign) :]
        known = language in LANGUAGE_MAGICS and not same_language(language, main)
        return (language, "", rest) if known else None
    language, space, arguments = line[len(sign) :].partition(" ")
    if not language or (space and not arguments) or same_language(language, main):
        return None
    if language in LANGUAGE_MAGICS or language in custom:
        return language, arguments, rest
    return None


def magic_sign(main: str) -> str:
    """Return what opens a language magic where *main* is the main language."""
    return "#!" if main == _CSHARP else "%%"


def put_magic(
    source: str, metadata: "Metadata", main: str, custom: "Container[str]" = ()
) -> "tuple[str, Metadata]":
    """Return source and metadata with `language` turned back into a magic, where it is one.

    The inverse of `take_magic`.  A language that is no magic stays in the metadata.
    """
    language = metadata.get("language")
    if not isinstance(language, str):
        return source, metadata
    if language == main:
        return source, {key: value for key, value in metadata.items() if key != "language"}
    if usual_name(language) == main:
        return source, metadata
    if language not in LANGUAGE_MAGICS and language not in custom:
        return source, metadata
    arguments = metadata.get("magic_args")
    rest = {k: v for k, v in metadata.items() if k not in ("language", "magic_args")}
    tail = f" {arguments}" if arguments is not None else ""
    return f"{magic_sign(main)}{language}{tail}\n{source}", rest


def settled(cell: "Cell", main: str, custom: "Container[str]" = ()) -> "Cell":
    """Return a cell as a reader found it with its language magic and held-back metadata."""
    if not cell.metadata:
        return cell
    source, metadata = cell.source, cell.metadata
    if "language" in metadata:
        source, metadata = put_magic(source, metadata, main, custom)
    if _hints.KEY in metadata:
        metadata = _hints.release(metadata)
    return cell if metadata is cell.metadata else cell.with_(source=source, metadata=metadata)


def document_language(cells: "Iterable[Cell]", metadata: "Metadata", suffix: str) -> str:
    """Return the main language of a text: what is recorded, else the most frequent one.

    Python starts with half a cell, so that a document without code is one in Python.
    """
    known = main_language(metadata, suffix)
    if known is not None:
        return known
    counts: dict[str, float] = {"python": 0.5}
    for cell in cells:
        language = cell.metadata.get("language") if cell.metadata else None
        if isinstance(language, str):
            name = usual_name(language)
            counts[name] = counts.get(name, 0.0) + 1
    return max(counts, key=lambda name: counts[name])
