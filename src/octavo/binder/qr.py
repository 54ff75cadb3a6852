"""QR codes of links, for slides and posters (needs the extra `octavo[qr]`)."""

from octavo.binder.errors import BinderError

SUFFIXES = (".svg", ".png")
_SCALE = 8  # pixels for each module of a PNG
_CAPACITY = 2953  # bytes of the largest code


def code(url: str, suffix: str) -> bytes:
    """Return the bytes of a picture of *url*: *suffix* is ".svg" or ".png".

    Raises: `BinderError` OCT-B009 (segno is missing), OCT-B010 (another suffix), OCT-B011 (the
    link is too long for a QR code).
    """
    if suffix.lower() not in SUFFIXES:
        raise BinderError(
            "OCT-B010", f"no QR code in {suffix or 'a file without suffix'}",
            hint="name a file that ends with .svg or .png",
        )  # fmt: skip
    try:
        import segno
    except ImportError:
        raise BinderError(
            "OCT-B009", "QR codes need the package segno", hint="pip install 'octavo[qr]'"
        ) from None
    from io import BytesIO

    if len(url.encode("utf-8")) > _CAPACITY:
        raise BinderError(
            "OCT-B011", f"a QR code holds {_CAPACITY} bytes, this link has {len(url)}",
            hint="shorten the path, or link to a page that holds the link",
        )  # fmt: skip
    out = BytesIO()
    picture = segno.make(url, micro=False)
    picture.save(out, kind=suffix[1:].lower(), scale=_SCALE, border=4)
    return out.getvalue()
