"""Compose the files of a build branch from the files of the content: pure but for reading.

The result depends on environment files and on the dependencies of the package only: a commit
that changes lessons or code composes the same files.
"""

from octavo.binder import (
    conda_text,
    environment_files,
    file_rules,
    package_metadata,
    package_scripts,
    requirement_lines,
)
from octavo.binder.errors import BinderError
from octavo.binder.git_plumbing import FILE, FOLDER, LINK, SCRIPT, SUBMODULE
from octavo.binder.snapshot import decode, join
from octavo.core.errors import Notice, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from octavo.binder.git_plumbing import Entry
    from octavo.binder.package_metadata import Package
    from octavo.binder.snapshot import Snapshot

PATH, EDITABLE, NOTHING = "path", "editable", "none"
_PULLER = "nbgitpuller"

#: Application -> the packages one of which must be there, the first of which is added.
INTERFACES = {
    "lab": ("jupyterlab", "jupyter"),
    "doc": ("jupyterlab", "jupyter"),
    "notebook": ("notebook", "jupyter"),
    "notebooks": ("notebook", "jupyter"),
    "classic": ("nbclassic",),
    "voila": ("voila",),
    "rstudio": ("jupyter-rsession-proxy",),
    "shiny": ("jupyter-shiny-proxy",),
}
_README = """\
# Build files

`octavo binder branch` keeps this branch: it holds what an image is built from, and nothing
else, so that changes of the content build no new image. Edit the files on the branch of the
content, then run the command again.
"""


class Wishes:
    """What the build branch is to offer.

    *app* is the application that links open, *folder* the one that nbgitpuller clones into
    ("" = unknown: the package is not made importable), *install* one of "path", "editable",
    "none"; *extras* are optional groups of the package, *include* further paths to take over.
    """

    __slots__ = ("app", "extras", "folder", "include", "install")

    def __init__(
        self,
        app: str = "lab",
        *,
        extras: "Sequence[str]" = (),
        include: "Sequence[str]" = (),
        folder: str = "",
        install: str = PATH,
    ) -> None:
        self.app = app
        self.extras = tuple(extras)
        self.include = tuple(include)
        self.folder = folder
        self.install = install


class Built:
    """A file of the build branch: its mode, and its bytes or (as it is in the content) its id."""

    __slots__ = ("data", "mode", "oid")

    def __init__(self, mode: str, data: bytes | None = None, oid: str = "") -> None:
        self.mode = mode
        self.data = data
        self.oid = oid


