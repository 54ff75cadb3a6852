"""The ONE table of languages: suffixes, comments, magics, kernels.

A language is one row.  Everything else in Octavo asks this table; no other module compares
language names or script suffixes.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata


class Language:
    """One row of the table.

    `suffixes` are those of its scripts, the preferred one first.  `comment` opens a line
    comment (or, where `comment_end` is set, a block comment that ends on the same line).
    `magics` names the rule by which lines are recognised as magics: "percent" (`%x`, `%%x`),
    "python" (also `!x`, `x?`, `a = %x`, `ls`), "colon" (`:x`), "hash-bang" (`#!x`), "go", or ""
    for none.  `strings` tells whether triple-quoted strings can hide lines.
    `aliases` are other spellings in kernels and fences, `kernels` the usual kernel names.
    """

    __slots__ = (
        "aliases",
        "comment",
        "comment_end",
        "kernels",
        "lexer",
        "magics",
        "name",
        "strings",
        "suffixes",
    )

    def __init__(
        self,
        name: str,
        suffixes: str,
        comment: str,
        comment_end: str = "",
        *,
        magics: str = "percent",
        strings: bool = True,
        aliases: str = "",
        kernels: str = "",
        lexer: str = "",
    ) -> None:
        self.name = name
        self.suffixes = tuple(suffixes.split())
        self.comment = comment
        self.comment_end = comment_end
        self.magics = magics
        self.strings = strings
        self.aliases = tuple(aliases.split())
        self.kernels = tuple(kernels.split())
        self.lexer = lexer or name

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Language({self.name!r})"


LANGUAGES = (
    Language("python", ".py", "#", magics="python", kernels="python3 python xpython"),
    Language("coconut", ".coco", "#", kernels="coconut", lexer="python"),
    Language("R", ".R .r", "#", strings=False, aliases="r", kernels="ir xr", lexer="r"),
    Language("julia", ".jl", "#", kernels="julia-1.10 julia"),
    Language("c++", ".cpp", "//", aliases="cpp c++11 c++14 c++17 c++20", kernels="xcpp17 xcpp20"),
    Language("scheme", ".ss .scm", ";;", kernels="calysto_scheme"),
    Language("clojure", ".clj", ";;", kernels="clojupyter"),
    Language("bash", ".sh", "#", kernels="bash"),
    Language("powershell", ".ps1", "#", kernels="powershell .net-powershell"),
    Language("q", ".q", "/", kernels="qpk"),
    Language("matlab", ".m", "%", magics="", aliases="octave", kernels="matlab octave"),
    Language(
        "wolfram language", ".wolfram", "(*", "*)", kernels="wolframlanguage13", lexer="wolfram"
    ),
    Language("idl", ".pro", ";", kernels="idl"),
    Language("javascript", ".js", "//", kernels="javascript deno jslab"),
    Language("typescript", ".ts", "//", kernels="typescript tslab"),
    Language("scala", ".scala", "//", kernels="scala almond"),
    Language("rust", ".rs", "//", magics="colon", kernels="rust"),
    Language("robotframework", ".robot .resource", "#", kernels="robotkernel xrobot"),
    Language("csharp", ".cs", "//", magics="hash-bang", aliases="c# cs", kernels=".net-csharp"),
    Language("fsharp", ".fsx .fs", "//", aliases="f# fs", kernels=".net-fsharp ifsharp"),
    Language("sos", ".sos", "#", kernels="sos", lexer="python"),
    Language("java", ".java", "//", kernels="java"),
    Language("groovy", ".groovy", "//", kernels="groovy"),
    Language("sage", ".sage", "#", kernels="sagemath", lexer="python"),
    Language("ocaml", ".ml", "(*", "*)", kernels="ocaml-jupyter"),
    Language("haskell", ".hs", "--", kernels="haskell"),
    Language("tcl", ".tcl", "#", kernels="tcl tcljupyter"),
    Language("maxima", ".mac", "/*", "*/", kernels="maxima"),
    Language("gnuplot", ".gp", "#", kernels="gnuplot"),
    Language("stata", ".do", "//", kernels="stata nbstata"),
    Language("sas", ".sas", "/*", "*/", magics="", kernels="sas"),
    Language("jenner", ".jenner", "/*", "*/", magics="", kernels="jenner", lexer="text"),
    Language("xonsh", ".xsh", "#", kernels="xonsh", lexer="python"),
    Language("logtalk", ".lgt .logtalk", "%", magics="", kernels="logtalk_kernel"),
    Language("lua", ".lua", "--", kernels="lua xlua"),
    Language("go", ".go", "//", magics="go", kernels="gonb"),
)

BY_NAME = {language.name: language for language in LANGUAGES}
BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}
SCRIPT_SUFFIXES = tuple(BY_SUFFIX)

#: Suffixes that a kernel reports in `language_info.file_extension` but that we do not write.
_PREFERRED_SUFFIX = {".r": ".R", ".fs": ".fsx", ".resource": ".robot", ".C": ".cpp"}

#: Cell magics that name a language (`%%bash`), beyond the languages of the table.
_MAGIC_ONLY = (
    "sh python2 python3 js perl html latex markdown pypy ruby script svg octave spark sql "
    "cython c# f# cs fs"
)
LANGUAGE_MAGICS = frozenset(BY_NAME) | frozenset(_MAGIC_ONLY.split())

#: Words that a Markdown fence may open a code cell with: the magics, in lower or upper case.
FENCE_LANGUAGES = LANGUAGE_MAGICS | frozenset(name.upper() for name in LANGUAGE_MAGICS)


def usual_name(language: str) -> str:
    """Return the name in the table for a kernel's or fence's spelling of a language.

    A name that the table does not know comes back in lower case.

    >>> usual_name("C++17"), usual_name("octave"), usual_name("r"), usual_name("Klingon")
    ('c++', 'matlab', 'R', 'klingon')
    """
    name = language.lower()
    return _SPELLINGS.get(name) or ("c++" if name.startswith("c++") else name)


_SPELLINGS = {
    spelling.lower(): language.name
    for language in LANGUAGES
    for spelling in (language.name, *language.aliases)
}


def same_language(a: str, b: str) -> bool:
    """Return whether two spellings name one language."""
    return a == b or usual_name(a) == usual_name(b)


def find(language: str | None) -> Language | None:
    """Return the row of a language by any of its spellings, or None."""
    return None if language is None else BY_NAME.get(usual_name(language))


def comment_of(language: str | None) -> tuple[str, str]:
    """Return the opening and closing comment sign of a language (`#` if it is unknown)."""
    row = find(language)
    return ("#", "") if row is None else (row.comment, row.comment_end)


def script_suffix(metadata: "Metadata") -> str | None:
    """Return the suffix for the script of a notebook with this metadata, or None.

    The kernel's own word (`language_info.file_extension`) goes first, then the language of the
    kernelspec, then the main language that a text recorded.
    """
    kernel_language = _entry(metadata, "kernelspec", "language")
    suffix = _entry(metadata, "language_info", "file_extension")
    if suffix == ".py" and kernel_language == "sage":
        return ".sage"
    if suffix is None:
        language = kernel_language or _entry(metadata, "jupytext", "main_language")
        row = find(language)
        suffix = row.suffixes[0] if row else None
    if suffix is None:
        return None
    return _PREFERRED_SUFFIX.get(suffix, suffix)


def main_language(metadata: "Metadata", suffix: str | None) -> str | None:
    """Return the main language of a document, in the table's spelling, or None.

    Order: what a text recorded (`jupytext.main_language`), the kernelspec, the suffix.
    """
    by_suffix = BY_SUFFIX.get(suffix or "")
    language = (
        _entry(metadata, "jupytext", "main_language")
        or _entry(metadata, "kernelspec", "language")
        or (by_suffix.name if by_suffix else None)
    )
    if language is None:
        return None
    if language in ("R", "sas"):
        return language
    if language.startswith("C++"):
        return "c++"
    return language.lower().replace("#", "sharp")


def _entry(metadata: "Metadata", section: str, key: str) -> str | None:
    """Return the text at `metadata[section][key]`, or None if there is no text."""
    found = metadata.get(section)
    value = found.get(key) if isinstance(found, dict) else None
    return value if isinstance(value, str) and value else None
