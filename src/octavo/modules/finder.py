"""Find modules in notebooks, beside ordinary `.py` files.

An ordinary module goes first, wherever on the path it lies, so that a notebook `random.ipynb`
never takes the place of the standard library.  Only a folder without `__init__.py` (a namespace
package) gives way to a notebook, as it does to a `.py` file.

Names: the exact one first, on the whole path; then files whose spaces and hyphens are underscores
in the name (`import My_Other_Code` finds "My Other Code.ipynb").  Two of these are an error.
"""

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from time import time_ns

from octavo.modules.errors import ModuleError
from octavo.modules.loader import NotebookLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import ModuleType

#: The suffixes of notebooks; where several files have one name, the first goes before.
SUFFIXES = (".ipynb", ".md", ".myst.md", ".myst", ".mystnb", ".mnb", ".markdown", ".Rmd", ".qmd")
_INIT = "__init__"
_INSTALLED = ("site-packages", "dist-packages")
#: How long after a change of a folder its list of names is not trusted, for want of a finer clock.
_TICK_NS = 50_000_000


class _Folder:
    """The names in a folder: files of notebooks by stem, and folders."""

    __slots__ = ("folders", "notebooks", "time_ns")

    def __init__(self, path: str, changed_ns: int) -> None:
        self.time_ns = changed_ns
        self.notebooks: dict[str, list[str]] = {}
        self.folders: list[str] = []
        with os.scandir(path) as entries:
            for entry in entries:
                stem = stem_of(entry.name)
                if stem:
                    self.notebooks.setdefault(stem, []).append(entry.name)
                elif "." not in entry.name and entry.is_dir():
                    self.folders.append(entry.name)
        for names in self.notebooks.values():
            names.sort(key=lambda name: SUFFIXES.index(name[len(stem_of(name)) :]))


