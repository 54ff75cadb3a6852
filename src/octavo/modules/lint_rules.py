"""The rules of `octavo lint`: their codes, and those that look at tags and names."""

from octavo.core.tags import MARKS
from octavo.modules.errors import ModuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

#: Code -> what it finds.  Those with 1 are mended by the tag `active-ipynb`.
RULES = {
    "OCT-L001": "a cell is no Python",
    "OCT-L101": "a call at top level: it happens on every import",
    "OCT-L102": "printing at top level: it happens on every import",
    "OCT-L103": "a plot at top level: it is drawn on every import",
    "OCT-L104": "a magic or shell command in a cell of the module",
    "OCT-L105": "a value that is only shown: a module shows nothing",
    "OCT-L106": "a loop or `with` that works at top level, on every import",
    "OCT-L107": "a file, address or keyboard is read on every import",
    "OCT-L201": "a name that no cell defines",
    "OCT-L301": "a tag that nothing uses: misspelt, or without effect",
    "OCT-L302": "two cells have the same id",
    "OCT-L401": "a name is used above the cell that defines it",
    "OCT-L402": "the cells were not run from top to bottom",
    "OCT-L403": "a test replaces another of the same name",
}

_TARGETS = frozenset(
    "ipynb py md Rmd rmd qmd myst R r jl js ts sh cpp cs scala sql rs test pyi".split()
)
_OURS = ("test", "skip", "xfail", "active-ipynb", "active-py", "active-test")
#: Names that Jupyter and IPython give.
_GIVEN = frozenset(
    "get_ipython display In Out _ __ ___ _i _ii _iii _dh _oh _ih exit quit "
    "__name__ __file__ __doc__ __builtins__ __spec__ __package__".split()
)


def faults_of_tags(tags: "Sequence[str]") -> list[str]:
    """Return what is wrong with the tags of a cell.

    >>> faults_of_tags(["active-ipnyb"])
    ["the tag 'active-ipnyb' names no kind of file: 'ipnyb' (did you mean 'ipynb'?)"]
    """
    from octavo.core.errors import did_you_mean

    found: list[str] = []
    active = [tag for tag in tags if tag.startswith("active-")]
    for tag in active:
        for word in tag.split("-")[1:]:
            if word not in _TARGETS:
                hint = did_you_mean(word, sorted(_TARGETS))
                told = f"the tag {tag!r} names no kind of file: {word!r}"
                found.append(told + (f" ({hint})" if hint else ""))
    found += [f"the tag {tag!r} has no effect: {active[0]!r} goes first" for tag in active[1:]]
    known = {tag for mark in MARKS for tag in mark.tags} | set(_OURS)
    for tag in tags:
        plain = tag.replace("_", "-")
        if plain in known or tag in active:
            continue
        near = _near(plain, known)
        if near:
            found.append(f"the tag {tag!r} is not used by anything (did you mean {near!r}?)")
    found += [f"the tag {tag!r} stands twice" for tag in dict.fromkeys(tags) if tags.count(tag) > 1]
    return found


def _near(tag: str, known: set[str]) -> str:
    """Return the known tag that *tag* is a misspelling of, or ""."""
    import difflib

    if len(tag) < 6:
        return ""  # `tests`, `slip`: too short to be told from a word of its own
    near = difflib.get_close_matches(tag, sorted(known), n=1, cutoff=0.85)
    return near[0] if near else ""


def undefined_names(tree: "ast.Module") -> "Iterator[tuple[str, int]]":
    """Yield each name in *tree* that nothing defines, with its line.

    Raises: `ModuleError` OCT-M013 when pyflakes is not installed.
    """
    try:
        from pyflakes import checker, messages  # type: ignore[import-untyped]  # has no types
    except ImportError:
        raise ModuleError(
            "OCT-M013",
            "undefined names are found with pyflakes",
            hint="pip install 'octavo[lint]'",
        ) from None
    found = checker.Checker(tree, filename="cells", builtins=_GIVEN).messages
    for message in sorted(found, key=lambda message: (message.lineno, message.col)):
        if isinstance(message, (messages.UndefinedName, messages.UndefinedLocal)):
            name = str(message.message_args[0])
            if name not in _GIVEN:
                yield name, message.lineno
