"""Reload modules whose notebooks were edited, in place.

Functions and classes keep their identity: names taken with `from m import f`, instances and
subclasses follow the edit.  A module is run again only if its active code changed; when only
prose or outputs did, its functions get their new line numbers and its state stays.  While a
notebook holds an error, the module stays as it was.
"""

import sys
from types import FunctionType

from octavo.core.errors import OctavoError
from octavo.modules import bytecode, docstrings, notes, source, views
from octavo.modules.loader import NotebookLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, ModuleType
    from typing import Literal

_KEPT = ("__name__", "__loader__", "__package__", "__spec__", "__path__", "__file__", "__cached__",
         "__builtins__", "__warningregistry__")  # fmt: skip
_OF_EACH_CLASS = frozenset(("__dict__", "__weakref__", "__module__", "__doc__"))


class Reloaded:
    """What became of one edited module.

    `what` is "reloaded" (it was run again), "moved" (only its lines moved) or "failed"; then
    `error` tells why, and the module is as it was.
    """

    __slots__ = ("error", "name", "path", "what")

    def __init__(
        self,
        name: str,
        path: str,
        what: 'Literal["reloaded", "moved", "failed"]',
        error: Exception | None = None,
    ) -> None:
        self.name = name
        self.path = path
        self.what = what
        self.error = error

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Reloaded({self.name!r}, {self.what!r})"


def changed() -> list[Reloaded]:
    """Reload the modules whose notebooks changed since they were loaded."""
    found = []
    for module, loader in _modules():
        try:
            stamp = bytecode.stamp_of(loader.path)
        except OSError:
            continue  # removed, or just being replaced
        if stamp not in (loader.stamp, loader.refused):
            found.append(_reload(module, loader, stamp))
    return [entry for entry in found if entry is not None]


def _modules() -> "Iterator[tuple[ModuleType, NotebookLoader]]":
    for name, module in list(sys.modules.items()):
        loader = getattr(getattr(module, "__spec__", None), "loader", None)
        if isinstance(loader, NotebookLoader) and loader.stamp[1] and name != "__main__":
            yield module, loader


def _reload(module: "ModuleType", loader: NotebookLoader, stamp: bytecode.Stamp) -> Reloaded | None:
    try:
        read = source.build(loader.get_data(loader.path), loader.path)
        code = docstrings.compiled(read, definitions=loader.docstrings)
    except OSError:
        return None
    except (OctavoError, SyntaxError) as error:
        notes.add(error)
        loader.refused = stamp
        return Reloaded(module.__name__, loader.path, "failed", error)
    code_hash = bytecode.hash_of_code(read.python)
    is_same = code_hash == loader.code_hash
    if is_same:
        _move(module, loader.path, code)
    else:
        fault = _run(module, code)
        if fault is not None:
            loader.refused = stamp
            return Reloaded(module.__name__, loader.path, "failed", fault)
    loader.stamp, loader.code_hash = stamp, code_hash
    views.show(loader)
    return Reloaded(module.__name__, loader.path, "moved" if is_same else "reloaded")


def _run(module: "ModuleType", code: "CodeType") -> Exception | None:
    """Run *code* as the module; what it defined before is updated and kept."""
    namespace = module.__dict__
    old = dict(namespace)
    for name in [name for name in namespace if name not in _KEPT]:
        del namespace[name]
    try:
        exec(code, namespace)  # noqa: S102  it is what reloading means
    except Exception as error:  # noqa: BLE001  whatever user code raises, the module is put back
        notes.add(error)
        namespace.clear()
        namespace.update(old)
        return error
    kept: dict[type, type] = {}
    for name, new in list(namespace.items()):
        before = old.get(name)
        if before is not new and name not in _KEPT and _update(before, new, module.__name__, kept):
            namespace[name] = before
    return None


def _update(old: object, new: object, module: str, kept: "dict[type, type]") -> bool:
    """Make *old* what *new* is, where it can be; return whether it can stand for it.

    *kept* tells which old class stands for which new one; it grows.
    """
    if type(old) is not type(new):
        return False
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        return _update_function(old, new)
    if isinstance(old, type) and isinstance(new, type):
        is_own = old.__module__ == new.__module__ == module
        if is_own and _shape(old, {}) == _shape(new, kept) and _update_class(old, new):
            kept[new] = old
            return True
    return False


def _update_function(old: FunctionType, new: FunctionType) -> bool:
    if old.__module__ != new.__module__:
        return False
    old_cells, new_cells = old.__closure__ or (), new.__closure__ or ()
    if old.__code__.co_freevars != new.__code__.co_freevars:
        return False
    for old_cell, new_cell in zip(old_cells, new_cells, strict=True):
        _update_cell(old_cell, new_cell)
    old.__code__ = new.__code__
    old.__defaults__ = new.__defaults__
    old.__kwdefaults__ = new.__kwdefaults__
    old.__annotations__ = new.__annotations__
    old.__doc__ = new.__doc__
    old.__dict__.clear()
    old.__dict__.update(new.__dict__)
    return True


def _update_cell(old: object, new: object) -> None:
    try:
        content = new.cell_contents  # type: ignore[attr-defined]  # a cell of a closure
    except ValueError:
        return  # empty
    if content is not getattr(old, "cell_contents", None):
        old.cell_contents = content  # type: ignore[attr-defined]  # as above


def _update_class(old: type, new: type) -> bool:
    """Give *old* the attributes of *new* and return whether it took them."""
    before, after = dict(old.__dict__), dict(new.__dict__)
    try:
        for name in before.keys() - after.keys() - _OF_EACH_CLASS:
            delattr(old, name)
        for name, value in after.items():
            if name not in _OF_EACH_CLASS:
                _adopt(value, old, new)
                setattr(old, name, value)
        old.__doc__ = new.__doc__
    except (AttributeError, TypeError):
        for name, value in before.items():
            if name not in _OF_EACH_CLASS and old.__dict__.get(name) is not value:
                setattr(old, name, value)
        return False
    return True


def _shape(cls: type, kept: "dict[type, type]") -> tuple[object, ...]:
    """Return what instances and subclasses depend on."""
    bases = [kept.get(base, base) for base in cls.__bases__]
    is_enum = "_member_map_" in cls.__dict__
    return type(cls), bases, cls.__dict__.get("__slots__"), id(cls) if is_enum else 0


def _adopt(value: object, old: type, new: type) -> None:
    """Let the methods of *new* call `super()` for *old*."""
    for function in _functions_of(value):
        for name, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=True
        ):
            if name == "__class__" and cell.cell_contents is new:
                cell.cell_contents = old


def _functions_of(value: object) -> "Iterator[FunctionType]":
    if isinstance(value, FunctionType):
        yield value
    elif isinstance(value, (staticmethod, classmethod)):
        yield from _functions_of(value.__func__)
    elif isinstance(value, property):
        for part in (value.fget, value.fset, value.fdel):
            yield from _functions_of(part)


def _move(module: "ModuleType", path: str, code: "CodeType") -> None:
    """Give the functions of a module that was not run again the lines they stand on now."""
    codes = dict(_codes(code))
    seen: set[int] = set()
    for function in _all_functions(list(module.__dict__.values()), seen):
        mine = function.__code__
        there = codes.get((mine.co_qualname, mine.co_name)) if mine.co_filename == path else None
        if there is not None and there.co_freevars == mine.co_freevars:
            function.__code__ = there


def _codes(code: "CodeType") -> "Iterator[tuple[tuple[str, str], CodeType]]":
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            yield (constant.co_qualname, constant.co_name), constant
            yield from _codes(constant)


def _all_functions(values: "list[object]", seen: "set[int]") -> "Iterator[FunctionType]":
    for value in values:
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, type):
            yield from _all_functions(list(value.__dict__.values()), seen)
        for function in _functions_of(value):
            yield function
            inner = getattr(function, "__wrapped__", None)
            yield from _functions_of(inner)
