"""Several files claim the name of one module: those of a pair agree, others are told."""

import os
import re

from octavo.core.errors import OctavoError
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FORMATS = lazy(r"[\"']?formats[\"']?:[ \t]*[\"']?([\w.,:/ -]+)")
_IS_NOTEBOOK = lazy(
    r"\A\ufeff?---\r?\n(?s:.*?)^(?:jupytext|kernelspec|jupyter|octavo):", re.MULTILINE
)
_READ_BYTES = 8192


class AmbiguousModuleWarning(UserWarning):
    """Two files that are no pair have the name of one module."""


def check(paths: "Sequence[str]") -> None:
    """Warn when a file of *paths* other than the first has the same name and is not its pair.

    A Markdown file without a notebook's header beside another file is its documentation.
    """
    winner, others = paths[0], [path for path in paths[1:] if _claims(path)]
    foreign = [path for path in others if not _is_pair(winner, path)]
    if not foreign:
        return
    import warnings

    names = ", ".join(os.path.basename(path) for path in foreign)
    warnings.warn_explicit(
        AmbiguousModuleWarning(
            f"{os.path.basename(winner)} and {names} have the name of one module and are no pair: "
            f"{os.path.basename(winner)} was imported (rename one, or pair them with `octavo pair`)"
        ),
        None,  # the category is that of the message
        winner,
        1,
    )


def _claims(path: str) -> bool:
    if not path.endswith((".md", ".markdown")):
        return True
    return _IS_NOTEBOOK.search(_ends(path)[0]) is not None


def _is_pair(winner: str, other: str) -> bool:
    suffix = os.path.splitext(other)[1][1:]
    for text in (*_ends(winner), *_ends(other)):
        found = _FORMATS.search(text)
        if found and {suffix, os.path.splitext(winner)[1][1:]} <= set(re.split(r"[,:/]", found[1])):
            return True
    from octavo.workspace.find import Finder

    try:
        pair = Finder().pair_of(winner)
    except (OctavoError, OSError):
        return False
    return pair is not None and os.path.abspath(other) in pair.paths


def _ends(path: str) -> tuple[str, str]:
    """Return the first and the last characters of a file: headers stand there."""
    from octavo.workspace import files

    try:
        data = files.read_bytes(path)
    except OctavoError:
        return "", ""
    head, tail = data[:_READ_BYTES], data[-_READ_BYTES:]
    return head.decode("utf-8", "replace"), tail.decode("utf-8", "replace")
