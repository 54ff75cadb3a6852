"""Pictures as PNG for targets that do not know their kind (SVG, WebP), drawn by Typst."""

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._exporter import Settings

_DENSITY = 192  # dots an inch
_MOST_POINTS = 1600  # of a side: larger ones are made smaller, as an SVG may claim any size
_PAGE = f"""
#set page(width: auto, height: auto, margin: 0pt)
#context {{
  let size = measure(image("picture.svg"))
  let part = calc.min(1, {_MOST_POINTS}pt / size.width, {_MOST_POINTS}pt / size.height)
  let side(length) = calc.max(1pt, length * part)
  image("picture.svg", width: side(size.width), height: side(size.height))
}}
"""


def png(data: bytes, mime: str, settings: "Settings") -> bytes | None:
    """Return a picture as PNG, None where Typst is absent or does not take it."""
    from octavo.exporters import _safe
    from octavo.exporters._typst_blocks import in_svg

    held = _safe.svg(data) if mime == "image/svg+xml" else in_svg(data, mime)
    files = {"main.typ": _PAGE.encode("ascii"), "picture.svg": held}
    try:
        return settings.typeset(files, {"format": "png", "ppi": _DENSITY})
    except (RuntimeError, OptionError):
        return None


def is_whole(picture: bytes, settings: "Settings") -> bool:
    """Return whether Typst can read a picture in SVG.

    Raises: `OptionError` OCT-E011 when Typst is not installed.
    """
    files = {"main.typ": b'#image("picture.svg")', "picture.svg": picture}
    try:
        settings.typeset(files, {"format": "pdf"})
    except RuntimeError:
        return False
    return True
