"""Lines of a requirements.txt: which packages they name, and how lines are added.

Nothing that stands there is reformatted.
"""

import re

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_NAME = lazy(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)", re.ASCII)
# Source: PEP 508, without what a shell or YAML might take for its own: no control characters.
_REQUIREMENT = lazy(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*(\[[A-Za-z0-9._,\s-]*\])?\s*"
    r"(\(?[<>=!~^][A-Za-z0-9.*+!_<>=~,\s-]*\)?)?\s*(@\s*[^\s;]+\s*)?(;[^\r\n]*)?",
    re.ASCII,
)
_INCLUDE = lazy(r"\s*(?:-r|--requirement|-c|--constraint)(?:\s+|\s*=\s*|(?=[^\s-]))(\S+)")
_EDITABLE = lazy(r"(?:-e|--editable)(?:\s+|\s*=\s*)")
_LOCAL = lazy(r"(\.{0,2}/|\.{1,2}(\[|$|\s)|file:|[A-Za-z0-9_-]+/)")
_SELF = lazy(r"\.(?:/)?(?:\[([A-Za-z0-9._,\s-]*)\])?")


def normal(name: str) -> str:
    """Return the name of a package in the one spelling of PEP 503.

    >>> normal("Foo_Bar.baz")
    'foo-bar-baz'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(requirement: str) -> str:
    """Return the normal name of the package that a requirement asks for, "" if it names none."""
    text = requirement.split("#egg=", 1)[-1] if "#egg=" in requirement else requirement
    match = _NAME.match(text)
    return normal(match[1]) if match and not _LOCAL.match(requirement.strip()) else ""


def is_requirement(text: str) -> bool:
    """Return whether *text* is a requirement of one line that can be written anywhere."""
    return text.isprintable() and _REQUIREMENT.fullmatch(text.strip()) is not None


def code_of(line: str) -> str:
    """Return a line without its comment."""
    return re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()


def names(text: str) -> set[str]:
    """Return the normal names of all packages that a requirements.txt asks for."""
    return {name for line in text.split("\n") if (name := name_of(code_of(line)))}


def includes(text: str) -> "Iterator[str]":
    """Yield the paths of the files that `-r` and `-c` lines name."""
    for line in text.split("\n"):
        match = _INCLUDE.match(code_of(line))
        if match and "://" not in match[1]:
            yield match[1]


def has_hashes(text: str) -> bool:
    """Return whether pip will ask for a hash of every package."""
    return "--hash=" in text or "--require-hashes" in text


def is_local(line: str) -> bool:
    """Return whether a line refers to files beside it, so that pip needs the whole ref."""
    code = code_of(line)
    if _INCLUDE.match(code):
        return "://" not in code
    return bool(_LOCAL.match(_EDITABLE.sub("", code)))


def extras_of_self(line: str) -> list[str] | None:
    """Return the extras of a line that installs the repository itself, None for other lines.

    >>> extras_of_self("-e .[plot,test]"), extras_of_self("numpy")
    (['plot', 'test'], None)
    """
    match = _SELF.fullmatch(_EDITABLE.sub("", code_of(line)).strip())
    if match is None:
        return None
    return [part.strip() for part in (match[1] or "").split(",") if part.strip()]


def without_self(text: str) -> str:
    """Return *text* with the lines that install the repository itself turned into comments."""
    return "\n".join(
        f"# {line}" if extras_of_self(line) is not None else line for line in text.split("\n")
    )


def missing(wanted: "Iterable[str]", present: "Collection[str]") -> list[str]:
    """Return the requirements of *wanted* whose packages are not in *present*, each once."""
    result: list[str] = []
    seen = set(present)
    for requirement in wanted:
        name = name_of(requirement)
        if name not in seen:
            result.append(requirement.strip())
        # The same package with another marker is another requirement.
        elif not any(name_of(other) == name for other in result):
            continue
        elif requirement.strip() not in result:
            result.append(requirement.strip())
        seen.add(name)
    return result


def add(text: str, lines: "Iterable[str]") -> str:
    """Return *text* with *lines* at its end, in its own newlines."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        text += newline
    if text.endswith("\\" + newline):
        text += newline  # the last line goes on
    return text + "".join(line + newline for line in lines)
