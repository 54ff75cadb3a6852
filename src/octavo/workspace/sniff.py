"""Is this text a notebook?  By its content, so that scripts and READMEs open in the editor.

A text is one if it says so in its header, if it is cut into cells by markers, if it is of a
format that is one by itself (R Markdown, Quarto, marimo), or if it is a member of a pair.
"""

import os

from octavo.core.languages import BY_SUFFIX
from octavo.core.patterns import lazy
from octavo.formats import _guess, _index, _names
from octavo.workspace import state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = 20_000  # characters in which a header is looked for
#: A header may stand below `#!`, a coding line and the opening of a comment.
_HEADER = lazy(
    r"\A\ufeff?(?:#![^\n]*\n)?(?:[^\n]{0,9}coding[:=][^\n]*\n)?(?:[^\w\s]{1,5}[ \t]*\n)?"
    r"[^\w\n]{0,4}---[^\w\n]{0,4}\n(?P<lines>.*?)\n[^\w\n]{0,4}---[^\w\n]{0,4}(?:\n|\Z)",
    16,  # re.DOTALL
)
_NOTEBOOK_KEYS = lazy(r"(?m)^[^\w\n]*(?:jupytext|kernelspec|jupyter|text_representation):")
_CODE_CELL = lazy(r"(?m)^[ \t]*[`:~]{3,}[ \t]*\{code-cell\}")
_MARIMO = lazy(r"(?ms)^import marimo\b.*^\w+ *= *marimo\.App\(")
_SPIN_CHUNK = lazy(r"(?m)^#[+-][ \t]*\S?")
_SPIN_PROSE = lazy(r"(?m)^#'")
#: Suffixes of which every file is a notebook.
_ALWAYS = frozenset((".Rmd", ".rmd", ".qmd", ".Rmarkdown"))


def format_of(text: str, suffix: str) -> str:
    r"""Return the short name of the format if *text* is a notebook, "" when it is not.

    >>> format_of("# %% [markdown]\n# # Title\n", ".py")
    'py:percent'
    >>> format_of("# A README\n\n```python\n1\n```\n", ".md")
    ''
    """
    if not _is_notebook(text, suffix):
        return ""
    target, _ = _guess.recognise(text, _names.Target(suffix))
    return str(target)


def suffix_of(path: str) -> str:
    """Return the suffix of a text that can be a notebook, "" for all other files."""
    suffix = _names.of_path(path).suffix
    return suffix if suffix in _index.SUFFIXES and suffix != _names.IPYNB else ""


class Sniffer:
    """Sniffs files; what was found stays known until a file changes."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[list[int], str]] = {}

    def formats_of(self, paths: "Iterable[str]") -> dict[str, str]:
        """Return the format of each file on the local disk, "" for one that is no notebook."""
        members: dict[str, set[str]] = {}
        found: dict[str, str] = {}
        for path in paths:
            suffix = suffix_of(path)
            name = self._format_of(path, suffix) if suffix else ""
            if suffix and not name and _is_member(path, members):
                name = suffix.removeprefix(".")
            found[path] = name
        return found

    def _format_of(self, path: str, suffix: str) -> str:
        signature = state.signature(path)
        known = self._known.get(path)
        if known is not None and known[0] == signature:
            return known[1]
        name = format_of(_text_of(path), suffix) if signature else ""
        self._known[path] = (signature, name)
        return name


def _is_notebook(text: str, suffix: str) -> bool:
    if suffix in _ALWAYS:
        return True
    head = _HEADER.match(text[:_HEAD])
    if head is not None and _NOTEBOOK_KEYS.search(head["lines"]):
        return True
    if suffix not in BY_SUFFIX or suffix in _index.suffixes_of("markdown"):
        return "{code-cell}" in text and _CODE_CELL.search(text) is not None
    if suffix == ".py" and "marimo.App(" in text and _MARIMO.search(text):
        return True
    if suffix in _index.suffixes_of("spin") and "#'" in text:
        return bool(_SPIN_CHUNK.search(text) and _SPIN_PROSE.search(text))
    return _may_have_markers(text) and _guess.has_percent_markers(text, suffix)


def _may_have_markers(text: str) -> bool:
    return "%%" in text or "<codecell>" in text or "In[" in text


def _text_of(path: str) -> str:
    from octavo.core.errors import FileError
    from octavo.workspace import files

    try:
        return files.read_regular(path).decode("utf-8", "replace").replace("\r\n", "\n")
    except FileError:
        return ""


def _is_member(path: str, members: "dict[str, set[str]]") -> bool:
    """Return whether a sync has recorded the file as a member of a pair."""
    folder = os.path.dirname(path)
    if folder not in members:
        root = state.root_of(folder)
        names = [name for _, record in state.Store(root).records() for name in record.names]
        members[folder] = {os.path.join(root, *name.split("/")) for name in names}
    return path in members[folder]