class NotebookFinder:
    """A finder on `sys.meta_path`, in front of Python's own for files, which it asks first.

    `after_import` holds what is to be done once a module of the standard library is loaded.
    """

    def __init__(self, *, docstrings: bool = False) -> None:
        self.docstrings = docstrings
        self.after_import: dict[str, Callable[[ModuleType], None]] = {}
        self._folders: dict[str, _Folder] = {}
        self._checked: set[str] = set()

    def find_spec(
        self,
        name: str,
        path: "Sequence[str] | None" = None,
        target: "ModuleType | None" = None,
    ) -> "ModuleSpec | None":
        """Return where the module is, None if neither Python nor a notebook has it.

        Raises: `ModuleError` OCT-M003 when several files can be meant.
        """
        found = PathFinder.find_spec(name, path, target)
        if found is not None and found.loader is not None:
            if name in self.after_import:
                self._act_after(found, self.after_import.pop(name))
            elif found.origin:
                self._check_script(found.origin)
            return found
        tail = name.rpartition(".")[2]
        entries = _folders(sys.path if path is None else path)
        return (
            self._exact(name, tail, entries)
            or found
            or (self._similar(name, tail, entries) if _is_word(tail) else None)
        )

    def invalidate_caches(self) -> None:
        """Forget what folders hold."""
        self._folders.clear()

    def _exact(self, name: str, tail: str, entries: "list[str]") -> "ModuleSpec | None":
        for entry, folder in self._open(entries):
            if tail in folder.folders:
                package = os.path.join(entry, tail)
                inside = self._folder(package)
                if inside is not None and _INIT in inside.notebooks:
                    return self._spec(name, package, inside.notebooks[_INIT], is_package=True)
            if tail in folder.notebooks:
                return self._spec(name, entry, folder.notebooks[tail])
        return None

    def _similar(self, name: str, tail: str, entries: "list[str]") -> "ModuleSpec | None":
        """Return the module whose file or folder has the name but for spaces and hyphens."""
        wanted = _key(tail)
        for entry, folder in self._open(entries):
            stems = [stem for stem in folder.notebooks if stem != tail and _key(stem) == wanted]
            folders = [one for one in folder.folders if one != tail and _key(one) == wanted]
            if len(stems) + len(folders) > 1:
                files = [folder.notebooks[stem][0] for stem in stems]
                raise ModuleError(
                    "OCT-M003",
                    f"module {name!r} can be any of "
                    + ", ".join(repr(file) for file in sorted(files + folders))
                    + f" in {entry}",
                    hint="rename one of them, or import the exact name with __import__",
                    name=name,
                )
            if stems:
                return self._spec(name, entry, folder.notebooks[stems[0]])
            if folders:
                return self._package(name, os.path.join(entry, folders[0]))
        return None

    def _package(self, name: str, path: str) -> "ModuleSpec | None":
        """Return the package in a folder, with a script, a notebook or nothing as its head."""
        script = os.path.join(path, _INIT + ".py")
        if os.path.isfile(script):
            return _file_spec(name, script, SourceFileLoader(name, script), [path])
        inside = self._folder(path)
        if inside is not None and _INIT in inside.notebooks:
            return self._spec(name, path, inside.notebooks[_INIT], is_package=True)
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [path]
        return spec

    def _spec(
        self, name: str, folder: str, files: "list[str]", *, is_package: bool = False
    ) -> "ModuleSpec":
        paths = [os.path.abspath(os.path.join(folder, file)) for file in files]
        if len(paths) > 1:
            self._check(paths)
        loader = NotebookLoader(name, paths[0], docstrings=self.docstrings)
        return _file_spec(name, paths[0], loader, [folder] if is_package else None)

    def _check_script(self, origin: str) -> None:
        """Warn when a notebook beside a script has the same name and is not its pair."""
        entry, file = os.path.split(origin)
        if not file.endswith(".py") or _is_installed(entry) or origin in self._checked:
            return
        folder = self._folder(entry)
        if folder is not None and file[:-3] in folder.notebooks:
            names = folder.notebooks[file[:-3]]
            self._check([origin, *(os.path.join(entry, name) for name in names)])

    def _check(self, paths: "list[str]") -> None:
        if paths[0] not in self._checked:
            self._checked.add(paths[0])
            from octavo.modules import claims

            claims.check(paths)

    def _open(self, entries: "list[str]") -> "Iterator[tuple[str, _Folder]]":
        for entry in entries:
            if not (_is_installed(entry) and entry in sys.path):
                folder = self._folder(entry)
                if folder is not None:
                    yield entry, folder

    def _folder(self, path: str) -> "_Folder | None":
        """Return the names in a folder, from the last look if nothing changed since."""
        try:
            changed_ns = os.stat(path).st_mtime_ns
            known = self._folders.get(path)
            if known is None or known.time_ns != changed_ns:
                is_young = time_ns() - changed_ns < _TICK_NS
                known = _Folder(path, -1 if is_young else changed_ns)
                self._folders[path] = known
        except OSError:
            return None
        return known

    def _act_after(self, spec: "ModuleSpec", action: "Callable[[ModuleType], None]") -> None:
        loader = spec.loader
        if loader is None:
            return
        run = loader.exec_module

        def exec_module(module: "ModuleType") -> None:
            run(module)
            action(module)

        loader.exec_module = exec_module  # type: ignore[method-assign]  # of this one loader


def is_notebook(path: str) -> bool:
    """Return whether a path has a suffix that is imported as a notebook."""
    return path.endswith(SUFFIXES)


def stem_of(file: str) -> str:
    """Return the name of a notebook without its suffix, "" if it is none."""
    for suffix in (".myst.md", *SUFFIXES):
        if file.endswith(suffix):
            return file[: -len(suffix)]
    return ""


def _file_spec(
    name: str, path: str, loader: SourceFileLoader, locations: "list[str] | None"
) -> "ModuleSpec":
    spec = ModuleSpec(name, loader, origin=path, is_package=locations is not None)
    if locations is not None:
        spec.submodule_search_locations = locations
    spec.has_location = True
    if isinstance(loader, NotebookLoader):
        from octavo.modules import bytecode

        spec.cached = bytecode.path_of(path)
    return spec


def _folders(path: "Iterable[object]") -> list[str]:
    """Return the folders on a path; other things that it may hold are no concern of ours."""
    return [entry or os.getcwd() for entry in path if isinstance(entry, str)]


def _key(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


def _is_word(tail: str) -> bool:
    """Return whether a name can stand for one with spaces or hyphens."""
    return "_" in tail or " " in tail or "-" in tail


def _is_installed(path: str) -> bool:
    """Return whether a folder holds installed packages or the standard library."""
    return os.path.basename(path) in _INSTALLED or path.startswith(_LIBRARY)


_LIBRARY = os.path.dirname(os.__file__)
