"""The IPython extension: `%load_ext octavo`.

Notebooks can be imported, edited ones are reloaded before each cell, and errors name the cells
that they went through.  Modules in `.py` files are left to `%autoreload`, so that each file has
one owner.  `%octavo reload off` (`on`, `now`) switches reloading.
"""

import sys

from octavo.modules import install, notes, reload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from IPython.core.interactiveshell import InteractiveShell


class Extension:
    """What was registered with one shell."""

    def __init__(self, shell: "InteractiveShell") -> None:
        self.shell = shell
        self.reloads = True

    def before_cell(self, _info: object = None) -> None:
        """Reload what was edited, unless that is switched off."""
        if self.reloads:
            self.reload()

    def reload(self) -> list[reload.Reloaded]:
        """Reload what was edited; tell about what could not be."""
        found = reload.changed()
        for entry in found:
            if entry.error is not None:
                sys.stderr.write(_told(entry))
        return found

    def magic(self, line: str) -> None:
        """Switch reloading: `%octavo reload on|off|now`; without words, tell the state."""
        words = line.split()
        if words in (["reload", "on"], ["reload", "off"]):
            self.reloads = words[1] == "on"
        elif words in (["reload", "now"], ["reload"]):
            for entry in self.reload():
                if entry.error is None:
                    sys.stdout.write(f"{entry.name}: {entry.what}\n")
        elif not words:
            state = "on" if self.reloads else "off"
            sys.stdout.write(f"octavo: reloading of edited notebooks is {state}\n")
        else:
            sys.stderr.write("octavo: use %octavo reload on, off or now\n")

    def show_error(
        self,
        shell: "InteractiveShell",
        kind: type[BaseException],
        error: BaseException,
        traceback: "TracebackType | None",
        tb_offset: int | None = None,
    ) -> None:
        """Name the cells that an error went through, then show it as always."""
        notes.add(error)
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Start: called by `%load_ext octavo`."""
    if _EXTENSIONS.get(id(shell)) is not None:
        return
    install.install()
    extension = _EXTENSIONS[id(shell)] = Extension(shell)
    shell.events.register("pre_run_cell", extension.before_cell)
    shell.register_magic_function(extension.magic, "line", "octavo")  # type: ignore[arg-type]  # a wrong signature in IPython
    if not shell.custom_exceptions:
        _show_errors(shell, (Exception,), extension.show_error)


def unload_ipython_extension(shell: "InteractiveShell") -> None:
    """Stop: called by `%unload_ext octavo`."""
    extension = _EXTENSIONS.pop(id(shell), None)
    if extension is None:
        return
    install.uninstall()
    shell.events.unregister("pre_run_cell", extension.before_cell)
    shell.magics_manager.magics["line"].pop("octavo", None)
    if shell.custom_exceptions == (Exception,):
        _show_errors(shell, (), None)


def _show_errors(
    shell: "InteractiveShell", kinds: "tuple[type[Exception], ...]", handler: "object"
) -> None:
    shell.set_custom_exc(kinds, handler)  # type: ignore[no-untyped-call]  # it has no annotations


_EXTENSIONS: dict[int, Extension] = {}


def _told(entry: reload.Reloaded) -> str:
    error = entry.error
    what = f"{type(error).__name__}: {error}" if error is not None else ""
    places = "".join(f"\n  {note}" for note in getattr(error, "__notes__", ()))
    return f"octavo: {entry.name} was not reloaded, it stays as it was: {what}{places}\n"
