"""The words on the marker of a cell in a script: depth, title, type and metadata.

# %% A title [markdown] tags=["a"]
# + A title [markdown] tags=["a"]
"""

from octavo.formats import _attributes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Kind, Metadata

_TYPES = ("markdown", "raw", "md")


def read_words(text: str) -> "tuple[Metadata, Kind | None]":
    """Return metadata and kind (None: not said) from what follows a marker."""
    title, metadata = _attributes.split_title(text)
    kind: Kind | None = None
    for word in _TYPES:
        if f"[{word}]" in title:
            title = title.replace(f"[{word}]", "").strip()
            kind = "raw" if word == "raw" else "markdown"
            if word == "md":
                metadata["region_name"] = word
            break
    bare = title.lstrip("%")
    if len(bare) < len(title):
        metadata["cell_depth"] = len(title) - len(bare)
        title = bare.strip()
    if title:
        metadata["title"] = title
    if kind is None and "cell_type" in metadata:
        named = metadata.pop("cell_type")
        kind = named if named in ("code", "markdown") else "raw"  # type: ignore[assignment]
    return metadata, kind


def write_words(metadata: "Metadata", kind: str, *, as_json: bool) -> str:
    """Return what follows a marker: depth, title, type and metadata."""
    words: list[str] = []
    left = dict(metadata)
    depth, title = left.get("cell_depth"), left.get("title")
    if isinstance(depth, int) and depth is not True and depth > 0:
        words.append("%" * depth)
        del left["cell_depth"]
    if isinstance(title, str) and title:
        words.append(title)
        del left["title"]
    if kind:
        if kind == "markdown" and left.get("region_name") == "md":
            del left["region_name"]
            kind = "md"
        words.append(f"[{kind}]")
    pairs = _attributes.write_pairs(left, as_json=as_json)
    if pairs:
        words.append(pairs)
    return " ".join(words)
