"""What may stand in apt.txt, runtime.txt, start and Dockerfile: faults with their lines.

repo2docker itself accepts most of these faults; they show up in the image, or as commands
that nobody meant to run.
"""

import re

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Source: deb-control(5), "Package"; apt-get(8): NAME[:ARCHITECTURE][=VERSION] or NAME/RELEASE.
_PACKAGE = lazy(
    r"[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?(=[A-Za-z0-9.+:~-]+|/[A-Za-z0-9.-]+)?", re.ASCII
)
_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_RUNTIME = lazy(rf"python-\d+(\.\d+){{0,2}}|r-\d+\.\d+(\.\d+)?(-{_DATE})?|r-{_DATE}", re.ASCII)
_EXEC = lazy(r'^[^#\n]*\bexec\b[^#\n]*"\$(?:@|\{@\})"', re.MULTILINE)
_SHELL = lazy(r"#!\s*\S*/(?:env\s+(?:-S\s+)?)?(?:ba|da|k|z|a)?sh\b|(?!#!)")
_FROM = lazy(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE | re.MULTILINE)


def apt_packages(text: str) -> list[str]:
    """Return the packages that an apt.txt names, in its order."""
    return [name for _, name in _apt_names(text)]


def apt_faults(text: str) -> "Iterator[tuple[int, str]]":
    """Yield the line (1-based) and the fault of each line of an apt.txt that is no package."""
    for line, name in _apt_names(text):
        if not _PACKAGE.fullmatch(name):
            yield line, f"{name!r} is not the name of a Debian package"


def runtime_faults(text: str) -> "Iterator[tuple[int, str]]":
    """Yield what is wrong with a runtime.txt."""
    if not _RUNTIME.fullmatch(text.strip()):
        yield 1, f"{text.strip()!r} is not of the form python-3.12 or r-4.4-2026-01-31"


def start_faults(text: str) -> "Iterator[tuple[int, str]]":
    """Yield what is wrong with a start script; only those for a shell are understood."""
    if _SHELL.match(text) and not _EXEC.search(text):
        yield (
            max(1, text.rstrip("\n").count("\n") + 1),
            ('does not end in `exec "$@"`, so the server never starts'),
        )


def images(dockerfile: str) -> "Iterator[tuple[int, str]]":
    """Yield the images that a Dockerfile builds on, with their lines (1-based).

    Names that are put together from variables are passed over.
    """
    stages: set[str] = set()
    for match in _FROM.finditer(dockerfile):
        image, stage = match.groups()
        if image.lower() not in stages and image != "scratch" and "$" not in image:
            line = dockerfile.count("\n", 0, match.start(1)) + 1
            yield line, image
        if stage:
            stages.add(stage.lower())


def is_pinned(image: str) -> bool:
    """Return whether an image has a tag other than `latest`, or a digest.

    >>> is_pinned("registry:5000/base"), is_pinned("registry:5000/base:2026.11")
    (False, True)
    """
    if "@sha256:" in image:
        return True
    _, colon, tag = image.rsplit("/", 1)[-1].partition(":")
    return bool(colon) and bool(tag) and tag != "latest"


def _apt_names(text: str) -> "Iterator[tuple[int, str]]":
    for i, line in enumerate(text.split("\n"), 1):
        name = line.partition("#")[0].strip()
        if name:
            yield i, name
