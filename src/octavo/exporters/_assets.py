"""Style sheets and scripts that come with Octavo, from the folder `assets`."""

_TEXTS: dict[str, str] = {}


def text(name: str) -> str:
    """Return an asset, read once."""
    if name not in _TEXTS:
        from pkgutil import get_data

        data = get_data("octavo.exporters", f"assets/{name}")
        _TEXTS[name] = (data or b"").decode("utf-8")
    return _TEXTS[name]
