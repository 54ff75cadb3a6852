"""Compile a module; prose becomes docstrings where the code has none.

The first Markdown cell, if no code goes before it, is the docstring of the module.  Markdown
directly before a cell that begins with a function or class is its docstring, if that was asked
for: by `octavo.auto.install(docstrings=True)`, or by `octavo: {docstrings: true}` in the metadata
of the notebook.
"""

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    from octavo.modules.source import ModuleSource

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def compiled(module: "ModuleSource", *, definitions: bool = False) -> "CodeType":
    """Return the code of *module*; with *definitions*, with their docstrings from Markdown.

    Raises: `SyntaxError` with file and line.
    """
    try:
        tree = ast.parse(module.python, module.path)
    except ValueError as error:  # NUL characters, lone surrogates
        raise SyntaxError(str(error), (module.path, 1, 1, "")) from None
    _add_to_module(tree, module)
    if definitions or _asks(module):
        _add_to_definitions(tree, module)
    code: CodeType = compile(tree, module.path, "exec", dont_inherit=True)
    return code


def _asks(module: "ModuleSource") -> bool:
    section = module.document.metadata.get("octavo")
    return isinstance(section, dict) and section.get("docstrings") is True


def _add_to_module(tree: ast.Module, module: "ModuleSource") -> None:
    if ast.get_docstring(tree, clean=False) is not None:
        return
    for cell in module.document.cells:
        if cell.kind == "code":
            return
        if cell.kind == "markdown":
            if cell.source.strip():
                tree.body.insert(0, _docstring(cell.source, max(cell.line, 1)))
            return


def _add_to_definitions(tree: ast.Module, module: "ModuleSource") -> None:
    cells = module.document.cells
    prose = {
        entry.lines[0]: (entry.lines[-1], cells[entry.index - 1].source)
        for entry in module.cells
        if entry.lines and entry.index and cells[entry.index - 1].kind == "markdown"
    }
    starts = sorted(prose)
    for start in starts:
        stop, text = prose[start]
        inside = [node for node in tree.body if start <= node.lineno <= stop]
        first = inside[0] if inside else None
        if isinstance(first, _DEFINITIONS) and ast.get_docstring(first) is None and text.strip():
            first.body.insert(0, _docstring(text, first.body[0].lineno))


def _docstring(text: str, line: int) -> ast.Expr:
    node = ast.Expr(ast.Constant(text.strip()))
    for part in (node, node.value):
        part.lineno = part.end_lineno = line
        part.col_offset = part.end_col_offset = 0
    return node
