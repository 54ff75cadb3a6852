"""The text of a notebook that is open: what a save would write, while somebody types."""

import os

from octavo.formats import _names, _text
from octavo.jupyter import models
from octavo.workspace import files, find, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def text_of(content: "Any", short: str, path: str = "") -> "dict[str, str]":
    """Return the `text` of a notebook (nbformat JSON) in the format *short*, and its `suffix`.

    *short* is as in a list of members: "py:percent", "auto:percent", "scripts///py:percent".

    Where the file of that format stands beside *path*, its layout is kept, as by a save.

    Raises: `FormatError`, `OptionError`, `FileError`.
    """
    from octavo.core import ids

    document = ids.unique(models.document_of(content))
    target = _text.settle_target(pairs.parse(short).target, document.metadata, {})
    options, previous = {}, None
    if path:
        options = find.Finder().config_of(path).options_for(path)
        known = _text.get_format(target.name).options
        options = {name: value for name, value in options.items() if name in known}
        previous = _previous(path, target)
    text = files.document_bytes(document, target, options, previous).decode("utf-8")
    return {"text": text, "suffix": target.suffix}


def _previous(path: str, target: "_names.Target") -> str | None:
    """Return the text of the file that a save would change."""
    for member in (path, f"{os.path.splitext(path)[0]}{target.suffix}"):
        if _names.of_path(member).suffix == target.suffix and os.path.isfile(member):
            return files.previous_text(member, target)
    return None