class Build:
    """The files of a build branch by path, the folder of the build files, and warnings."""

    __slots__ = ("_read", "files", "folder", "notices", "package")

    def __init__(self, folder: str, read: "Callable[[str], bytes]") -> None:
        self._read = read
        self.folder = folder
        self.files: dict[str, Built] = {}
        self.notices: list[Notice] = []
        self.package: Package | None = None

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file, None if there is none."""
        file = self.files.get(path)
        if file is None or file.data is not None:
            return None if file is None else file.data
        return self._read(file.oid)

    def text(self, path: str) -> str | None:
        """Return the text of a file, None if there is none.

        Raises: `BinderError` OCT-B119 when it is not UTF-8.
        """
        data = self.data(path)
        return None if data is None else decode(data, path)

    def names(self) -> set[str]:
        """Return the names of the build files, without their folder."""
        start = len(self.folder)
        return {path[start:] for path in self.files if path.startswith(self.folder)}


def compose(snapshot: "Snapshot", wishes: Wishes) -> Build:
    """Return the build branch of a commit.

    Raises: `BinderError` OCT-B110 to OCT-B131 for what an image cannot be built from.
    """
    return _Composer(snapshot, wishes).compose()


def has_package(snapshot: "Snapshot") -> bool:
    """Return whether the root may be a Python package (what its files say is not read)."""
    return any(snapshot.entry(name) is not None for name in package_metadata.FILES)


class _Composer:
    """One composition: the steps in their order."""

    def __init__(self, snapshot: "Snapshot", wishes: Wishes) -> None:
        self.snapshot = snapshot
        self.wishes = wishes
        self.build = Build(_build_folder(snapshot), snapshot.repository.blob)
        self.extras = list(wishes.extras)

    def compose(self) -> Build:
        """Return what is built."""
        self._collect()
        self._collect_includes()
        self._check()
        if self._has("Dockerfile"):
            self._check_dockerfile()
        elif self._has("default.nix"):
            self._warn("OCT-B129", "default.nix", f"Nix installs what it names: {_PULLER} and the "
                       "interface must be there")  # fmt: skip
        else:
            self._inject()
        if "README.md" not in self.build.files:
            self._write("README.md", _README)
        return self.build

    # What is taken over

    def _collect(self) -> None:
        folder = self.build.folder
        if folder:
            for path, entry in self.snapshot.below(folder):
                self._take(path, entry)
        else:
            for name in environment_files.ROOT_FILES:
                found = self.snapshot.entry(name)
                if found is not None and found.mode != FOLDER:
                    self._take(name, found)
        for path in self.wishes.include:
            self._include(path.strip("/"))

    def _include(self, path: str) -> None:
        entry = self.snapshot.entry(path)
        if entry is None:
            raise BinderError(
                "OCT-B111", "is not in the content", Span(path), hint="check --include"
            )
        for inner, found in self.snapshot.below(path) if entry.mode == FOLDER else [(path, entry)]:
            self._take(inner, found)

    def _take(self, path: str, entry: "Entry") -> None:
        if entry.mode == SUBMODULE:
            self._warn("OCT-B128", path, "is a submodule: its files are not taken over")
            return
        found = self.snapshot.file(path) if entry.mode == LINK else entry
        if found is not None:
            self.build.files[path] = Built(found.mode, oid=found.oid)

    def _collect_includes(self) -> None:
        """Take over the files that requirements refer to with `-r` and `-c`."""
        todo = [path for name in ("requirements.txt", "requirements3.txt")
                if (path := self.build.folder + name) in self.build.files]  # fmt: skip
        todo += self._pip_includes()
        seen = set(todo)
        while todo:
            path = todo.pop()
            text = self.snapshot.text(path)
            if text is None:
                raise BinderError("OCT-B111", "is referred to, but not in the content", Span(path))
            if path not in self.build.files:
                self._include(path)
            for name in requirement_lines.includes(text):
                inner = join(path.rpartition("/")[0], name)
                if inner and inner not in seen:
                    seen.add(inner)
                    todo.append(inner)

    def _pip_includes(self) -> "Iterator[str]":
        name = self._conda_file()
        if name:
            for line in conda_text.read(self._text(name), name).pip:
                for path in requirement_lines.includes(line):
                    yield join(self.build.folder, path)

    # What is checked

    def _check(self) -> None:
        rules = {
            "apt.txt": ("OCT-B120", file_rules.apt_faults, "one package a line"),
            "runtime.txt": ("OCT-B121", file_rules.runtime_faults, "such as python-3.12"),
            "start": ("OCT-B122", file_rules.start_faults, 'end it with `exec "$@"`'),
        }
        for name in ("postBuild", "start"):
            self._check_script(name)
        if self._has("Dockerfile"):
            return
        for name, (code, faults, hint) in rules.items():
            if self._has(name):
                path = self.build.folder + name
                for line, fault in faults(self._text(path)):
                    raise BinderError(code, fault, Span(path, line), hint=hint)
        if self.snapshot.entry("DESCRIPTION") is not None and not self.build.folder:
            self._warn("OCT-B130", "DESCRIPTION", "an R package is not installed from the content",
                       hint="name what it imports in install.R, with a runtime.txt such as "
                       "r-4.4-2026-01-31")  # fmt: skip

    def _check_script(self, name: str) -> None:
        """Make a script executable, with newlines that the system understands."""
        path = self.build.folder + name
        file = self.build.files.get(path)
        if file is None:
            return
        file.mode = SCRIPT
        data = self.build.data(path) or b""
        if b"\r\n" in data:
            file.data = data.replace(b"\r\n", b"\n")
            self._warn("OCT-B123", path, "had the newlines of Windows, which no script can have")
        if b"pip install ." in data or b"pip install -e ." in data:
            self._warn("OCT-B124", path, "installs the content, which is not on the build branch",
                       hint="leave that out: a package is made importable anyway")  # fmt: skip

    def _check_dockerfile(self) -> None:
        path = self.build.folder + "Dockerfile"
        text = self._text(path)
        for line, image in file_rules.images(text):
            if not file_rules.is_pinned(image):
                self._warn("OCT-B125", path, f"builds on {image}, which changes with time", line,
                           hint="name a tag, not latest")  # fmt: skip
        if _PULLER not in text and "-onbuild" not in text:
            self._warn("OCT-B126", path, f"a Dockerfile is taken as it is: {_PULLER} must be in "
                       "the image, and the interface")  # fmt: skip
        if has_package(self.snapshot):
            self._warn("OCT-B126", path, "a Dockerfile is taken as it is: the package is not made "
                       "importable")  # fmt: skip

    # What is added

    def _inject(self) -> None:
        package = self._package()
        conda = self._conda_file()
        interface = INTERFACES.get(self.wishes.app, ())
        wanted = [_PULLER, *interface[:1]]
        baked = self._baked(package)
        in_script: list[str] = []
        if conda:
            self._inject_conda(conda, wanted, interface, baked)
        elif self._locks():
            in_script = requirement_lines.missing([*wanted, *baked], self._locked_names())
        else:
            self._inject_pip(wanted, interface, baked, package)
        self._compose_script(package, in_script)

    def _package(self) -> "Package | None":
        if self.wishes.install == NOTHING:
            return None
        self._collect_own_extras()
        package = package_metadata.find(self.snapshot.text, self.extras)
        self.build.package = package
        if package is not None:
            self.build.notices += package.notices
        return package

    def _collect_own_extras(self) -> None:
        """Note the extras of lines such as `-e .[plot]`, which are left out."""
        lines: list[str] = []
        conda = self._conda_file()
        if conda:
            lines = conda_text.read(self._text(conda), conda).pip
        elif self._has("requirements.txt"):
            lines = self._text(self.build.folder + "requirements.txt").split("\n")
        for line in lines:
            self.extras += requirement_lines.extras_of_self(line) or []

    def _baked(self, package: "Package | None") -> list[str]:
        if package is None:
            return []
        tools = package.build_requirements if self.wishes.install == EDITABLE else ()
        return [*package.requirements, *tools]

    def _inject_conda(
        self, path: str, wanted: list[str], interface: "Sequence[str]", baked: list[str]
    ) -> None:
        text = self._text(path)
        present = conda_text.read(text, path).names
        if present.intersection(interface):
            present = {*present, *interface}
        kept = conda_text.without_self(text, path)
        conda = [name for name in wanted if name not in present]
        pip_only = [name for name in conda if name == "jupyter-shiny-proxy"]
        conda = [name for name in conda if name not in pip_only]
        pip = requirement_lines.missing([*pip_only, *baked], present)
        self._replace(path, conda_text.add(kept, conda, pip, path))

    def _inject_pip(
        self,
        wanted: list[str],
        interface: "Sequence[str]",
        baked: list[str],
        package: "Package | None",
    ) -> None:
        path = self.build.folder + "requirements.txt"
        text = self._text(path) if path in self.build.files else ""
        present = self._pip_names(path)
        if present.intersection(interface):
            present = {*present, *interface}
        lines = [name for name in wanted if name not in present]
        needs = requirement_lines.missing(baked, {*present, *lines})
        if lines:
            lines.insert(0, "# For the launch link:")
        if needs and package is not None:
            lines += [f"# From {package.file}:", *needs]
        kept = requirement_lines.without_self(text)
        self._replace(path, requirement_lines.add(kept, lines) if lines else kept)

    def _pip_names(self, path: str) -> set[str]:
        """Return what a requirements.txt and the files that it names ask for."""
        todo, names, seen = [path], set[str](), {path}
        while todo:
            at = todo.pop()
            if at not in self.build.files:
                continue
            text = self._text(at)
            names |= requirement_lines.names(text)
            for name in requirement_lines.includes(text):
                inner = join(at.rpartition("/")[0], name)
                if inner not in seen:
                    seen.add(inner)
                    todo.append(inner)
        return names

    def _compose_script(self, package: "Package | None", requirements: list[str]) -> None:
        folder = self.wishes.folder if package is not None else ""
        if not folder and not requirements:
            return
        path = self.build.folder + "postBuild"
        user = ""
        if path in self.build.files:
            user = "postBuild-content"
            while self.build.folder + user in self.build.files:
                user += "_"
            self.build.files[self.build.folder + user] = self.build.files[path]
        text = package_scripts.post_build(
            folder=folder,
            roots=package.roots if package is not None else (),
            is_editable=self.wishes.install == EDITABLE,
            requirements=requirements,
            user_script=user,
        )
        self.build.files[path] = Built(SCRIPT, text.encode("utf-8"))

    def _locks(self) -> bool:
        """Return whether a lock says what is installed, so that no line can be added to it."""
        if self._has("Pipfile") or self._has("Pipfile.lock"):
            return True
        path = self.build.folder + "requirements.txt"
        return path in self.build.files and requirement_lines.has_hashes(self._text(path))

    def _locked_names(self) -> set[str]:
        path = self.build.folder + "requirements.txt"
        if path in self.build.files:
            return requirement_lines.names(self._text(path))
        file = self.build.folder + "Pipfile"
        if file not in self.build.files:
            return set()
        import tomllib

        try:
            table = tomllib.loads(self._text(file))
        except tomllib.TOMLDecodeError as error:
            raise BinderError("OCT-B113", f"cannot be read: {error}", Span(file)) from None
        return {requirement_lines.normal(name) for name in table.get("packages", {})}

    # The files

    def _has(self, name: str) -> bool:
        return self.build.folder + name in self.build.files

    def _conda_file(self) -> str:
        """Return the path of the description of a conda environment, "" if there is none."""
        for name in environment_files.CONDA_FILES:
            if self._has(name):
                return self.build.folder + name
        return ""

    def _text(self, path: str) -> str:
        return self.build.text(path) or ""

    def _write(self, path: str, text: str) -> None:
        self.build.files[path] = Built(FILE, text.encode("utf-8"))

    def _replace(self, path: str, text: str) -> None:
        """Write the new text of a file; one that did not change stays the object it is."""
        if path not in self.build.files or text != self._text(path):
            self._write(path, text)

    def _warn(self, code: str, path: str, message: str, line: int = 0, *, hint: str = "") -> None:
        self.build.notices.append(Notice(code, message, Span(path, line), hint=hint))


def _build_folder(snapshot: "Snapshot") -> str:
    """Return the folder of the build files.

    Raises: `BinderError` OCT-B110 when there are two.
    """
    if snapshot.is_folder("binder") and snapshot.is_folder(".binder"):
        raise BinderError(
            "OCT-B110", "the content has both binder/ and .binder/",
            hint="keep one: repo2docker builds from neither",
        )  # fmt: skip
    return environment_files.folder_of(snapshot.is_folder)
