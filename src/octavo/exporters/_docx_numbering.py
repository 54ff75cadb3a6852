"""The lists of a Word file: signs, numbers, and where counting begins anew."""

_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DEEPEST = 8
_SIGNS = "•◦▪"
_KINDS = ("decimal", "lowerLetter", "lowerRoman")
_STEP, _HANGING = 400, 300  # twentieths of a point


class Numbering:
    """Gives each list a number of its own, so that each counts from its start."""

    def __init__(self) -> None:
        self._lists: list[tuple[bool, int, int]] = []

    def begin(self, *, ordered: bool, level: int, start: int) -> str:
        """Return what marks the paragraphs of a new list."""
        level = min(level, _DEEPEST)
        self._lists.append((ordered, level, start))
        return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{len(self._lists)}"/></w:numPr>'

    def part(self) -> str:
        """Return the part of the file."""
        kinds = _kind(1, ordered=False) + _kind(2, ordered=True)
        lists = "".join(
            f'<w:num w:numId="{n}"><w:abstractNumId w:val="{2 if ordered else 1}"/>'
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            f"</w:num>"
            for n, (ordered, level, start) in enumerate(self._lists, 1)
        )
        return f'<w:numbering xmlns:w="{_SPACE}">{kinds}{lists}</w:numbering>'


def indent(level: int) -> int:
    """Return how far the text of a list of this depth (0 = outermost) stands in."""
    return _STEP * (min(level, _DEEPEST) + 1)


def hanging() -> int:
    """Return how far its sign stands out."""
    return _HANGING


def _kind(number: int, *, ordered: bool) -> str:
    levels = []
    for level in range(_DEEPEST + 1):
        form = _KINDS[level % 3] if ordered else "bullet"
        text = f"%{level + 1}." if ordered else _SIGNS[level % 3]
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind '
            f'w:left="{indent(level)}" w:hanging="{_HANGING}"/></w:pPr></w:lvl>'
        )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )
