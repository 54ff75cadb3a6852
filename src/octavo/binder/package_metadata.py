"""What the package in a repository needs: told by its files, none of which is ever run.

`pyproject.toml` ([project] and Poetry), `setup.cfg` and `setup.py` (read as a syntax tree).
"""

import re

from octavo.binder import requirement_lines
from octavo.binder.errors import BinderError
from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Sequence

    Read = Callable[[str], str | None]
    Table = dict[str, object]

FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_CARET = lazy(r"([\^~])\s*(\d+(?:\.\d+)*)$", re.ASCII)


class Package:
    """A Python package: what it requires, and the folders that make it importable.

    `build_requirements` is what building it requires.
    """

    __slots__ = ("build_requirements", "file", "notices", "requirements", "roots")

    def __init__(
        self,
        file: str,
        requirements: "Iterable[str]" = (),
        roots: "Iterable[str]" = (),
        notices: "Iterable[Notice]" = (),
        build_requirements: "Iterable[str]" = (),
    ) -> None:
        self.file = file
        self.build_requirements = tuple(build_requirements)
        self.requirements = tuple(requirements)
        self.roots = tuple(dict.fromkeys((*roots, "src", "")))
        self.notices = tuple(notices)


class _Findings:
    """What one file tells; `requirements` is None when it leaves them to another file."""

    __slots__ = ("extras", "name", "requirements", "roots")

    def __init__(
        self,
        name: str = "",
        requirements: "Sequence[str] | None" = None,
        extras: "dict[str, Sequence[str]] | None" = None,
        roots: "Sequence[str]" = (),
    ) -> None:
        self.name = name
        self.requirements = requirements
        self.extras = extras or {}
        self.roots = roots


def find(read: "Read", extras: "Sequence[str]" = ()) -> Package | None:
    """Return the package in the root of a repository, None if there is none.

    *read* returns the text of a file of the repository, None if there is none.  *extras* are
    optional groups that are wanted as well.

    Raises: `BinderError` OCT-B113 for a file that cannot be parsed, OCT-B114 for an extra that
    the package does not have.
    """
    readers = {"pyproject.toml": _pyproject, "setup.cfg": _setup_cfg, "setup.py": _setup_py}
    found: dict[str, _Findings] = {}
    for file, reader in readers.items():
        text = read(file)
        findings = reader(text, read) if text is not None else None
        if findings is not None:
            found[file] = findings
    if not found:
        return None
    file = next((file for file, one in found.items() if one.requirements is not None), "")
    notices = [] if file else [_unknown(next(reversed(found)))]
    file = file or next(iter(found))
    wanted = [*(found[file].requirements or ()), *_optional(found, extras, file)]
    good = [requirement for requirement in wanted if requirement_lines.is_requirement(requirement)]
    notices += [_odd(requirement, file) for requirement in wanted if requirement not in good]
    roots = [root for one in found.values() for root in one.roots]
    return Package(
        file, requirement_lines.missing(good, set()), roots, notices,
        _build_requirements(read("pyproject.toml") or ""),
    )  # fmt: skip


def _optional(found: "dict[str, _Findings]", extras: "Sequence[str]", file: str) -> list[str]:
    """Return the requirements of optional groups; a group may name others of the package."""
    names = {one.name for one in found.values()} - {""}
    groups = {
        requirement_lines.normal(key): list(value)
        for one in found.values()
        for key, value in one.extras.items()
    }
    result: list[str] = []
    todo = [requirement_lines.normal(extra) for extra in extras]
    seen: set[str] = set()
    while todo:
        extra = todo.pop(0)
        if extra in seen:
            continue
        seen.add(extra)
        if extra not in groups:
            known = ", ".join(sorted(groups)) or "none"
            raise BinderError(
                "OCT-B114", f"the package has no extra {extra!r}", Span(file),
                hint=f"it has: {known}",
            )  # fmt: skip
        for requirement in groups[extra]:
            inner = re.match(r"[^\[;]*\[([^\]]*)\]", requirement)
            if inner and requirement_lines.name_of(requirement) in names:
                todo += [requirement_lines.normal(part.strip()) for part in inner[1].split(",")]
            else:
                result.append(requirement)
    return result


