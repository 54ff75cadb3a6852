"""What stands inside a marimo cell: code, Markdown strings, and cells that marimo cannot run.

A marimo file holds Python only.  What is no Python (raw cells, magics, code with a syntax error
or in another language) is written as comments that say what they are, so that
`marimo check` accepts the file and nothing is lost:

    # Cell type: raw
    # ---
    # title: A raw cell

The magics of IPython get the very comments that marimo writes for them.
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Kind

TAGS = "# Cell tags: "
TYPE = "# Cell type: "
#: See `_marimo_renames`.
NAMES = "# Cell names: "
#: Before code that would read back as something else.
_VERBATIM = TYPE + "code (verbatim)"
_AS_JSON = " (as JSON)"
_UNSUPPORTED = "# magic command not supported in marimo; please file an issue to add support"
_SUPPORTED = "command supported automatically in marimo"
_SUPPORTED_MAGICS = frozenset({"pip", "matplotlib", "autoreload"})
#: Cell magics under which the code goes on to be Python that marimo can run.
_RUNNABLE_CELL_MAGICS = frozenset({"time", "timeit", "capture"})

_SUPPORTED_LINE = re.compile(r"# ('.*'|\".*\") " + re.escape(_SUPPORTED))
_CELL_MAGIC = re.compile(r"%%\s*([A-Za-z]\w*)")
#: Characters that no Python file can hold as they are.
UNSAFE = re.compile("[\r\0\ud800-\udfff]")
_RAW_MARKDOWN = re.compile(r'mo\.md\(r"""\n(.*)\n"""\)', re.DOTALL)
_ANY_MARKDOWN = re.compile(r"\s*mo\.md\(\s*[rRuU]?[\"']")


def encode(kind: "Kind", source: str, tags: "list[str]") -> str:
    """Return the code that stands for a cell; `decode` is the inverse.

    Code is taken to be Python that marimo can run; see `comment_magics` and `comment_out`.
    """
    code = markdown_to_code(source) if kind == "markdown" else source
    if not tags:
        return code
    return tags_to_line(tags) + "\n" + code if code else tags_to_line(tags)


def verbatim(source: str) -> str:
    """Return code marked as not to be decoded."""
    return _VERBATIM + "\n" + source


def decode(code: str) -> "tuple[Kind, str, list[Json]]":
    """Return kind, source and tags of the cell that stands as *code* in a marimo file."""
    tags: list[Json] = []
    if code.startswith(TAGS):
        line, _, rest = code.partition("\n")
        found = tags_of_line(line)
        if found is not None:
            tags, code = found, rest
    if code.startswith(NAMES):
        from octavo.formats._marimo_renames import restore

        restored = restore(code)
        code = code if restored is None else restored
    markdown = markdown_of_code(code)
    if markdown is not None:
        return "markdown", markdown, tags
    if code.startswith(TYPE):
        if code.startswith(_VERBATIM + "\n"):
            return "code", code[len(_VERBATIM) + 1 :], tags
        commented = uncomment(code)
        if commented is not None:
            return *commented, tags
    return "code", uncomment_magics(code), tags


# ---- Markdown ---------------------------------------------------------------------------


def markdown_to_code(text: str) -> str:
    """Return the call that shows a Markdown text.

    A raw string where that can be turned back, else one with escapes.
    """
    if not UNSAFE.search(text):
        escaped = text.replace('"""', '\\"\\"\\"')
        code = f'mo.md(r"""\n{escaped}\n""")'
        if '"' not in text and not text.endswith("\\"):
            return code
        if _raw_markdown(code) == text and _raw_string_ends_once(escaped):
            return code
    return f'mo.md("""\n{escape(text)}\n""")'


def markdown_of_code(code: str) -> str | None:
    """Return the Markdown text of a cell that is one `mo.md(...)`.

    None when the cell is something else (also when its string has replacement fields).
    """
    if not _ANY_MARKDOWN.match(code):
        return None
    for form in (_raw_markdown, _escaped_markdown, _foreign_markdown):
        text = form(code)
        if text is not None:
            return text
    return None


def _raw_markdown(code: str) -> str | None:
    match = _RAW_MARKDOWN.fullmatch(code)
    if match is None:
        return None
    text = match[1]
    if '"""' in text:
        return None
    return text.replace('\\"\\"\\"', '"""')


def _raw_string_ends_once(escaped: str) -> bool:
    """Return whether a raw string in triple quotes with this text does not end too early."""
    return (
        '"""' not in escaped
        and re.fullmatch(r'(?:[^\\"]|\\.|"(?!""))*', escaped, re.DOTALL) is not None
    )


def escape(text: str) -> str:
    """Return a text as it stands inside triple quotes, without these."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return UNSAFE.sub(_escape_character, escaped)


def _escape_character(match: "re.Match[str]") -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def _escaped_markdown(code: str) -> str | None:
    """Return the text of the form with escapes that we write, None for any other form."""
    start, end = 'mo.md("""\n', '\n""")'
    if not (code.startswith(start) and code.endswith(end)) or len(code) < len(start + end):
        return None
    value = _string_value(code[len("mo.md(") : -1])
    if value is None:
        return None
    text = value[1:-1]
    return text if markdown_to_code(text) == code else None


def _foreign_markdown(code: str) -> str | None:
    """Return the text of a call in another layout, its indentation removed as marimo does."""
    import ast

    value = _parse_call(code)
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        return None
    import inspect

    return inspect.cleandoc(value.value).strip()


def _parse_call(code: str) -> object:
    """Return the only argument of the call that is all of *code*, as a syntax tree."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if "#" in code and "#" in _outside_strings(code):
        return None  # a comment would be lost
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return None
    call = tree.body[0].value
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return None
    return call.args[0]


