"""Rules for the files that describe an environment: binder/, .binder/ or the top folder."""

from octavo.binder.lint import Finding
from octavo.core.errors import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: The folders that repo2docker looks into: the first that exists.
FOLDERS = ("binder", ".binder", "")
NAMES = ("start", "apt.txt", "runtime.txt", "Dockerfile")


class Source:
    """A file of an environment: its text, and whether it may be executed."""

    __slots__ = ("is_executable", "text")

    def __init__(self, text: str, *, is_executable: bool = False) -> None:
        self.text = text
        self.is_executable = is_executable


def findings(
    sources: "Mapping[str, Source]", folders: "tuple[str, ...]" = ()
) -> "Iterator[Finding]":
    """Yield what is wrong with the files of an environment.

    *sources* are the files by their path; *folders* those of `FOLDERS` that exist.
    """
    if "binder" in folders and ".binder" in folders:
        yield Finding("L13", "repo2docker takes binder/ or .binder/, not both", Span(".binder"))
    for path, source in sources.items():
        judge = _JUDGES.get(path.replace("\\", "/").rpartition("/")[2])
        if judge is not None:
            yield from (finding.at(_in(path, finding.span)) for finding in judge(source))


def checkpoints(paths: "Iterator[str] | list[str]") -> "Iterator[Finding]":
    """Yield a finding for each folder of automatic copies among the files that git tracks."""
    seen = set()
    for path in paths:
        parts = path.split("/")
        if ".ipynb_checkpoints" in parts:
            folder = "/".join(parts[: parts.index(".ipynb_checkpoints") + 1])
            if folder not in seen:
                seen.add(folder)
                message = "automatic copies are committed: git rm -r --cached, and ignore them"
                yield Finding("L19", message, Span(folder))


def repaired(path: str, text: str) -> str:
    """Return the text of a file of an environment without what has one right answer."""
    if path.replace("\\", "/").rpartition("/")[2] != "start":
        return text
    text = text.replace("\r\n", "\n")
    if list(_exec_faults(text)):
        return text.rstrip("\n") + '\n\nexec "$@"\n'
    return text


def _in(path: str, span: Span) -> Span:
    return Span(path, span.line, span.column)


def _start(source: Source) -> "Iterator[Finding]":
    if "\r\n" in source.text:
        line = source.text.count("\n", 0, source.text.index("\r\n")) + 1
        yield Finding("L14", "Windows line ends: the shell is not found", Span("", line),
                      fixable=True)  # fmt: skip
    for line, message in _exec_faults(source.text.replace("\r\n", "\n")):
        yield Finding("L14", message, Span("", line), fixable=True)
    if not source.is_executable:
        yield Finding("L14", "is not executable: `git update-index --chmod=+x`", Span("", 1))


def _exec_faults(text: str) -> "Iterator[tuple[int, str]]":
    from octavo.binder.file_rules import start_faults

    return start_faults(text)


def _apt(source: Source) -> "Iterator[Finding]":
    from octavo.binder.file_rules import apt_faults

    for line, message in apt_faults(source.text):
        yield Finding("L15", message, Span("", line))


def _runtime(source: Source) -> "Iterator[Finding]":
    from octavo.binder.file_rules import runtime_faults

    for line, message in runtime_faults(source.text):
        yield Finding("L16", message, Span("", line))


def _dockerfile(source: Source) -> "Iterator[Finding]":
    from octavo.binder.file_rules import images, is_pinned

    for line, image in images(source.text):
        if not is_pinned(image):
            yield Finding("L17", f"{image} is not pinned: name a tag or digest", Span("", line))


_JUDGES: "dict[str, Callable[[Source], Iterator[Finding]]]" = {
    "start": _start,
    "apt.txt": _apt,
    "runtime.txt": _runtime,
    "Dockerfile": _dockerfile,
}