def _build_requirements(text: str) -> list[str]:
    """Return what building a package requires.

    Source: PEP 518, "Projects without a build system" for what is meant when nothing is said.
    """
    import tomllib

    system = _table(tomllib.loads(text.replace("\r\n", "\n")), "build-system")
    said = [
        item for item in _texts(system.get("requires")) if requirement_lines.is_requirement(item)
    ]
    return said or ["setuptools", "wheel"]


def _pyproject(text: str, read: "Read") -> _Findings | None:
    import tomllib

    try:
        table = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise _broken("pyproject.toml", str(error)) from None
    project, tool = _table(table, "project"), _table(table, "tool")
    roots = _roots(tool)
    if "name" in project:
        requirements: list[str] | None = _texts(project.get("dependencies"))
        if "dependencies" in _texts(project.get("dynamic")):
            requirements = _dynamic(tool, read)
        return _Findings(
            requirement_lines.normal(str(project["name"])), requirements,
            {key: _texts(value) for key, value in _table(project, "optional-dependencies").items()},
            roots,
        )  # fmt: skip
    poetry = _table(tool, "poetry")
    if poetry:
        return _Findings(
            requirement_lines.normal(str(poetry.get("name", ""))),
            _poetry(_table(poetry, "dependencies")), None, roots,
        )  # fmt: skip
    return None


def _dynamic(tool: "Table", read: "Read") -> list[str] | None:
    """Return the requirements that setuptools reads from files, None where it does not."""
    dynamic = _table(_table(_table(tool, "setuptools"), "dynamic"), "dependencies")
    files = dynamic.get("file")
    names = [files] if isinstance(files, str) else _texts(files)
    if not names:
        return None
    lines = [line for name in names for line in (read(name) or "").split("\n")]
    codes = [requirement_lines.code_of(line) for line in lines]
    return [code for code in codes if code and not code.startswith("-")]


def _poetry(dependencies: "Table") -> list[str]:
    """Return Poetry's dependencies as requirements."""
    result = []
    for name, value in dependencies.items():
        options = value if isinstance(value, dict) else {"version": value}
        if name == "python" or options.get("optional") or "path" in options:
            continue
        extras = ",".join(_texts(options.get("extras")))
        marks = f"; {options['markers']}" if "markers" in options else ""
        if "git" in options:
            rev = options.get("rev") or options.get("tag") or options.get("branch")
            place = f" @ git+{options['git']}" + (f"@{rev}" if rev else "")
        else:
            place = _range(str(options.get("version", "*")))
        result.append(f"{name}[{extras}]{place}{marks}" if extras else f"{name}{place}{marks}")
    return result


def _range(version: str) -> str:
    """Return a version of Poetry as the ranges of PEP 440.

    >>> _range("^1.2.3"), _range("^0.2"), _range("~1.2"), _range("*"), _range(">=2,<3")
    ('>=1.2.3,<2', '>=0.2,<0.3', '>=1.2,<1.3', '', '>=2,<3')
    """
    parts = []
    for part in version.split(","):
        match = _CARET.fullmatch(part.strip())
        if match is None:
            plain = part.strip()
            parts.append("" if plain == "*" else plain if plain[:1] in "<>=!~" else f"=={plain}")
            continue
        numbers = [int(number) for number in match[2].split(".")]
        fixed = 1 if match[1] == "^" else min(2, len(numbers))
        if match[1] == "^":
            fixed = next((i + 1 for i, n in enumerate(numbers) if n), len(numbers))
        upper = [*numbers[: fixed - 1], numbers[fixed - 1] + 1]
        parts.append(f">={match[2]},<{'.'.join(map(str, upper))}")
    return ",".join(part for part in parts if part)


