"""Base images on which others build: `FROM course-onbuild:2026.11` is all that they need.

What is written are files for `docker build`; nothing is built here.  No content of a file gets
into a Dockerfile, and its commands are lists of words: there is no shell to misread one.
"""

import os

from octavo.binder import file_rules, overlay
from octavo.binder.errors import BinderError
from octavo.core.errors import FileError, Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = "octavo-overlay.py"
BASE, CHILD = "base", "child"
_SUFFIX = "-onbuild"
# Source: distribution/reference, "Grammar"; the length of a tag is 128 at most.
_IMAGE = lazy(
    r"(?P<name>(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?/)?"
    r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?P<digest>@sha256:[0-9a-f]{64})?"
)

_PARENT = """\
# A base image, made by `octavo binder base`. Build it in this folder:
#   docker build --tag {name} .
FROM {start}

USER root
ENV NB_UID=1000
COPY octavo-overlay.py /opt/octavo/overlay.py
COPY base/ /opt/octavo/base/
RUN ["python3", "/opt/octavo/overlay.py", "build", "/opt/octavo/base"]
USER 1000
ENTRYPOINT ["python3", "/opt/octavo/overlay.py", "start"]
CMD ["jupyter", "lab", "--ip", "0.0.0.0"]

# What happens in each image that is built on this one.
ONBUILD USER root
ONBUILD COPY . /opt/octavo/child/
ONBUILD RUN ["python3", "/opt/octavo/overlay.py", "build", "/opt/octavo/child"]
ONBUILD USER 1000
"""
_ENVIRONMENT = """\
# What all courses share. Each course adds its own in its `binder/` folder.
dependencies:
  - nbgitpuller
  - jupyterlab
"""


class Row:
    """A line of the plan: the image it is done for, who does it, and the words."""

    __slots__ = ("image", "user", "words")

    def __init__(self, image: str, user: str, *words: str) -> None:
        self.image = image
        self.user = user
        self.words = words


def onbuild_name(name: str) -> str:
    """Return the full name of the image that others build on.

    Raises: `BinderError` OCT-B140 without a tag that stays, OCT-B141 for no name of an image.

    >>> onbuild_name("quay.io/school/course:2026.11")
    'quay.io/school/course-onbuild:2026.11'
    """
    check_image(name)
    if "@" in name:
        raise BinderError("OCT-B141", f"{name!r}: an image to build has no digest yet")
    path, _, tag = name.rpartition(":")
    return f"{path.removesuffix(_SUFFIX)}{_SUFFIX}:{tag}"


def check_image(name: str) -> None:
    """Raise an error unless *name* is that of an image that stays the same.

    Raises: `BinderError` OCT-B140 without a tag that stays, OCT-B141 for no name of an image.
    """
    if not _IMAGE.fullmatch(name):
        raise BinderError(
            "OCT-B141", f"{name!r} is not the name of an image",
            hint="such as quay.io/school/course:2026.11",
        )  # fmt: skip
    if not file_rules.is_pinned(name):
        raise BinderError(
            "OCT-B140", f"{name} has no tag that stays", hint="add one, such as :2026.11"
        )


def files(name: str, start: str) -> dict[str, bytes]:
    """Return the files of a base image by path.

    *name* is the one that it gets, with or without `-onbuild`; *start* the image it builds on.

    Raises: as `check_image`.
    """
    full = onbuild_name(name)
    check_image(start)
    return {
        "Dockerfile": _PARENT.format(name=full, start=start).encode("ascii"),
        SCRIPT: _script(),
        f"{BASE}/environment.yml": _ENVIRONMENT.encode("ascii"),
        f"{CHILD}/Dockerfile": child_dockerfile(name).encode("ascii"),
    }


def child_dockerfile(name: str) -> str:
    """Return the whole Dockerfile of an image that builds on *name*."""
    return f"FROM {onbuild_name(name)}\n"


def simulate(name: str, start: str, base: str, child: str) -> "Iterator[Row]":
    """Yield what is done for the base image and for a child, in order, without Docker.

    *base* and *child* are folders with build files; the plan is the one that the script in
    the image makes.

    Raises: `BinderError` OCT-B143 for build files that stop the build; `FileError` OCT-W001.
    """
    full = onbuild_name(name)
    check_image(start)
    layers = ((BASE, start, base, "COPY base/"), (CHILD, full, child, "COPY ."))
    for layer, (image, source, folder, copy) in enumerate(layers):
        place = f"{overlay.HOME}/{image}"
        yield Row(image, "docker", "FROM", source)
        yield Row(image, "docker", *copy.split(" "), place + "/")
        for step in _plan(folder, layer, place):
            yield Row(image, step.user, *step.words)
    scripts = [f"{overlay.HOME}/start.d/{i:02}" for i, (_, _, folder, _) in enumerate(layers)
               if _has_start(folder)]  # fmt: skip
    yield Row(CHILD, "start", *overlay.start_words(scripts, ["jupyter", "lab"]))


def lacks_puller(folder: str) -> bool:
    """Return whether the build files of a base do not name nbgitpuller.

    What postBuild or the image below install is not known: a text that names it is enough.
    """
    from octavo.workspace.files import read_bytes

    names = ("environment.yml", "environment.yaml", "requirements.txt", "conda-lock.yml",
             "postBuild")  # fmt: skip
    try:
        place = overlay.build_folder(folder)
    except overlay.BuildError:
        return False  # two folders: the simulation and the build tell
    paths = (os.path.join(place, name) for name in names)
    return not any(b"nbgitpuller" in read_bytes(path) for path in paths if os.path.isfile(path))


def _plan(folder: str, layer: int, place: str) -> "list[overlay.Step]":
    if not os.path.isdir(folder):
        raise FileError("OCT-W001", "no such folder", Span(folder), hint="check the spelling")
    try:
        return overlay.plan(folder, layer, at=place)
    except overlay.BuildError as error:
        raise BinderError("OCT-B143", error.message, Span(error.path, error.line)) from None
    except OSError as error:
        raise FileError("OCT-W003", f"cannot be read: {error.strerror}", Span(folder)) from None


def _has_start(folder: str) -> bool:
    return os.path.isfile(os.path.join(overlay.build_folder(folder), "start"))


def _script() -> bytes:
    from importlib.resources import files as resources

    return resources("octavo.binder").joinpath("overlay.py").read_bytes()
