"""light: scripts whose cells are paragraphs; comments are Markdown, `# +` opens what is not.

    # # A title

    1 + 1

    # + tags=["a"]
    x = 1

    y = 2
    # -

A value of `cell_markers` such as "region,endregion" replaces `+` and `-`.
"""

import re

from octavo.core.languages import BY_SUFFIX, SCRIPT_SUFFIXES
from octavo.formats import _light, _light_reader, _light_writer
from octavo.formats._format import Format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document, Origin
    from octavo.core.options import Options

#: What folding markers look like, and the option that they mean.
_FOLDS = (("{{{", "{{{,}}}"), ("region", "region,endregion"))


def read(text: str, options: "Options", origin: "Origin") -> "Document":
    """Return the document that *text* holds."""
    return _light_reader.read(text, options, origin)


def write(document: "Document", options: "Options") -> str:
    """Return *document* as a light script."""
    return _light_writer.write(document, options)


def sniff(text: str, suffix: str) -> "dict[str, bool | str] | None":
    """Return the cell markers when *text* has Vim's or VS Code's folding markers."""
    from octavo.formats._guess import outside_strings

    sign = re.escape(BY_SUFFIX[suffix].comment)
    for word, markers in _FOLDS:
        if word not in text:
            continue
        pattern = re.compile(rf"(?m)^{sign}[^\S\n]*{re.escape(word)}")
        if any(True for _ in outside_strings(text, suffix, pattern)):
            return {"cell_markers": markers}
    return None


FORMAT = Format(
    "light",
    SCRIPT_SUFFIXES,
    read,
    write,
    summary="scripts whose cells are paragraphs, with few markers (`# +`)",
    version=_light.VERSION,
    oldest=_light.OLDEST,
    options=_light.OPTIONS,
    sniff=sniff,
    rank=40,
    default_for=(),
    assumed_for=SCRIPT_SUFFIXES,
)
