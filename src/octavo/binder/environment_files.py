"""The files that repo2docker builds an image from, and how much a change of each costs.

Source: repo2docker 2026.4 (`repo2docker/buildpacks`), described in docs/binder-branch.md.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

#: How much of an image is built again, from nothing to everything.
NONE, CACHED, PACKAGES, EVERYTHING = "none", "cached", "environment", "everything"
LEVELS = (NONE, CACHED, PACKAGES, EVERYTHING)

#: The folders that hold build files, in the order in which they are looked for ("" = the root).
FOLDERS = ("binder/", ".binder/", "")

CONDA_FILES = ("environment.yml", "environment.yaml")

#: File -> what is built again when it changes.
COSTS = {
    "Dockerfile": EVERYTHING,
    "runtime.txt": EVERYTHING,
    "default.nix": PACKAGES,
    "apt.txt": PACKAGES,
    "environment.yml": PACKAGES,
    "environment.yaml": PACKAGES,
    "requirements.txt": PACKAGES,
    "requirements3.txt": PACKAGES,
    "Pipfile": PACKAGES,
    "Pipfile.lock": PACKAGES,
    "install.R": PACKAGES,
    "DESCRIPTION": PACKAGES,
    "Project.toml": PACKAGES,
    "JuliaProject.toml": PACKAGES,
    "Manifest.toml": PACKAGES,
    "JuliaManifest.toml": PACKAGES,
    "REQUIRE": PACKAGES,
    "conda-lock.yml": CACHED,  # repo2docker does not read it, a postBuild may
    "postBuild": CACHED,
    "start": CACHED,
}

#: What lies in the root and is taken over as it is; packages (DESCRIPTION) are looked into.
ROOT_FILES = (*(name for name in COSTS if name != "DESCRIPTION"), ".dockerignore")

#: Files that are installed only after the whole branch was copied: nothing of it is cached.
_LATE = (
    "Project.toml", "JuliaProject.toml", "REQUIRE", "default.nix", "DESCRIPTION",
)  # fmt: skip


def folder_of(has: "Callable[[str], bool]") -> str:
    """Return the folder that repo2docker builds from: "binder/", ".binder/" or "" (the root)."""
    return next(folder for folder in FOLDERS if not folder or has(folder))


def cost_of(path: str, folder: str, *, is_late: bool) -> str:
    """Return what is built again when the file at *path* of the build ref changes.

    *folder* is where its build files are.  *is_late* tells that packages are installed after
    the whole ref was copied into the image, so that any change installs them again.
    """
    name = path.removeprefix(folder) if path.startswith(folder) else ""
    cost = COSTS.get(name, CACHED)
    return PACKAGES if is_late and cost == CACHED else cost


def installs_late(names: "Container[str]", *, is_package: bool, has_local_references: bool) -> bool:
    """Return whether packages are installed only after the whole ref was copied.

    *names* are those of the build folder, *is_package* tells whether repo2docker installs the
    root itself.
    """
    return is_package or has_local_references or any(name in names for name in _LATE)


def worst(costs: "list[str]") -> str:
    """Return the highest of some costs."""
    return max(costs, key=LEVELS.index, default=NONE)
