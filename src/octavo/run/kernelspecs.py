"""The Jupyter kernels of this machine, read from their kernel.json files.

Source: "Kernel specs" of the documentation of jupyter_client, "Common directories and file
locations" of that of Jupyter; both hold for every version of Jupyter since 4.
"""

import os
import sys

from octavo.core.errors import OptionError, RunError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    from octavo.core.document import Document, Metadata


class Kernel:
    """A kernel that is installed: what a notebook says about it, and where it is."""

    __slots__ = ("command", "display_name", "folder", "language", "name")

    def __init__(
        self, name: str, display_name: str, language: str, command: str, folder: str
    ) -> None:
        self.name = name
        self.display_name = display_name
        self.language = language
        self.command = command
        self.folder = folder

    def metadata(self) -> "Metadata":
        """Return the `kernelspec` of a notebook's metadata."""
        return {"name": self.name, "display_name": self.display_name, "language": self.language}


def find(name: str, language: str) -> Kernel:
    """Return a kernel by name; "-" stands for the one of this environment or of *language*.

    Raises: `OptionError` OCT-O026 when there is none.
    """
    kernels = installed()
    found = _fitting(kernels, language) if name == "-" else kernels.get(name.lower())
    if found is None:
        fault = f"no kernel for {language or 'python'}" if name == "-" else f"no kernel {name!r}"
        known = ", ".join(sorted(kernels)) or "none"
        near = did_you_mean(name, list(kernels))
        raise OptionError("OCT-O026", f"{fault}; installed: {known}", hint=near)
    return found


def installed() -> dict[str, Kernel]:
    """Return the kernels by name; the first folder that has a name wins."""
    kernels: dict[str, Kernel] = {}
    for folder in _kernel_folders():
        for name in _listing(folder):
            kernel = _read(os.path.join(folder, name), name.lower())
            if kernel is not None:
                kernels.setdefault(kernel.name, kernel)
    return kernels


def name_for(document: "Document", wish: str = "") -> str:
    """Return the kernel to run a document with: *wish*, what it says, or one of its language.

    Raises: `RunError` OCT-R002 when there is no kernel of its language.
    """
    from octavo.core.languages import main_language

    spec = document.metadata.get("kernelspec")
    said = spec.get("name") if isinstance(spec, dict) else None
    name = wish or (said if isinstance(said, str) else "")
    if name:
        return name
    suffix = document.origin.format.partition(":")[0]
    language = main_language(document.metadata, f".{suffix}") or _own_language(document)
    found = _fitting(installed(), language)
    if found is not None:
        return found.name
    if language in ("", "python"):
        return "python3"
    raise _no_kernel(f"no kernel for {language}", language)


def _own_language(document: "Document") -> str:
    info = document.metadata.get("language_info")
    name = info.get("name") if isinstance(info, dict) else ""
    return name if isinstance(name, str) else ""


def checked(name: str) -> "KernelSpec":
    """Return the specification of a kernel that can be started, as Jupyter finds it.

    Raises: `RunError` OCT-R001 (no jupyter_client), OCT-R002 (no such kernel), OCT-R003 (its
    kernel.json is not as it must be).
    """
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        raise RunError(
            "OCT-R001", "running documents needs jupyter_client",
            hint="pip install 'octavo[run]'",
        ) from None  # fmt: skip
    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        raise _no_kernel(f"no kernel {name!r}", name) from None
    except Exception as error:  # noqa: BLE001  whatever a broken file makes Jupyter raise
        raise _invalid(manager, name, str(error)) from None
    if not _is_command(_written_argv(spec)):
        raise _invalid(manager, name, "argv must be a list of words, the command first")
    return spec


def _is_command(argv: object) -> bool:
    return (
        isinstance(argv, list)
        and bool(argv)
        and all(isinstance(word, str) and word for word in argv)
    )


def _written_argv(spec: "KernelSpec") -> object:
    """Return argv as kernel.json has it: Jupyter makes a list of letters of a text."""
    import json

    path = os.path.join(spec.resource_dir, "kernel.json")
    if not os.path.isfile(path):
        return spec.argv
    with open(path, encoding="utf-8") as fp:
        return json.load(fp).get("argv")


