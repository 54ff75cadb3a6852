"""Short names of formats: `py:percent`, `md`, `md:myst`, `Rmd`, `auto:light`, `percent`."""

from octavo.core.errors import OptionError, did_you_mean
from octavo.core.languages import BY_SUFFIX, SCRIPT_SUFFIXES, script_suffix
from octavo.formats import _index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata

AUTO = ".auto"
IPYNB = ".ipynb"

#: Words that people use for a suffix or a suffix with a format.
_WORDS = {
    "notebook": "ipynb",
    "rmarkdown": "Rmd",
    "quarto": "qmd",
    "marimo": "py:marimo",
    "markdown": "md",
    "script": "auto",
    "c++": "cpp",
    "myst": "md:myst",
}


class Target:
    """A suffix and a format name, as far as they were said ("" = not said)."""

    __slots__ = ("name", "suffix")

    def __init__(self, suffix: str = "", name: str = "") -> None:
        self.suffix = suffix
        self.name = name

    def __str__(self) -> str:
        """Return the short name."""
        default = _index.default_name(self.suffix, plain=True)
        if self.suffix and self.name and (self.name != default or self.suffix[1:] in _WORDS):
            return f"{self.suffix[1:]}:{self.name}"
        return self.suffix[1:] or self.name

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Target({str(self)!r})"


def parse(short: str) -> Target:
    """Return the target that a short name stands for.

    Raises: `OptionError` OCT-O010 for an unknown suffix or format, OCT-O011 for a format that
    does not go with the suffix.

    >>> parse("py:percent").name, parse("Rmd").suffix, parse(".md").suffix
    ('percent', '.Rmd', '.md')
    """
    word = _WORDS.get(short.lower(), short)
    suffix, colon, name = word.rpartition(":")
    if not colon:
        suffix, name = word, ""
        if "." not in word and _index.module_of(word) and ("." + word) not in _index.SUFFIXES:
            suffix, name = "", word
    name = _index.ALIASES.get(name, name)
    if suffix and not suffix.startswith("."):
        suffix = "." + suffix
    if suffix and suffix != AUTO and suffix not in _index.SUFFIXES:
        return _foreign(short, suffix, name)
    if name:
        _check_name(short, suffix, name)
    return Target(suffix, name)


def _foreign(short: str, suffix: str, name: str) -> Target:
    """Return the target for a suffix or a name that another distribution brings.

    Raises: `OptionError` OCT-O010 when none does.
    """
    named = _index.get(short)
    if named is not None:
        return Target(named.suffixes[0], named.name)
    for fmt in _index.foreign():
        if suffix in fmt.suffixes and name in ("", fmt.name):
            return Target(suffix, fmt.name)
    raise _unknown(short, suffix)


def of_path(path: str) -> Target:
    """Return the target that a path's suffix stands for (suffix "" when it has none)."""
    base = path.replace("\\", "/").rpartition("/")[2]
    stem, dot, last = base.rpartition(".")
    return Target("." + last if dot and stem else "")


def resolve_auto(target: Target, metadata: "Metadata") -> Target:
    """Return *target* with the suffix of the notebook's language in place of `auto`.

    Raises: `OptionError` OCT-O012 when the notebook does not tell its language.
    """
    if target.suffix not in (AUTO, ""):
        return target
    suffix = script_suffix(metadata)
    if target.name and not target.suffix:
        suffixes = _index.suffixes_of(target.name)
        if suffixes and suffix not in suffixes:
            # A language that the format does not know, or none: the format's own suffix.
            suffix = suffixes[0] if suffixes[0] not in BY_SUFFIX or suffix is None else suffix
    if suffix is None or (suffix not in SCRIPT_SUFFIXES and not target.name):
        raise OptionError(
            "OCT-O012",
            "the notebook does not tell its language, so 'auto' has no suffix",
            hint="name the suffix, such as py:percent, or set the kernel with --set-kernel",
        )
    return Target(suffix, target.name)


def renamed(formats: str, target: Target, metadata: "Metadata") -> str:
    """Return a list of paired formats in which the one of *target* has its name.

    `auto` becomes the suffix of the notebook's language; prefixes and suffixes of file names
    stay.

    >>> renamed("ipynb,py:light", Target(".py", "percent"), {})
    'ipynb,py:percent'
    """
    parts = []
    for part in filter(None, formats.split(",")):
        folder, slash, file = part.rpartition("/")
        path, _, name = file.partition(":")
        stem, _, last = path.rpartition(".")
        if last == "auto":
            last = (script_suffix(metadata) or AUTO)[1:]
        if not folder and not stem and "." + last == target.suffix:
            name = target.name
        if _index.default_name("." + last, plain=True) == name:
            name = ""
        path = f"{stem}.{last}" if stem else last
        parts.append(f"{folder}{slash}{path}" + (f":{name}" if name else ""))
    return ",".join(parts)


def _check_name(short: str, suffix: str, name: str) -> None:
    suffixes = _index.suffixes_of(name)
    if not suffixes:
        known = [*_index.names(), *_WORDS]
        hint = did_you_mean(name, known) or "`octavo formats` lists them"
        if name == "pandoc":
            hint = "use md or md:myst; Pandoc's divs are not supported"
        raise OptionError("OCT-O010", f"unknown format {name!r} in {short!r}", hint=hint)
    if suffix and suffix != AUTO and suffix not in suffixes:
        raise OptionError(
            "OCT-O011",
            f"format {name!r} is not written in {suffix} files",
            hint="its suffixes are " + " ".join(suffixes),
        )


def _unknown(short: str, suffix: str) -> OptionError:
    known = [*(known[1:] for known in _index.SUFFIXES), *_index.names(), *_WORDS]
    hint = did_you_mean(suffix[1:], known) or "`octavo formats` lists formats and suffixes"
    return OptionError("OCT-O010", f"unknown suffix or format {short!r}", hint=hint)
