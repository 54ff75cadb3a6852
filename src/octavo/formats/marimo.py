"""marimo notebooks: a Python module in which every cell is a function.

    import marimo

    __generated_with = "0.17.8"
    app = marimo.App()


    @app.cell
    def _(x):
        y = x + 1
        return (y,)

The text is what `marimo convert` writes, made without marimo: see `_marimo_names` for the
arguments and results of the functions, `_marimo_cells` for what stands in them.

Source: the files that marimo 0.17.8 and 0.25.2 write.
"""

import re
from keyword import iskeyword

from octavo.core.document import Document
from octavo.formats import _marimo_cells as _cells
from octavo.formats._format import Format, Keeps
from octavo.formats._marimo_reader import (
    ARGUMENTS,
    GENERATED_MARK,
    GENERATED_WITH,
    GUARD,
    IMPORT,
    OWN_MARK,
    START,
    VERSION,
    Module,
    app_line,
    in_parentheses,
    is_comment,
    is_constant,
    is_recent,
    literal,
    read_module,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.core.document import Cell, Json, Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._marimo_names import Layout, Names

#: The order of arguments, of cells and of the app (JSON notebooks sort them by name).
_CONFIG_ORDER = ("column", "disabled", "hide_code", "expand_output")
_APP_ORDER = ("width", "app_title", "layout_file", "css_file", "html_head_file")
_SIGN = re.compile(r"^(?:import marimo\b|app = marimo\.App\(|@app\.cell\b)", re.MULTILINE)
#: What may mean another thing after indentation.
_SHIFTS = re.compile(r"[\t\f\v\r]|\\\s*$", re.MULTILINE)
_MENTIONS_MO = re.compile(r"\bmo\b")
_IMPORTS_MO = re.compile(r"^(?:import|from)\b.*\bmarimo as mo\b", re.MULTILINE)


# ---- reading ----------------------------------------------------------------------------


def read(text: str, options: "Options", origin: "Origin") -> Document:
    """Return the notebook that a marimo file holds; what is no cell stays text in a cell."""
    del options  # the format has none
    module = read_module(text, origin)
    if _ends_with_our_import(module):
        module.cells.pop()
    metadata: Metadata = {"marimo": module.metadata} if module.metadata else {}
    return Document(module.cells, metadata, origin=origin, notices=module.notices)


def _ends_with_our_import(module: Module) -> bool:
    """Return whether the last cell is the import that a writer added for Markdown cells."""
    last = len(module.cells) - 1
    mark = module.imports.get(last)
    if mark is None or not any(cell.kind == "markdown" for cell in module.cells):
        return False
    return mark == GENERATED_MARK or not _mention_mo(module.cells[:last])


def _mention_mo(cells: "list[Cell] | tuple[Cell, ...]") -> bool:
    return any(cell.kind == "code" and _MENTIONS_MO.search(cell.source) for cell in cells)


def sniff(text: str, suffix: str) -> "Mapping[str, bool | str] | None":
    """Return no options when at least two lines are marimo's, else None."""
    if suffix != ".py" or "marimo" not in text:
        return None
    signs = _SIGN.finditer(text)
    return {} if next(signs, None) and next(signs, None) else None


# ---- writing ----------------------------------------------------------------------------


class _Block:
    """One cell on its way to text: its code, names, and what its decorator says."""

    __slots__ = (
        "cell",
        "code",
        "config",
        "decorator",
        "name",
        "names",
        "spelling",
        "tags",
        "unparsable",
        "wants_setup",
    )

    def __init__(self, cell: "Cell") -> None:
        own = cell.metadata.get("marimo")
        own = own if isinstance(own, dict) else {}
        config = own.get("config")
        self.config = dict(config) if isinstance(config, dict) else {}
        self.name = _function_name(own.get("name"))
        self.wants_setup = self.name == "setup"
        self.decorator = _decorator_text(own.get("decorator"))
        self.unparsable = own.get("unparsable") is True
        self.cell = cell
        self.tags = _tags(cell.metadata)
        self.code = ""
        self.spelling = ""
        self.names: Names | None = None


def write(document: Document, options: "Options") -> str:
    """Return the marimo file of a notebook."""
    del options  # the format has none
    import warnings

    own = document.metadata.get("marimo")
    own = own if isinstance(own, dict) else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the compiler's, about the code of cells
        blocks = [_block(cell) for cell in document.cells]
        _rename(blocks)
        _mark_imports(document.cells, blocks)
    return _assemble(blocks, own)


def _block(cell: "Cell") -> _Block:
    from octavo.formats._marimo_names import Names

    block = _Block(cell)
    tags = block.tags
    if cell.kind == "markdown":
        block.config.setdefault("hide_code", True)
        if block.config["hide_code"] is False:
            del block.config["hide_code"]
        block.code = _cells.encode("markdown", cell.source, tags)
        block.names = Names(("mo",))
        return block
    if "hide-cell" in tags:
        block.config.setdefault("hide_code", True)
    if cell.kind == "code" and _spell(block, cell.source):
        return block
    _comment_out(block)
    if block.unparsable:
        block.names = None
    return block


def _comment_out(block: _Block) -> None:
    """Write a cell that marimo cannot run as comments."""
    from octavo.formats._marimo_names import Names

    code = _cells.comment_out(block.cell.kind, block.cell.source)
    block.code = _cells.encode("code", code, block.tags)
    block.names = Names(())


def _spell(block: _Block, source: str) -> bool:
    """Write code so that marimo can run it, the plainest way; return False when it cannot."""
    from octavo.formats._marimo_names import analyse

    for spell in (None, _cells.comment_magics, _cells.verbatim):
        if spell is _cells.verbatim and block.names is None:
            return False  # it is no Python
        spelling = spell(source) if spell else source
        block.spelling = spelling
        block.code = _cells.encode("code", spelling, block.tags)
        block.names = analyse(block.code) if _fits_in_function(block.code) else None
        if block.names is not None and (_cells.decode(block.code) == ("code", source, block.tags)):
            return True
    return False


def _rename(blocks: "list[_Block]") -> None:
    """Give names that several cells define another name from the second definition on."""
    code = [block for block in blocks if block.spelling]
    counts: dict[str, int] = {}
    for block in code:
        for name in block.names.defs if block.names else ():
            counts[name] = counts.get(name, 0) + 1
    if not any(count > 1 for count in counts.values()):
        return
    from octavo.formats import _marimo_renames
    from octavo.formats._marimo_names import analyse

    plain = {i: block.spelling for i, block in enumerate(code) if block.names is not None}
    planned = _marimo_renames.plan(plain, [block.names for block in code])
    for i, text in _marimo_renames.rename_all(plain, planned).items():
        code[i].code = _cells.encode("code", text, code[i].tags)
        code[i].names = analyse(code[i].code)


def _mark_imports(cells: "tuple[Cell, ...]", blocks: "list[_Block]") -> None:
    """Add the import that Markdown cells need; mark the notebook's own where it looks the same."""
    if not any(cell.kind == "markdown" for cell in cells):
        return
    code = [cell for cell, block in zip(cells, blocks, strict=True) if cell.kind == "code"]
    if not any(_IMPORTS_MO.search(cell.source) for cell in code):
        block = _block(_import_cell())
        if _mention_mo(code):
            block.decorator = GENERATED_MARK
        blocks.append(block)
    elif blocks[-1].code == IMPORT and blocks[-1].name == "_":
        arguments = _arguments(blocks[-1])
        if arguments == GENERATED_MARK:
            blocks[-1].code = _cells.verbatim(IMPORT)
        elif not arguments and not _mention_mo(cells[:-1]):
            blocks[-1].decorator = OWN_MARK


def _import_cell() -> "Cell":
    from octavo.core.document import Cell

    return Cell("code", IMPORT)


def _assemble(blocks: "list[_Block]", own: "Mapping[str, Json]") -> str:
    """Return the whole file."""
    from octavo.formats._marimo_names import lay_out

    setup = blocks[0] if blocks and _is_setup(blocks[0]) else None
    rest = blocks[1:] if setup else blocks
    layout = lay_out([block.names for block in rest], setup.names if setup else None)
    parts = [_preamble(own)]
    if setup:
        parts.append(_setup(setup))
    recent = is_recent(own.get("marimo_version") or GENERATED_WITH)
    for i, block in enumerate(rest):
        if i in layout.bare and not START.search(block.code):
            parts.append(_bare(block))
        else:
            parts.append(_function(block, layout, recent=recent))
    footer = own.get("footer", GUARD)
    footer = footer if isinstance(footer, str) else GUARD
    return "\n\n\n".join([*parts, footer] if footer else parts) + ("" if footer else "\n")


def _preamble(own: "Mapping[str, Json]") -> str:
    preamble = own.get("preamble")
    if isinstance(preamble, str) and preamble:
        return preamble
    header = own.get("header")
    start = header.rstrip() + "\n\n" if isinstance(header, str) and header.strip() else ""
    version = own.get("marimo_version")
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        version = GENERATED_WITH
    config = own.get("app_config")
    config = _constants(config if isinstance(config, dict) else {}, _APP_ORDER)
    return f'{start}import marimo\n\n__generated_with = "{version}"\n{app_line(config)}'


def _constants(config: "Mapping[str, Json]", order: tuple[str, ...]) -> "Metadata":
    """Return what of a configuration can be written as keyword arguments, in order."""
    keys = [key for key in order if key in config]
    return {
        key: config[key]
        for key in [*keys, *(key for key in config if key not in order)]
        if key.isidentifier() and not iskeyword(key) and is_constant(config[key])
    }


def _arguments(block: _Block) -> str:
    """Return the arguments of a cell's decorator, with parentheses, or ""."""
    if block.decorator:
        return block.decorator
    config = _constants(block.config, _CONFIG_ORDER)
    if not config:
        return ""
    words = [f"{key}={literal(value)}" for key, value in config.items()]
    return in_parentheses("@app.cell", words)[len("@app.cell") :]


def _function(block: _Block, layout: "Layout", *, recent: bool) -> str:
    """Return a cell as a function."""
    names = block.names
    if names is None:
        return _unparsable(block)
    head = in_parentheses(f"def {block.name}", layout.arguments(names), ":")
    lines = ["@app.cell" + _arguments(block), ("async " if names.awaits else "") + head]
    if block.code:
        lines.append(_indent(block.code))
    if recent and names.ends_in_block:
        lines.append("")
    lines.append(_return(layout.results(names)))
    return "\n".join(lines)


def _return(results: "list[str]") -> str:
    if not results:
        return "    return"
    line = "    return " + (", ".join(results) if len(results) > 1 else f"({results[0]},)")
    if len(line) < 80:
        return line
    return "    return (\n" + "".join(f"        {name},\n" for name in results) + "    )"


def _bare(block: _Block) -> str:
    kind = "class_definition" if block.names and block.names.is_class else "function"
    return f"@app.{kind}{_arguments(block)}\n{block.code}"


def _is_setup(block: _Block) -> bool:
    """Return whether a cell can be written as `with app.setup:`."""
    lines = block.code.split("\n")
    return (
        block.wants_setup
        and block.names is not None
        and not block.unparsable
        and block.code == block.code.strip("\n") != ""
        and not (lines[-1] == "pass" and all(map(is_comment, lines[:-1])))
    )


def _setup(block: _Block) -> str:
    code = block.code
    if all(map(is_comment, code.split("\n"))):
        code += "\npass"
    awaits = "async " if block.names and block.names.awaits else ""
    return f"{awaits}with app.setup{_arguments(block)}:\n{_indent(code)}"


def _unparsable(block: _Block) -> str:
    """Return code with a syntax error as marimo keeps it."""
    source = block.cell.source
    if '"""' in source or _cells.UNSAFE.search(source):
        escaped = _cells.escape(source)
        string = '"""\n' + _indent(escaped) + '\n    """'
    else:
        string = 'r"""\n' + _indent(source) + '\n    """'
    words = [
        f"{key}={literal(value)}" for key, value in _constants(block.config, _CONFIG_ORDER).items()
    ]
    words.append(f'name="{block.name}"')
    return f"app._unparsable_cell(\n    {string},\n    {', '.join(words)}\n)"


def _fits_in_function(code: str) -> bool:
    """Return whether code is still Python when it is indented."""
    if not _SHIFTS.search(code):
        return True
    import ast

    try:
        ast.parse("async def _():\n" + _indent(code) + "\n    return")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _indent(code: str) -> str:
    return "\n".join("    " + line if line.strip() else line for line in code.split("\n"))


def _tags(metadata: "Metadata") -> "list[str]":
    tags = metadata.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _function_name(name: "Json") -> str:
    if isinstance(name, str) and name.isidentifier() and not iskeyword(name) and name != "__":
        return name
    return "_"


def _decorator_text(text: "Json") -> str:
    return text if isinstance(text, str) and ARGUMENTS.fullmatch(text) else ""


FORMAT = Format(
    "marimo",
    (".py",),
    read,
    write,
    summary="marimo notebooks: a Python module in which every cell is a function",
    version="1.0",
    keeps=Keeps("tags", notebook_metadata=False),
    sniff=sniff,
    rank=30,
)
