"""Which format is a text in?  Its header, its look, its suffix; for no suffix, its content.

Source: formats.md of the project's reference, section 4, and the observed behaviour of
Jupytext.
"""

import re

from octavo.core.languages import BY_SUFFIX, LANGUAGES
from octavo.core.patterns import lazy
from octavo.formats import _index, _names
from octavo.formats._magics import magics_of
from octavo.formats._strings import StringScanner, has_triple_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.formats._names import Target

_REPRESENTATION = lazy(
    r"(?m)^(?P<prefix>\W{0,3}?[^\S\n]*+)text_representation:[^\n]*\n"
    r"(?P<lines>(?:\W{0,3}?\s+(?:extension|format_name|format_version|jupytext_version):[^\n]*\n?)+)"
)
_ENTRY = lazy(r"(extension|format_name|format_version):[ \t]*'?\"?([^'\"\s*]+)")
_HEADER_SIZE = 20_000  # characters in which a header is looked for


def recognise(text: str, target: "Target") -> "tuple[Target, dict[str, bool | str]]":
    """Return the full target of *text*, and the options that its look tells.

    The version that the header names is returned under the key "".
    """
    extension, name, version = representation(text)
    found: dict[str, bool | str] = {"": version} if version else {}
    suffix = target.suffix
    if suffix in ("", _names.AUTO):
        suffix = extension if extension in _index.SUFFIXES else ""
        suffix = suffix or _suffix_of_format(target.name) or guess_suffix(text)
    if name and (not extension or extension == suffix or extension.endswith(suffix)):
        name = _index.ALIASES.get(name, name)
        if suffix in _index.suffixes_of(name):
            return _names.Target(suffix, name), found
    if target.name:
        return _names.Target(suffix, target.name), found
    name, options = sniff(text, suffix)
    return _names.Target(suffix, name), {**options, **found}


def sniff(text: str, suffix: str) -> "tuple[str, dict[str, bool | str]]":
    """Return the format that *text* looks like for its suffix, and the options it shows."""
    for name in _index.candidates(suffix):
        fmt = _index.get(name)
        if fmt is None or fmt.sniff is None:
            continue
        options = fmt.sniff(text, suffix)
        if options is not None:
            return name, dict(options)
    return _index.assumed_name(suffix), {}


def representation(text: str) -> tuple[str, str, str]:
    """Return suffix, format and version that a header names, each "" when it does not."""
    found = _REPRESENTATION.search(text, 0, _HEADER_SIZE)
    if found is None or "---" not in text[: found.start()]:
        return "", "", ""
    entries = dict(_ENTRY.findall(found["lines"]))
    return (
        entries.get("extension", ""),
        entries.get("format_name", ""),
        entries.get("format_version", ""),
    )


def guess_suffix(text: str) -> str:
    """Return the suffix that a text without one should have, from its content."""
    start = text.lstrip()[:1]
    if (start == "{" and '"cells"' in text) or '"worksheets"' in text:
        return _names.IPYNB
    if text.startswith("---\n") or re.search(r"(?m)^```\s*$", text):
        return ".qmd" if re.search(r"(?m)^```\{python\}", text) else ".md"
    for language in LANGUAGES:
        if language.comment != "#" and text.startswith(language.comment + " %%"):
            return language.suffixes[0]
    return ".py"


def has_percent_markers(text: str, suffix: str) -> bool:
    """Return whether *text* has lines `# %%` (or `# <codecell>`, `# In[1]:`) outside strings."""
    sign = re.escape(BY_SUFFIX[suffix].comment)
    marker = re.compile(rf"(?m)^{sign}(?: ?%%$| ?%%\s| <codecell>| In\[[0-9 ]*\]:?)")
    return any(True for _ in outside_strings(text, suffix, marker))


def has_bare_magics(text: str, suffix: str) -> bool:
    """Return whether *text* has magics that are not commented."""
    row = BY_SUFFIX[suffix]
    magics = magics_of(row.name)
    if not magics.may_occur(text):
        return False
    scanner = _scanner(suffix)
    for line in text.split("\n"):
        scanner.read(line)
        if not scanner.quoted and not line.startswith(row.comment) and magics.is_magic(line):
            return True
    return False


def outside_strings(
    text: str, suffix: str, pattern: "re.Pattern[str]"
) -> "Iterator[re.Match[str]]":
    """Yield the matches of a pattern at line starts that do not lie in triple-quoted strings."""
    if not has_triple_quotes(text):
        yield from pattern.finditer(text)
        return
    scanner = _scanner(suffix)
    at = 0
    for match in pattern.finditer(text):
        for line in text[at : match.start()].split("\n")[:-1]:
            scanner.read(line)
        at = match.start()
        if not scanner.quoted:
            yield match


def _scanner(suffix: str) -> StringScanner:
    row = BY_SUFFIX[suffix]
    return StringScanner("python" if row.strings else row.name)


def _suffix_of_format(name: str) -> str:
    """Return the first suffix of a format that is not one of scripts, else ""."""
    suffixes = _index.suffixes_of(name) if name else ()
    return suffixes[0] if suffixes and len(suffixes) < len(BY_SUFFIX) else ""
