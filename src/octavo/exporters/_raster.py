"""Pictures as PNG for targets that do not know their kind (SVG, WebP), drawn by Typst."""

_DENSITY = 192  # dots an inch


def png(data: bytes, mime: str) -> bytes | None:
    """Return a picture as PNG, None where Typst is absent or does not take it."""
    try:
        import typst
    except ImportError:
        return None
    from octavo.exporters import _safe
    from octavo.exporters._typst_blocks import in_svg

    held = _safe.svg(data) if mime == "image/svg+xml" else in_svg(data, mime)
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")\n'
    try:
        made = typst.compile(  # type: ignore[call-overload]  # the stubs lack files in memory
            {"main.typ": page, "picture.svg": held}, format="png", ppi=_DENSITY
        )
    except RuntimeError:
        return None
    return bytes(made) if isinstance(made, bytes) else None


def is_whole(picture: bytes) -> bool:
    """Return whether Typst can read a picture in SVG."""
    import typst

    try:
        typst.compile(  # type: ignore[call-overload]  # the stubs lack files in memory
            {"main.typ": b'#image("picture.svg")', "picture.svg": picture}, format="pdf"
        )
    except (RuntimeError, ValueError):
        return False
    return True
