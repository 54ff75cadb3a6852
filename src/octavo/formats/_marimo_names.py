"""Which names a marimo cell takes from other cells and gives to them.

marimo writes every cell as a function: its arguments are the names that the cell uses from
elsewhere, its return value those that other cells use.  A cell that is one function or class
and needs nothing but other such cells is written bare, as `@app.function`.

Source: the files that marimo 0.17.8 and 0.25.2 write.
"""

import ast
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT, PyCF_ONLY_AST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_COROUTINE = 0x80  # inspect.CO_COROUTINE; inspect takes 10 ms to import

#: The names of `builtins` up to Python 3.14 with those that `site` adds, fixed here so that the
#: same notebook gives the same text on every Python.
BUILTINS = frozenset(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup
    BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError
    ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
    DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception
    ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning
    GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
    InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
    ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError
    OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError
    PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError
    RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
    SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError
    UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning
    ValueError Warning ZeroDivisionError __build_class__ __debug__ __doc__ __import__
    __loader__ __name__ __package__ __spec__ __builtin__ __file__ __builtins__ __class__ abs
    aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod
    compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter
    float format frozenset getattr globals hasattr hash help hex id input int isinstance
    issubclass iter len license list locals map max memoryview min next object oct open ord
    pow print property quit range repr reversed round set setattr slice sorted staticmethod
    str sum super tuple type vars zip
    """.split()
)
_NOTHING: frozenset[str] = frozenset()
_NEVER_BARE = frozenset({"app", "__generated_with", "__name__"})


class Names:
    """The names of one cell.

    `refs` are the names that it uses and does not define first, `defs` those that it defines;
    names with a leading underscore are the cell's own and stand in neither.  `annotations`
    maps a variable to the text of its annotation and the names in it.  `single` is the name of
    the function or class that is all of the cell ("" otherwise), `eager` what that needs at
    the moment of its definition.  `awaits` tells whether the cell awaits; `changes` are the names
    that it assigns to with an operator (`x += 1`).
    """

    __slots__ = (
        "annotations",
        "awaits",
        "changes",
        "defs",
        "eager",
        "ends_in_block",
        "is_class",
        "refs",
        "single",
    )

    def __init__(self, refs: "Iterable[str]", defs: "Iterable[str]" = ()) -> None:
        self.refs = frozenset(refs)
        self.defs = frozenset(defs) if defs else _NOTHING
        self.annotations: dict[str, tuple[str, frozenset[str]]] | None = None
        self.eager: frozenset[str] = _NOTHING
        self.single = ""
        self.is_class = False
        self.awaits = False
        self.changes: frozenset[str] = _NOTHING
        self.ends_in_block = False


def analyse(source: str) -> Names | None:
    """Return the names of a cell, or None when *source* is no code that marimo can run.

    The caller silences the warnings of the compiler.
    """
    try:
        tree = compile(
            source,
            "<cell>",
            "exec",
            flags=PyCF_ONLY_AST | PyCF_ALLOW_TOP_LEVEL_AWAIT,
            dont_inherit=True,
        )
        code = compile(tree, "<cell>", "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        return _names_of(tree, source, awaits=bool(code.co_flags & _COROUTINE))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def ends_in_block(source: str) -> bool:
    """Return whether code ends with an import, function or class."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = analyse(source)
    return names is not None and names.ends_in_block


def bound_in(statements: "Sequence[ast.stmt]") -> set[str]:
    """Return the names that a block of statements defines."""
    visitor = _Visitor()
    visitor.visit_all(statements)
    return visitor.scopes[0]


def _names_of(tree: "ast.Module", source: str, *, awaits: bool) -> Names | None:
    visitor = _Visitor()
    visitor.visit_all(tree.body)
    if visitor.has_star:
        return None  # marimo refuses `import *`
    names = Names(visitor.refs, visitor.scopes[0])
    names.annotations = visitor.annotations or None
    names.awaits = awaits
    if visitor.changes:
        names.changes = frozenset(visitor.changes)
    names.ends_in_block = _ends_in_block(tree.body, source)
    if len(tree.body) == 1:
        _mark_single(names, tree.body[0], source)
    return names


class Layout:
    """What the writer needs to know of all cells together.

    `bare` holds the positions of the cells that are written without a wrapping function.
    """

    __slots__ = ("_allowed", "_annotations", "_used", "bare")

    def __init__(
        self, allowed: set[str], used: set[str], bare: set[int], cells: "Sequence[Names | None]"
    ) -> None:
        self._allowed = allowed
        self._used = used
        self._annotations: dict[str, tuple[str, frozenset[str]]] = {}
        self.bare = bare
        for names in cells:
            if names is not None and names.annotations:
                for name, annotation in names.annotations.items():
                    self._annotations.setdefault(name, annotation)

    def arguments(self, names: Names) -> list[str]:
        """Return the arguments of a cell, with their annotations."""
        known = self._allowed | names.defs
        return [self._annotated(name, known) for name in sorted(names.refs - known)]

    def results(self, names: Names) -> list[str]:
        """Return the names that a cell returns."""
        return sorted(names.defs & self._used)

    def _annotated(self, name: str, known: "set[str] | frozenset[str]") -> str:
        annotation, needs = self._annotations.get(name, ("", frozenset()))
        if not annotation:
            return name
        if needs - known:
            # Evaluated before its names exist: as a string it does no harm.
            annotation = '"' + _escape_quotes(annotation) + '"'
        return f"{name}: {annotation}"


def lay_out(cells: "Sequence[Names | None]", setup: "Names | None" = None) -> Layout:
    """Return the layout of a notebook's cells (None: a cell that is not run)."""
    setup_names = set(setup.defs) if setup is not None else set()
    defined: set[str] = set()
    used: set[str] = set()
    for names in cells:
        if names is not None:
            defined |= names.defs
            used |= names.refs
    bare = _bare_cells(cells, setup_names, defined)
    allowed = setup_names | (BUILTINS - defined)
    for i in bare:
        found = cells[i]
        if found is not None:
            allowed.add(found.single)
    return Layout(allowed, used, bare, cells)


def _bare_cells(
    cells: "Sequence[Names | None]", setup_names: set[str], defined: set[str]
) -> set[int]:
    """Return the positions of the functions and classes that need only each other."""
    single = [(i, names) for i, names in enumerate(cells) if names is not None and names.single]
    bare = {i: names for i, names in single if _needs_only(names, setup_names)}
    candidates = {names.single for i, names in single if i not in bare}
    allowed = setup_names | (BUILTINS - defined)
    bare_names = {names.single for names in bare.values()}
    waiting: dict[str, tuple[int, Names]] = {}
    for i, names in single:
        if i in bare:
            allowed.add(names.single)
            continue
        own = allowed | {names.single}
        early = names.eager - own
        needs = names.refs - own - bare_names
        if early - waiting.keys():
            continue
        if not needs:
            bare[i] = names
            bare_names.add(names.single)
            allowed.add(names.single)
        elif needs <= candidates:
            waiting[names.single] = (i, names)
    refused = candidates - bare_names - waiting.keys()
    _settle(waiting, refused, bare)
    return set(bare)


def _settle(
    waiting: "dict[str, tuple[int, Names]]", refused: set[str], bare: "dict[int, Names]"
) -> None:
    """Add to *bare* the waiting cells that lean, however indirectly, on no refused name."""
    users: dict[str, list[str]] = {}
    for name, (_, names) in waiting.items():
        for ref in names.refs:
            users.setdefault(ref, []).append(name)
    spoilt = list(refused)
    lost: set[str] = set()
    while spoilt:
        for user in users.get(spoilt.pop(), ()):
            if user not in lost:
                lost.add(user)
                spoilt.append(user)
    for name, (i, names) in waiting.items():
        if name not in lost:
            bare[i] = names


def _needs_only(names: Names, known: set[str]) -> bool:
    allowed = known | {names.single}
    return names.eager <= allowed and names.refs <= allowed


def _escape_quotes(text: str) -> str:
    """Put a backslash before each double quote that has none."""
    import re

    return re.sub(r'(?<!\\)"', r'\\"', text)


def _ends_in_block(body: "list[ast.stmt]", source: str) -> bool:
    """Return whether the code ends with an import, function or class (no comment after it)."""
    if not body or not isinstance(
        body[-1],
        (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    ):
        return False
    return body[-1].end_lineno == source.rstrip().count("\n") + 1


def _mark_single(names: Names, statement: "ast.stmt", source: str) -> None:
    """Note the one function or class that is all of the cell."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    if names.defs != {statement.name} or statement.name in _NEVER_BARE:
        return
    last = source.rstrip().rpartition("\n")[2]
    if last.startswith("#") and (statement.end_lineno or 0) < source.rstrip().count("\n") + 1:
        return  # a comment after the block would not come back
    names.single = statement.name
    names.is_class = isinstance(statement, ast.ClassDef)
    names.eager = frozenset(_eager(statement))


def _eager(node: "ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef") -> set[str]:
    """Return the names that a definition needs at the moment when it is made."""
    visitor = _Visitor()
    visitor.signature(node)
    needed = set(visitor.refs)
    if isinstance(node, ast.ClassDef):
        needed |= _eager_in_class(node)
    return needed


def _eager_in_class(node: "ast.ClassDef") -> set[str]:
    """Return what marimo takes to be needed when the body of a class is run.

    That is more than Python needs: whatever the methods use counts too, but for what the
    first one uses.
    """
    needed: set[str] = set()
    defined: set[str] = set()
    uses: dict[str, set[str]] = {}
    visitor = _Visitor()
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            needed |= _eager(statement) - defined
            defined.add(statement.name)
            method = _Visitor()
            method.definition(statement)
            uses.setdefault(statement.name, set()).update(method.refs)
        elif not isinstance(statement, (ast.Expr, ast.Pass)):
            uses.setdefault("", set())
        visitor.loaded.clear()
        visitor.visit(statement)
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            needed |= visitor.loaded
    if uses:
        needed |= visitor.refs.keys() - next(iter(uses.values()))
    return needed


class _Visitor:
    """A walk through a cell that finds its names, with marimo's rules of scope.

    `scopes` are the names defined so far, innermost last; `refs` maps a name that was used
    before any definition to the scopes around each use.
    """

    __slots__ = (
        "annotations",
        "changes",
        "comprehensions",
        "globals",
        "has_star",
        "hidden",
        "loaded",
        "refs",
        "scopes",
    )

    def __init__(self) -> None:
        self.scopes: list[set[str]] = [set()]
        self.comprehensions: list[bool] = [False]
        self.globals: list[set[str]] = [set()]
        self.hidden: list[str | None] = []
        self.refs: dict[str, list[tuple[set[str], ...]]] = {}
        self.loaded: set[str] = set()
        self.changes: set[str] = set()
        self.annotations: dict[str, tuple[str, frozenset[str]]] = {}
        self.has_star = False

    def visit_all(self, nodes: "Iterable[ast.AST | None]") -> None:
        """Visit each node."""
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit(self, node: "ast.AST") -> None:
        """Visit one node."""
        method = _METHODS.get(type(node))
        if method is not None:
            method(self, node)
        else:
            self.visit_fields(node)

    def visit_fields(self, node: "ast.AST") -> None:
        """Visit the children of a node in the order of its fields."""
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def signature(self, node: "ast.AST") -> None:
        """Visit what of a definition is evaluated outside of its body."""
        self._push()
        self.visit_all(getattr(node, "type_params", ()))
        if isinstance(node, ast.ClassDef):
            self.visit_all([*node.bases, *node.keywords, *node.decorator_list])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.visit_all([node.args, *node.decorator_list, node.returns])
        self._pop()

    def definition(self, node: "ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef") -> None:
        """Visit a function or class: signature, body, and only then its name."""
        self.signature(node)
        self._push()
        self.visit_all(getattr(node, "type_params", ()))
        if not isinstance(node, ast.ClassDef):
            self.visit(node.args)
        self.visit_all(node.body)
        self._pop()
        self.define(node.name)

    def define(self, name: str) -> None:
        """Define a name in the current scope (or outside of all, when it is declared global)."""
        scope = self.scopes[0 if name in self.globals[-1] else -1]
        self._define_in(scope, name)

    def _define_in(self, scope: set[str], name: str) -> None:
        if _is_own(name):
            return
        scope.add(name)
        uses = self.refs.get(name)
        if uses is None:
            return
        # Used inside a function before the cell defines it: not taken from another cell.
        uses = [around for around in uses if not any(scope is outer for outer in around)]
        if uses:
            self.refs[name] = uses
        else:
            del self.refs[name]

    def _use(self, name: str) -> None:
        uses = self.refs.setdefault(name, [])
        # The same use again and again adds nothing; one mark per scope is enough.
        if (
            not uses
            or len(uses[-1]) != len(self.scopes) - 1
            or (uses[-1] and uses[-1][-1] is not self.scopes[-2])
        ):
            uses.append(tuple(self.scopes[:-1]))

    def name(self, node: "ast.Name") -> None:
        """Visit a plain name."""
        name = node.id
        if name in self.hidden:
            return
        if isinstance(node.ctx, ast.Store):
            self.define(name)
        elif _is_own(name):
            return
        elif not any(name in scope for scope in self.scopes):
            self._use(name)
            self.loaded.add(name)
        elif len(self.scopes) == 1:
            self.loaded.add(name)

    def arguments(self, node: "ast.arguments") -> None:
        """Visit the parameters: first the default values, then the names."""
        self.visit_all([*node.kw_defaults, *node.defaults])
        self.visit_all([*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg])

    def argument(self, node: "ast.arg") -> None:
        """Visit one parameter."""
        self.define(node.arg)
        if node.annotation is not None:
            self.visit(node.annotation)

    def lambda_(self, node: "ast.Lambda") -> None:
        """Visit a lambda."""
        self._push()
        self.visit_fields(node)
        self._pop()

    def assign(self, node: "ast.Assign") -> None:
        """Visit an assignment: first the value, then the names."""
        self.visit(node.value)
        self.visit_all(node.targets)

    def aug_assign(self, node: "ast.AugAssign") -> None:
        """Visit an assignment with an operator; it counts as a definition alone."""
        self.visit(node.value)
        if isinstance(node.target, ast.Name) and len(self.scopes) == 1:
            self.changes.add(node.target.id)
        self.visit(node.target)

    def ann_assign(self, node: "ast.AnnAssign") -> None:
        """Visit an annotated assignment, and keep the annotation of a variable of the cell."""
        if node.value is not None:
            self.visit(node.value)
        self.visit(node.annotation)
        target = node.target
        if (
            isinstance(target, ast.Name)
            and len(self.scopes) == 1
            and target.id not in self.scopes[0]
            and not _is_own(target.id)
        ):
            found = _Visitor()
            found.visit(node.annotation)
            text = ast.unparse(node.annotation).replace("\n", "").strip()
            self.annotations[target.id] = (_double_quotes(text), frozenset(found.refs))
        self.visit(target)

    def comprehension(self, node: "ast.AST") -> None:
        """Visit a comprehension: its loops first, since they define what it uses."""
        self._push(comprehension=True)
        self.visit_all(getattr(node, "generators", ()))
        for field in ("value", "key", "elt"):
            part = getattr(node, field, None)
            if part is not None:
                self.visit(part)
        self._pop()

    def loop(self, node: "ast.comprehension") -> None:
        """Visit one `for` of a comprehension."""
        self.visit(node.iter)
        self.visit(node.target)
        self.visit_all(node.ifs)

    def walrus(self, node: "ast.NamedExpr") -> None:
        """Visit `name := value`, which defines outside of the comprehensions around it."""
        self.visit(node.value)
        depth = len(self.scopes) - 1
        while self.comprehensions[depth]:
            depth -= 1
        self._define_in(self.scopes[depth], node.target.id)

    def try_(self, node: "ast.Try | ast.TryStar") -> None:
        """Visit a try statement; the name of an exception exists in its handler only."""
        self.visit_all(node.body)
        for handler in node.handlers:
            self.hidden.append(handler.name)
            self.visit(handler)
            self.hidden.pop()
        self.visit_all(node.orelse)
        self.visit_all(node.finalbody)

    def global_(self, node: "ast.Global") -> None:
        """Visit a `global` statement: a use, unless the cell defined the name already."""
        for name in node.names:
            self.globals[-1].add(name)
            if name not in self.scopes[0] and not _is_own(name):
                self._use(name)

    def import_(self, node: "ast.Import | ast.ImportFrom") -> None:
        """Visit an import."""
        for alias in node.names:
            if alias.name == "*":
                self.has_star = True
            else:
                self.define(alias.asname or alias.name.partition(".")[0])

    def match_(self, node: "ast.MatchAs | ast.MatchStar | ast.MatchMapping") -> None:
        """Visit a pattern that may define a name."""
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name is not None:
            self.define(name)
        self.visit_fields(node)

    def type_parameter(self, node: "ast.AST") -> None:
        """Visit a type parameter (Python 3.12)."""
        self.define(str(getattr(node, "name", "_")))
        bound = getattr(node, "bound", None)
        if bound is not None:
            self.visit(bound)

    def type_alias(self, node: "ast.AST") -> None:
        """Visit a `type` statement (Python 3.12)."""
        self.visit(node.name)  # type: ignore[attr-defined]  # unknown before Python 3.12
        self._push()
        self.visit_all(getattr(node, "type_params", ()))
        self.visit(node.value)  # type: ignore[attr-defined]
        self._pop()

    def _push(self, *, comprehension: bool = False) -> None:
        self.scopes.append(set())
        self.comprehensions.append(comprehension)
        self.globals.append(set())

    def _pop(self) -> None:
        self.scopes.pop()
        self.comprehensions.pop()
        self.globals.pop()


def _is_own(name: str) -> bool:
    """Return whether a name is the cell's own: one leading underscore."""
    return name == "__" or (name.startswith("_") and not name.startswith("__"))


def _double_quotes(annotation: str) -> str:
    """Return the text of an annotation with its strings in double quotes where they can be."""
    if "'" not in annotation:
        return annotation
    import re

    return re.sub(r"'([^'\"\\]*)'", r'"\1"', annotation)


_METHODS: "dict[type, Callable[..., None]]" = {
    ast.Name: _Visitor.name,
    ast.FunctionDef: _Visitor.definition,
    ast.AsyncFunctionDef: _Visitor.definition,
    ast.ClassDef: _Visitor.definition,
    ast.Lambda: _Visitor.lambda_,
    ast.arguments: _Visitor.arguments,
    ast.arg: _Visitor.argument,
    ast.Assign: _Visitor.assign,
    ast.AugAssign: _Visitor.aug_assign,
    ast.AnnAssign: _Visitor.ann_assign,
    ast.ListComp: _Visitor.comprehension,
    ast.SetComp: _Visitor.comprehension,
    ast.DictComp: _Visitor.comprehension,
    ast.GeneratorExp: _Visitor.comprehension,
    ast.comprehension: _Visitor.loop,
    ast.NamedExpr: _Visitor.walrus,
    ast.Try: _Visitor.try_,
    ast.TryStar: _Visitor.try_,
    ast.Global: _Visitor.global_,
    ast.Import: _Visitor.import_,
    ast.ImportFrom: _Visitor.import_,
    ast.MatchAs: _Visitor.match_,
    ast.MatchStar: _Visitor.match_,
    ast.MatchMapping: _Visitor.match_,
}
for _name, _method in (
    ("TypeVar", _Visitor.type_parameter),
    ("ParamSpec", _Visitor.type_parameter),
    ("TypeVarTuple", _Visitor.type_parameter),
    ("TypeAlias", _Visitor.type_alias),
):
    if hasattr(ast, _name):
        _METHODS[getattr(ast, _name)] = _method
