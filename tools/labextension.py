"""Build the extension of JupyterLab: labextension/ -> src/octavo/jupyter/labextension/.

    python tools/labextension.py          build it where its sources are newer than it
    python tools/labextension.py --link   let the JupyterLab of this environment find it, too

Needs Node.js 20.19 or newer with npm, and nothing of Python: `make labextension` and the build of
the wheel both call it.  Users never need Node, since the wheel brings what is built here.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "labextension"
MODULES = SOURCE / "node_modules"
BUILT = ROOT / "src/octavo/jupyter/labextension"
NAME = "@octavo/labextension"
SHARED = f"share/jupyter/labextensions/{NAME}"
REGISTRY = ROOT / "src/octavo/jupyter/cell_states.json"
OLDEST_NODE = (20, 19)


def main() -> int:
    """Build, and tell what was done."""
    if not is_fresh():
        problem = missing()
        if problem:
            print(f"The extension of JupyterLab is not built: {problem}.", file=sys.stderr)
            return 1
        build()
    if "--link" in sys.argv[1:]:
        link(Path(sys.prefix))
    return 0


def is_built() -> bool:
    """Return whether there is something built, fresh or not."""
    return (BUILT / "package.json").is_file()


def is_fresh() -> bool:
    """Return whether what is built is not older than what it is made of."""
    if not is_built():
        return False
    built = (BUILT / "package.json").stat().st_mtime
    return all(path.stat().st_mtime <= built for path in sources())


def sources() -> Iterator[Path]:
    """Return the files that the extension is made of."""
    yield REGISTRY
    for folder, folders, names in os.walk(SOURCE):
        folders[:] = [name for name in folders if name not in ("node_modules", "lib")]
        yield from (Path(folder, name) for name in names if name != "registry.json")


def missing() -> str:
    """Return what this machine lacks for a build, "" when it has all."""
    if not SOURCE.is_dir():
        return "its sources are not here"
    for program in ("node", "npm"):
        if not shutil.which(program):
            return f"{program} was not found"
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(number) for number in re.findall(r"\d+", told))
    if version < OLDEST_NODE:
        return f"Node.js {told.strip()} is older than 20.19"
    return ""


def build() -> None:
    """Compile and bundle the sources; get the packages first where they changed."""
    installed, locked = MODULES / ".package-lock.json", SOURCE / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < locked.stat().st_mtime:
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    shutil.rmtree(SOURCE / "lib", ignore_errors=True)
    npm("run", "compile", "--silent")
    npm("run", "bundle", "--silent")


def npm(*words: str) -> None:
    """Run npm; what it prints is shown where it fails."""
    program = shutil.which("npm") or "npm"
    ran = subprocess.run(
        [program, *words], cwd=SOURCE, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if ran.returncode:
        print(ran.stdout, file=sys.stderr)
        raise SystemExit(f"npm {' '.join(words)} failed")


def link(environment: Path) -> None:
    """Let the JupyterLab of an environment find what is built."""
    place = environment / SHARED
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink():
        place.unlink()
    elif place.is_dir():
        shutil.rmtree(place)
    place.symlink_to(BUILT)


if __name__ == "__main__":
    sys.exit(main())
