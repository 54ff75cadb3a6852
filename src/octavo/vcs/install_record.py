"""What an installation found in each attributes file, kept in the configuration beside it.

The configuration belongs to one clone, the attributes file is committed: only the former can
tell whether this clone's installation made the file, or found it with the block of somebody else.
"""

from octavo.vcs import blocks

_MARK = "# octavo: found "


class Found:
    """What stood in an attributes file: a `blocks.state`, and the block that was there.

    `folder` is the topmost folder that was made for the file, "" where it was there.
    """

    __slots__ = ("block", "folder", "state")

    def __init__(self, state: str, block: str = "", folder: str = "") -> None:
        self.state = state
        self.block = block
        self.folder = folder


def read(config: str) -> dict[str, Found]:
    """Return what was found, by the path of the attributes file; the text is that of a config."""
    import json

    found: dict[str, Found] = {}
    for line in blocks.block_of(config).splitlines():
        if line.startswith(_MARK):
            try:
                path, state, block, folder = json.loads(line.removeprefix(_MARK))
            except ValueError:
                continue  # somebody edited it
            found[path] = Found(state, block, folder)
    return found


def lines(record: dict[str, Found]) -> list[str]:
    """Return the lines that `read` understands: comments, to git."""
    import json

    return [
        _MARK + json.dumps([path, found.state, found.block, found.folder])
        for path, found in record.items()
    ]


def looked_at(text: str | None, known: Found | None, folder: str) -> Found:
    """Return what stands in an attributes file: what is *known* holds as long as the block does."""
    state = blocks.state(text)
    if known is not None and state == blocks.BLOCK:
        return known
    return Found(state, blocks.block_of(text or ""), folder if state == blocks.NO_FILE else "")


def undone(text: str, found: Found) -> str | None:
    """Return an attributes file without what the installation did; None: it was not there."""
    if found.state == blocks.BLOCK:
        return blocks.exchanged(text, found.block)
    return blocks.without_block(text, found.state)
