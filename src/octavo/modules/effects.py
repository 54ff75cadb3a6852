"""What a module does when it is imported, beyond defining: calls, prints, plots, loops."""

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PRINTS = frozenset("print display pprint.pprint pprint print_function sys.stdout.write".split())
#: Names before the dot, and methods after it, that draw.
_PLOTTERS = frozenset("plt pyplot sns seaborn px alt ax axes fig go plotly pylab".split())
_PLOTS = frozenset("plot hist scatter imshow subplots savefig show barh boxplot figure".split())
#: Calls whose value is kept, but that read files, the network or the keyboard.
_READS = frozenset("open input exec eval urlopen load_dataset urlretrieve getpass".split())
_READERS = frozenset("requests subprocess httpx urllib socket shutil".split())
#: Calls that prepare a module and nothing else; by their last name.
_SETUP = frozenset(
    """
    filterwarnings simplefilter setdefault basicConfig getLogger addHandler setLevel register
    register_namespace set_option set_theme set_style use setlocale insort update_forward_refs
    model_rebuild insert append extend update addHandler NullHandler
    """.split()
)
_SETUP_OWNERS = frozenset("sys.path warnings logging locale typing t os.environ".split())


def find(body: "Iterable[ast.stmt]") -> "Iterator[tuple[str, int]]":
    """Yield rule and line of each statement that does more than define.

    Imports, definitions, assignments of values, docstrings, `if __name__ == "__main__"`, and
    what prepares a module (`sys.path.insert`, `warnings.filterwarnings`) are not told.
    """
    for statement in body:
        yield from _of(statement)


def _of(statement: "ast.stmt") -> "Iterator[tuple[str, int]]":
    if isinstance(statement, ast.Expr):
        rule = _rule_of(statement.value)
        if rule:
            yield rule, statement.lineno
    elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        if rule := _rule_of_value(statement.value):
            yield rule, statement.lineno
    elif isinstance(statement, ast.If):
        if not _is_main_guard(statement.test):
            yield from find(statement.body)
        yield from find(statement.orelse)
    elif isinstance(statement, ast.Try):
        yield from find(statement.body)
        for handler in statement.handlers:
            yield from find(handler.body)
        yield from find(statement.orelse)
        yield from find(statement.finalbody)
    elif isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
        if _works(statement):
            yield "OCT-L106", statement.lineno
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        yield "OCT-L106", statement.lineno


def _rule_of(value: "ast.expr") -> str:
    """Return the rule that an expression statement breaks, "" if none."""
    if isinstance(value, ast.Constant):
        return ""
    if isinstance(value, (ast.Await, ast.Yield, ast.YieldFrom)):
        return "OCT-L101"
    if not isinstance(value, ast.Call):
        return "OCT-L105"
    name = _name_of(value.func)
    owner, _, last = name.rpartition(".")
    if name in _PRINTS:
        return "OCT-L102"
    if _draws(value):
        return "OCT-L103"
    if last in _SETUP and (owner in _SETUP_OWNERS or owner.startswith("logg") or last in (
        "filterwarnings", "simplefilter", "set_option", "register_namespace", "model_rebuild",
        "update_forward_refs", "setLevel", "addHandler",
    )):  # fmt: skip
        return ""
    return "OCT-L101"


def _rule_of_value(value: "ast.expr | None") -> str:
    """Return the rule that the value of an assignment breaks."""
    if value is None:
        return ""
    for node in ast.walk(value):
        if isinstance(node, ast.Await):
            return "OCT-L107"
        if isinstance(node, ast.Lambda):
            return ""
        if isinstance(node, ast.Call):
            name = _name_of(node.func)
            owner, _, last = name.rpartition(".")
            if _draws(node):
                return "OCT-L103"
            reads = last in _READS or last.startswith("read_") or owner.split(".")[0] in _READERS
            if reads and not (owner and last in ("open", "eval", "exec")):
                return "OCT-L107"
    return ""


def _draws(call: "ast.Call") -> bool:
    name = _name_of(call.func)
    owner, _, last = name.rpartition(".")
    first = owner.split(".")[0]
    if first in _PLOTTERS:
        return True
    return (last in _PLOTS and bool(owner)) or ".plot." in f"{name}."


def _name_of(value: "ast.expr") -> str:
    """Return `a.b.c` for a dotted name; calls and indices in it are left out."""
    parts: list[str] = []
    here: ast.expr = value
    while True:
        if isinstance(here, ast.Attribute):
            parts.append(here.attr)
            here = here.value
        elif isinstance(here, ast.Call):
            here = here.func
        elif isinstance(here, ast.Subscript):
            here = here.value
        else:
            break
    if isinstance(here, ast.Name):
        parts.append(here.id)
    return ".".join(reversed(parts))


def _works(loop: "ast.stmt") -> bool:
    """Return whether a loop does more than fill a table: it calls something for its effect."""
    return any(
        isinstance(node, ast.While)
        or (
            isinstance(node, ast.Expr)
            and bool(_rule_of(node.value))
            and not (
                isinstance(node.value, ast.Call)
                and _name_of(node.value.func).rpartition(".")[2]
                in ("append", "add", "update", "setdefault", "extend", "setattr", "insert")
            )
        )
        for node in ast.walk(loop)
    )


def _is_main_guard(test: "ast.expr") -> bool:
    return "__name__" in ast.unparse(test) or ast.unparse(test).endswith("TYPE_CHECKING")