def identity(name: str) -> str:
    """Return a text that changes with the kernel: its description, its program, its packages.

    Raises: `RunError` as `checked`.
    """
    import json
    import shutil

    spec = checked(name)
    program = shutil.which(spec.argv[0]) or spec.argv[0]
    real = os.path.realpath(program)
    size = os.path.getsize(real) if os.path.isfile(real) else 0
    packages = _packages(os.path.dirname(os.path.dirname(os.path.abspath(program))))
    return json.dumps([spec.to_dict(), real, size, packages], sort_keys=True, default=str)


def _packages(prefix: str) -> list[str]:
    """Return names and versions of the Python packages of an environment."""
    from glob import escape, glob

    folders = glob(os.path.join(escape(prefix), "lib", "python*", "site-packages"))
    folders += glob(os.path.join(escape(prefix), "Lib", "site-packages"))
    return sorted(
        name for folder in folders for name in _listing(folder) if name.endswith(".dist-info")
    )


def _no_kernel(fault: str, name: str) -> RunError:
    """Return the error for a kernel that is not there."""
    known = _known_names()
    package = _PACKAGES.get(name.lower(), "")
    hint = did_you_mean(name, known) or package or "--kernel NAME runs it with another"
    return RunError("OCT-R002", f"{fault}; installed: {', '.join(known) or 'none'}", hint=hint)


def _known_names() -> list[str]:
    """Return the names of all kernels, those that Jupyter alone knows too."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError:
        return sorted(installed())
    return sorted(KernelSpecManager().find_kernel_specs())


_PACKAGES = {
    "python3": "pip install ipykernel",
    "python": "pip install ipykernel",
    "bash": "pip install bash_kernel && python -m bash_kernel.install",
    "ir": "in R: install.packages('IRkernel'); IRkernel::installspec()",
    "r": "in R: install.packages('IRkernel'); IRkernel::installspec()",
    "julia": 'in Julia: using Pkg; Pkg.add("IJulia")',
}


def _invalid(manager: "KernelSpecManager", name: str, reason: str) -> RunError:
    folders = manager.find_kernel_specs()
    path = os.path.join(folders.get(name.lower(), name), "kernel.json")
    return RunError(
        "OCT-R003", f"the kernel {name!r} is not described well: {reason.strip()}",
        hint=f"mend {path}, or install the kernel again",
    )  # fmt: skip


def _fitting(kernels: dict[str, Kernel], language: str) -> Kernel | None:
    """Return the kernel of this environment if it has the language, else the first that has."""
    from octavo.core.languages import same_language

    wanted = language or "python"
    fitting = [kernel for kernel in kernels.values() if same_language(kernel.language, wanted)]
    own = [kernel for kernel in fitting if _is_of_this_environment(kernel)]
    return next(iter([*own, *fitting]), None)


def _is_of_this_environment(kernel: Kernel) -> bool:
    if os.path.isabs(kernel.command):
        return os.path.dirname(kernel.command) == os.path.dirname(sys.executable)
    return kernel.folder.startswith(os.path.join(sys.prefix, ""))


def _kernel_folders() -> "Iterator[str]":
    extra = os.environ.get("JUPYTER_PATH", "")
    own = [_user_folder(), os.path.join(sys.prefix, "share", "jupyter")]
    if sys.prefix != sys.base_prefix:
        own.reverse()  # in a virtual environment its kernels go before the user's
    for folder in [*filter(None, extra.split(os.pathsep)), *own, *_system_folders()]:
        yield os.path.join(folder, "kernels")


def _user_folder() -> str:
    named = os.environ.get("JUPYTER_DATA_DIR")
    if named:
        return named
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Jupyter")
    if os.name == "nt":
        base = os.environ.get("APPDATA")
        return os.path.join(base, "jupyter") if base else os.path.expanduser("~/.jupyter/data")
    base = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(base, "jupyter")


def _system_folders() -> list[str]:
    if os.name == "nt":
        base = os.environ.get("PROGRAMDATA")
        return [os.path.join(base, "jupyter")] if base else []
    return ["/usr/local/share/jupyter", "/usr/share/jupyter"]


def _listing(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _read(folder: str, name: str) -> Kernel | None:
    """Return the kernel in a folder, None when there is none that can be read."""
    import json

    try:
        with open(os.path.join(folder, "kernel.json"), encoding="utf-8") as fp:
            spec = json.load(fp)
    except (OSError, ValueError):
        return None
    if not isinstance(spec, dict):
        return None
    argv = spec.get("argv")
    command = str(argv[0]) if isinstance(argv, list) and argv else ""
    display_name = str(spec.get("display_name") or name)
    return Kernel(name, display_name, str(spec.get("language") or ""), command, folder)
