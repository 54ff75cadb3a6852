"""The loader of notebooks: a `SourceFileLoader` whose source is the active code of a notebook.

`module.__file__` and the file name of all code is the file that the user edits, and line
numbers are its own, so that tracebacks, pdb, warnings, coverage and `inspect` agree.
"""

import sys
from importlib.machinery import SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, ModuleType

    from octavo.modules.bytecode import Stamp
    from octavo.modules.source import ModuleSource

#: Raise it when the same file gives other code: caches of other versions are not used.
READER_VERSION = 1

#: The loader of each file that was imported, by its path.
LOADED: "dict[str, NotebookLoader]" = {}


def _unseen(function: "Callable[..., None]") -> "Callable[..., None]":
    """Let Python leave the frames of *function* out of tracebacks, as it does with its own."""
    function.__code__ = function.__code__.replace(
        co_filename="<frozen importlib._bootstrap_external>",
        co_name="_call_with_frames_removed",
    )
    return function


class NotebookLoader(SourceFileLoader):
    """Loads a module from a notebook.

    `docstrings`: Markdown before a definition is its docstring where it has none.  After the
    module has run, `stamp` and `code_hash` tell what it was made from.
    """

    def __init__(self, fullname: str, path: str, *, docstrings: bool = False) -> None:
        super().__init__(fullname, path)
        self.docstrings = docstrings
        self.stamp: Stamp = (0, 0, 0)
        #: The stamp of an edit that could not be loaded, so that it is told once.
        self.refused: Stamp = (0, 0, 0)
        self.code_hash = b""
        self._module: tuple[Stamp, ModuleSource] | None = None

    def get_code(self, fullname: str) -> "CodeType":
        """Return the code of the module, from the cache if that is valid.

        Raises: as `compile`.
        """
        from octavo.modules import bytecode

        path = self.get_filename(fullname)
        compiled = bytecode.load(self, path)
        self.stamp, self.code_hash = compiled.stamp, compiled.code_hash
        LOADED[path] = self
        if "linecache" in sys.modules:
            from octavo.modules import views

            views.show(self)
        return compiled.code

    @_unseen
    def exec_module(self, module: "ModuleType") -> None:
        """Run the module; an error that leaves it names the cells that it went through."""
        try:
            code = self.get_code(module.__name__)
        except (ImportError, SyntaxError) as error:
            from octavo.modules import notes

            notes.add(error)
            raise error.with_traceback(None) from None
        try:
            exec(code, module.__dict__)  # noqa: S102  it is what importing means
        except Exception as error:
            from octavo.modules import notes

            notes.add(error)
            raise

    def get_source(self, fullname: str) -> str:
        """Return the Python of the module, line N for line N of the file.

        Raises: `ImportError` when the file cannot be read or is no Python module.
        """
        try:
            return self.module_source().python
        except (OSError, SyntaxError) as error:
            raise ImportError(str(error), name=fullname, path=self.path) from error

    def module_source(self) -> "ModuleSource":
        """Return the file read as a module (kept until it changes).

        Raises: `OSError`, `ModuleError`, `ModuleSyntaxError`.
        """
        from octavo.modules import bytecode, source

        stamp = bytecode.stamp_of(self.path)
        if self._module is None or self._module[0] != stamp:
            self._module = stamp, source.build(self.get_data(self.path), self.path)
        return self._module[1]

    def compile(self, data: bytes, path: str) -> "tuple[CodeType, bytes]":
        """Return the code for the bytes of a notebook, and the hash of its active code.

        Raises: `ModuleError` (not readable, not Python), `ModuleSyntaxError` (a magic),
        `SyntaxError`.
        """
        from octavo.modules import bytecode, docstrings, source

        module = source.build(data, path)
        code = docstrings.compiled(module, definitions=self.docstrings)
        return code, bytecode.hash_of_code(module.python)
