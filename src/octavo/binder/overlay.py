"""Apply the build files of a folder to an image, and start its server.

`octavo binder base` copies this file into a base image; it needs Python 3.9 and nothing else.

    overlay.py build FOLDER     install what the build files in FOLDER ask for
    overlay.py plan FOLDER      print the commands of `build`, one JSON list a line
    overlay.py start COMMAND    run the start scripts of all images, then COMMAND

Every command is a list of words, given to the program itself: no shell reads a word that
comes from a file.  The same plan is what `octavo binder base --simulate` prints.
"""

import os
import re
import subprocess
import sys

ROOT, USER = "root", "user"
HOME = "/opt/octavo"
_PACKAGE = re.compile(
    r"[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?(=[A-Za-z0-9.+:~-]+|/[A-Za-z0-9.-]+)?", re.ASCII
)
_EXEC = re.compile(r'^[^#\n]*\bexec\b[^#\n]*"\$(?:@|\{@\})"', re.MULTILINE)
_SHELL = re.compile(r"#!\s*\S*/(?:env\s+(?:-S\s+)?)?(?:ba|da|k|z|a)?sh\b|(?!#!)")
_FOLDERS = ("binder", ".binder", "")


class BuildError(Exception):
    """A build file that no image can be built from: its path, line and what is wrong."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")
        self.path = path
        self.line = line
        self.message = message


class Step:
    """A command: who runs it, and its words."""

    def __init__(self, user: str, *words: str) -> None:
        self.user = user
        self.words = list(words)


def plan(
    folder: str, layer: int = 0, prefix: str = "${NB_PYTHON_PREFIX}", at: str = ""
) -> "list[Step]":
    """Return the commands that apply the build files of *folder*, in their order.

    *layer* counts the images below: 0 is the base, 1 the first that is built on it.  *prefix*
    is the folder of the Python environment, *at* where *folder* will be in the image.
    """
    place = build_folder(folder)
    names = set(os.listdir(place))
    shown = (at or folder) + place[len(folder) :]
    steps = _apt_steps(place, names)
    steps += _python_steps(shown, names, prefix)
    if "install.R" in names:
        steps.append(Step(USER, "Rscript", "--vanilla", f"{shown}/install.R"))
    if "postBuild" in names:
        _check_script(os.path.join(place, "postBuild"))
        path = f"{shown}/postBuild"
        steps += [Step(ROOT, "chmod", "755", "--", path), Step(USER, path)]
    if "start" in names:
        _check_start(os.path.join(place, "start"))
        kept = f"{HOME}/start.d/{layer:02}"
        steps.append(Step(ROOT, "install", "-D", "--mode=755", "--", f"{shown}/start", kept))
    return steps


def build_folder(folder: str) -> str:
    """Return where the build files are: `binder/`, `.binder/` or the folder itself."""
    found = [name for name in _FOLDERS if os.path.isdir(os.path.join(folder, name))]
    if found[:2] == ["binder", ".binder"]:
        raise BuildError(folder, 0, "has both binder/ and .binder/")
    return os.path.join(folder, found[0]) if found and found[0] else folder


def apt_packages(path: str) -> "list[str]":
    """Return the packages of an apt.txt, each of which is one."""
    packages = []
    for i, line in enumerate(_text(path).split("\n"), 1):
        name = line.partition("#")[0].strip()
        if name and not _PACKAGE.fullmatch(name):
            raise BuildError(path, i, f"{name!r} is not the name of a Debian package")
        if name:
            packages.append(name)
    return packages


def _apt_steps(place: str, names: "set[str]") -> "list[Step]":
    packages = apt_packages(os.path.join(place, "apt.txt")) if "apt.txt" in names else []
    if not packages:
        return []
    install = ("apt-get", "-qq", "install", "--yes", "--no-install-recommends", "--")
    return [
        Step(ROOT, "apt-get", "-qq", "update"),
        Step(ROOT, *install, *packages),
        Step(ROOT, "apt-get", "-qq", "clean"),
        Step(ROOT, "rm", "-rf", "--", "/var/lib/apt/lists"),
    ]


def _python_steps(shown: str, names: "set[str]", prefix: str) -> "list[Step]":
    """Return what installs packages: a conda file, else requirements."""
    if "conda-lock.yml" in names:
        lock = f"{shown}/conda-lock.yml"
        return [Step(USER, "conda-lock", "install", "--prefix", prefix, lock)]
    for name in ("environment.yml", "environment.yaml"):
        if name in names:
            update = ("conda", "env", "update", "--prefix", prefix, "--file")
            return [Step(USER, *update, f"{shown}/{name}")]
    if "requirements.txt" in names:
        pip = ("python3", "-m", "pip", "install", "--no-cache-dir", "--requirement")
        return [Step(USER, *pip, f"{shown}/requirements.txt")]
    return []


def _check_script(path: str) -> str:
    text = _text(path)
    first = text.partition("\n")[0]
    if first.startswith("#!") and first.endswith("\r"):
        raise BuildError(path, 1, "has the newlines of Windows, which no script can have")
    return text


def _check_start(path: str) -> None:
    text = _check_script(path)
    if _SHELL.match(text) and not _EXEC.search(text):
        raise BuildError(path, 0, 'does not end in `exec "$@"`, so the server never starts')


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as fp:
            return fp.read()
    except UnicodeDecodeError:
        raise BuildError(path, 0, "is not UTF-8") from None
    except OSError as error:
        raise BuildError(path, 0, str(error.strerror)) from None


def start_words(scripts: "list[str]", command: "list[str]") -> "list[str]":
    """Return the command that starts a server: each script runs what follows it."""
    return [*scripts, *command]


def _build(folder: str) -> None:
    """Run the plan: as root what needs it, the rest as the user of the image."""
    layers = f"{HOME}/layers"
    os.makedirs(layers, exist_ok=True)
    layer = len(os.listdir(layers))
    number = int(os.environ.get("NB_UID", "1000"))
    prefix = os.environ.get("NB_PYTHON_PREFIX") or os.environ.get("CONDA_DIR") or sys.prefix
    group, home = _account(number)
    _give(folder, number)
    for step in plan(folder, layer, prefix):
        print("+", *step.words, flush=True)  # noqa: T201  the log of the build
        if step.user == ROOT:
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(step.words, check=True, cwd=folder, env=quiet)  # noqa: S603  a list
        else:
            # The user's own group and no others: those of root would stay otherwise.
            subprocess.run(  # noqa: S603  a list, no shell
                step.words, check=True, cwd=folder, env={**os.environ, "HOME": home},
                user=number, group=group, extra_groups=[],
            )  # fmt: skip
    with open(f"{layers}/{layer:02}", "w", encoding="utf-8") as fp:
        fp.write(folder + "\n")


def _give(folder: str, number: int) -> None:
    """Make a user the owner of all files, so that scripts can write beside themselves."""
    os.lchown(folder, number, -1)
    for parent, folders, names in os.walk(folder):
        for name in (*folders, *names):
            os.lchown(os.path.join(parent, name), number, -1)


def _account(number: int) -> "tuple[int, str]":
    """Return the group and the home folder of a user."""
    import pwd

    try:
        account = pwd.getpwuid(number)
    except KeyError:
        return number, os.environ.get("HOME", "/")
    return account.pw_gid, account.pw_dir


def _start(command: "list[str]") -> None:
    folder = f"{HOME}/start.d"
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    words = start_words([os.path.join(folder, name) for name in names], command)
    os.execvp(words[0], words)  # noqa: S606  a list, no shell


def main(arguments: "list[str]") -> int:
    """Do what the arguments say."""
    action, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        if action == "start" and rest:
            _start(rest)
        elif action == "build" and len(rest) == 1:
            _build(rest[0])
        elif action == "plan" and len(rest) == 1:
            import json

            for step in plan(rest[0]):
                print(json.dumps([step.user, *step.words]))  # noqa: T201  what was asked for
        else:
            print(__doc__, file=sys.stderr)  # noqa: T201  the usage
            return 2
    except BuildError as fault:
        print(f"overlay: {fault}", file=sys.stderr)  # noqa: T201  where a build log looks
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