def _roots(tool: "Table") -> list[str]:
    """Return the folders that build tools are told to find packages in."""
    setuptools = _table(tool, "setuptools")
    packages = setuptools.get("packages")
    find_table = _table(packages, "find") if isinstance(packages, dict) else {}
    folders = [*_texts(find_table.get("where"))]
    base = _table(setuptools, "package-dir").get("")
    if isinstance(base, str):
        folders.append(base)
    hatch = _table(_table(_table(_table(tool, "hatch"), "build"), "targets"), "wheel")
    folders += [path.rpartition("/")[0] for path in _texts(hatch.get("packages"))]
    return [folder.strip("/") for folder in folders if _is_inside(folder)]


def _setup_cfg(text: str, _read: "Read") -> _Findings | None:
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text.replace("\r\n", "\n"))
    except configparser.Error as error:
        raise _broken("setup.cfg", str(error)) from None
    if not parser.has_section("options") and not parser.has_option("metadata", "name"):
        return None
    raw = parser.get("options", "install_requires", fallback=None)
    extras = dict(parser.items("options.extras_require")) if parser.has_section(
        "options.extras_require") else {}  # fmt: skip
    where = parser.get("options.packages.find", "where", fallback="")
    name = parser.get("metadata", "name", fallback="")
    return _Findings(
        requirement_lines.normal(name),
        None if raw is None or raw.strip().startswith("file:") else _lines(raw),
        {key: _lines(value) for key, value in extras.items()},
        [where] if where and _is_inside(where) else [],
    )


def _setup_py(text: str, _read: "Read") -> _Findings | None:
    import ast

    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise _broken("setup.py", str(error)) from None
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)
             and _called(node) == "setup"]  # fmt: skip
    if not calls:
        return None
    constants = _constants(module)
    words = {word.arg: _literal(word.value, constants) for word in calls[0].keywords if word.arg}
    given = words.get("install_requires", None if None in _arguments(calls[0]) else [])
    base = words.get("package_dir")
    root = base.get("") if isinstance(base, dict) else None
    extras = words.get("extras_require")
    return _Findings(
        requirement_lines.normal(str(words.get("name") or "")),
        _lines(given) if isinstance(given, str) else _all_texts(given),
        {str(key): _texts(value) for key, value in extras.items()}
        if isinstance(extras, dict)
        else None,
        [root] if isinstance(root, str) and _is_inside(root) else [],
    )


def _called(call: "ast.Call") -> str:
    import ast

    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _arguments(call: "ast.Call") -> list[str | None]:
    """Return the names of keyword arguments, None for `**options`."""
    return [word.arg for word in call.keywords]


def _constants(module: "ast.Module") -> "Table":
    """Return the names that are given a literal, once, at the top of a module."""
    import ast

    constants: Table = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                constants[target.id] = (
                    None if target.id in constants else _literal(node.value, constants)
                )
    return constants


def _literal(node: "ast.expr", constants: "Table") -> object:
    """Return the value of a literal or of a name that stands for one, None for anything else."""
    import ast

    if isinstance(node, ast.Name):
        return constants.get(node.id)
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return value


def _table(value: object, key: str) -> "Table":
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _texts(value: object) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [item for item in value if isinstance(item, str)]
    return [value] if isinstance(value, str) else []


def _all_texts(value: object) -> list[str] | None:
    """Return a list of texts, None for anything else."""
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return list(value)
    return None


def _lines(text: str) -> list[str]:
    codes = [requirement_lines.code_of(line) for line in text.split("\n")]
    return [code for code in codes if code]


def _is_inside(folder: str) -> bool:
    """Return whether a folder lies inside the repository and can be written into a file."""
    parts = folder.split("/")
    return folder.isprintable() and not folder.startswith("/") and ".." not in parts


def _broken(file: str, reason: str) -> BinderError:
    first = reason.partition("\n")[0]
    return BinderError("OCT-B113", f"cannot be read: {first}", Span(file))


def _unknown(file: str) -> Notice:
    return Notice(
        "OCT-B115", "the dependencies are computed when it runs, so they are not baked in",
        Span(file), hint="write them into [project] of pyproject.toml, or into requirements.txt",
    )  # fmt: skip


def _odd(requirement: str, file: str) -> Notice:
    return Notice(
        "OCT-B116", f"{requirement!r} is no requirement that can be baked in", Span(file),
        hint="PEP 508 tells the form",
    )  # fmt: skip