def _outside_strings(code: str) -> str:
    return re.sub(
        r'"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^\\\n])*"|\'(?:\\.|[^\\\n])*\'',
        "",
        code,
        flags=re.DOTALL,
    )


def _string_value(literal: str) -> str | None:
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = ast.literal_eval(literal)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return value if isinstance(value, str) else None


# ---- tags -------------------------------------------------------------------------------


def tags_to_line(tags: "list[str]") -> str:
    """Return the comment line that carries the tags of a cell."""
    if all(map(_is_plain_tag, tags)):
        return TAGS + ", ".join(tags)
    import json

    return TAGS + json.dumps(tags)


def tags_of_line(line: str) -> "list[Json] | None":
    """Return the tags that a comment line carries, None when it is another comment."""
    if not line.startswith(TAGS):
        return None
    text = line[len(TAGS) :]
    if text.startswith("["):
        import json

        try:
            tags = json.loads(text)
        except ValueError:
            return None
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            return None
    else:
        tags = text.split(", ")
    return tags if tags and tags_to_line(tags) == line else None


def _is_plain_tag(tag: str) -> bool:
    return (
        tag == tag.strip() and tag != "" and tag[0] != "[" and ", " not in tag and tag.isprintable()
    )


# ---- cells that are comments ------------------------------------------------------------


def comment_out(kind: "Kind", source: str) -> str:
    """Return a cell that marimo cannot run as comments."""
    if UNSAFE.search(source):
        import json

        return f"{TYPE}{kind}{_AS_JSON}\n# {json.dumps(source)}"
    if not source:
        return TYPE + kind
    return f"{TYPE}{kind}\n" + "\n".join(_comment(line) for line in source.split("\n"))


def uncomment(code: str) -> "tuple[Kind, str] | None":
    """Return kind and source of a cell that `comment_out` wrote, None for any other code."""
    first, newline, rest = code.partition("\n")
    kind = first[len(TYPE) :].removesuffix(_AS_JSON)
    if kind not in ("code", "raw", "markdown"):
        return None
    source: str | None = ""
    if first.endswith(_AS_JSON):
        source = _of_json(rest)
    elif newline:
        lines = rest.split("\n")
        if not all(line.startswith("# ") or line == "#" for line in lines):
            return None
        source = "\n".join(line[2:] for line in lines)
    if source is None or comment_out(kind, source) != code:  # type: ignore[arg-type]
        return None
    return kind, source  # type: ignore[return-value]  # tested above


def _of_json(line: str) -> str | None:
    import json

    try:
        value = json.loads(line[2:])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, str) else None


def _comment(line: str) -> str:
    return "# " + line if line else "#"


# ---- magics -----------------------------------------------------------------------------


def comment_magics(source: str) -> str:
    """Return *source* with its magics as the comments that marimo writes for them."""
    first = source.split("\n", 1)[0]
    cell_magic = _CELL_MAGIC.match(first)
    if cell_magic and cell_magic[1] not in _RUNNABLE_CELL_MAGICS:
        lines = [_UNSUPPORTED, *(_comment(line) for line in source.split("\n"))]
        return "\n".join(lines)
    from octavo.formats._magics import magics_of
    from octavo.formats._strings import StringScanner

    magics = magics_of("python")
    scanner = StringScanner("python")
    lines = []
    for line in source.split("\n"):
        bare = line.lstrip()
        if not scanner.quoted and bare[:1] != "#" and magics.is_magic(line, explicit=True):
            lines.extend(_comment_magic(line, bare))
        else:
            lines.append(line)
            scanner.read(line)
    return "\n".join(lines)


def _comment_magic(line: str, bare: str) -> "tuple[str, ...]":
    indent = line[: len(line) - len(bare)]
    name = bare[1:].split(None, 1)[0] if bare.startswith("%") and len(bare) > 1 else ""
    if name in _SUPPORTED_MAGICS:
        return (f"{indent}# {bare!r} {_SUPPORTED}",)
    return indent + _UNSUPPORTED, f"{indent}# {bare}"


def uncomment_magics(code: str) -> str:
    """Return *code* with the magics that `comment_magics` (or marimo) commented out."""
    if _UNSUPPORTED not in code and _SUPPORTED not in code:
        return code
    lines = code.split("\n")
    result: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        bare = line.lstrip()
        indent = line[: len(line) - len(bare)]
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if bare == _UNSUPPORTED and following.startswith(indent + "# "):
            magic = following[len(indent) + 2 :]
            cell_magic = _CELL_MAGIC.match(magic)
            if at == 0 and cell_magic and cell_magic[1] not in _RUNNABLE_CELL_MAGICS:
                return "\n".join([magic, *_uncommented(lines[2:])])
            result.append(indent + magic)
            at += 2
            continue
        match = _SUPPORTED_LINE.fullmatch(bare)
        magic_line = _string_value(match[1]) if match else None
        result.append(line if magic_line is None else indent + magic_line)
        at += 1
    return "\n".join(result)


def _uncommented(lines: "list[str]") -> "list[str]":
    if all(line.startswith("# ") or line == "#" for line in lines):
        return [line[2:] for line in lines]
    return lines
