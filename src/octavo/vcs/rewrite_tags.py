"""Annotated tags: made anew for the new commits, without the signatures that no longer hold."""

import os

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from octavo.vcs.git import Git, Objects

_SIGNATURE = lazy(r"(?m)^-----BEGIN (?:PGP|SSH|SIGNED) (?:SIGNATURE|MESSAGE)-----")
_KEPT = frozenset((b"tree", b"parent", b"author", b"committer", b"encoding"))
_SIGNATURES = frozenset((b"gpgsig", b"gpgsig-sha256", b"mergetag"))
_HEADER = lazy(r"\ngpgsig[^\n]*(?:\n [^\n]*)*")


class Tags:
    """Makes tags; tags of tags are followed.  *commits* maps old commits to new ones."""

    def __init__(self, git: "Git", objects: "Objects", commits: "Mapping[str, str]") -> None:
        self._git = git
        self._objects = objects
        self._commits = commits
        self._made: dict[str, str] = {}

    def new(self, oid: str) -> str:
        """Return what a tag, or the commit of a lightweight one, becomes."""
        if oid not in self._made:
            self._made[oid] = self._commits.get(oid) or self._tag(oid)
        return self._made[oid]

    def _tag(self, oid: str) -> str:
        found = self._objects.read(oid)
        if found is None or found[0] != "tag":
            return oid
        first, _, rest = found[1].partition(b"\n")
        old = first.removeprefix(b"object ").decode("ascii")
        new = self.new(old)
        if new == old:
            return oid
        data = b"object " + new.encode("ascii") + b"\n" + _unsigned(rest)
        out = self._git.run("hash-object", "-t", "tag", "-w", "--stdin", "--literally", given=data)
        return out.decode("ascii").strip()


def losses(
    git: "Git",
    objects: "Objects",
    refs: "Iterable[str]",
    tips: "Iterable[str]",
    same: "Collection[str]",
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the commits and tags that lose a signature, and commits with a header that is lost.

    Those that stay the *same* lose nothing.  git writes no commit with headers of others.
    """
    found = []
    headers = []
    for oid in git.run("rev-list", *refs).decode("ascii").split():
        if oid in same:
            continue
        entry = objects.read(oid)
        head = b"" if entry is None else entry[1].partition(b"\n\n")[0]
        names = {line.partition(b" ")[0] for line in head.split(b"\n") if line[:1].strip()}
        if names & _SIGNATURES:
            found.append(f"commit {oid}")
        others = sorted(names - _SIGNATURES - _KEPT)
        headers += [(f"commit {oid}", os.fsdecode(name)) for name in others]
    for tip in tips:
        found += _unsigned_tags(objects, tip, same)
    return list(dict.fromkeys(found)), headers


def _unsigned_tags(objects: "Objects", oid: str, same: "Collection[str]") -> list[str]:
    """Return the signed ones of a tag and the tags below it."""
    found: list[str] = []
    while oid not in same:
        entry = objects.read(oid)
        if entry is None or entry[0] != "tag":
            return found
        head = entry[1].partition(b"\n\n")[0]
        if _unsigned(entry[1]) != entry[1]:
            name = head.partition(b"\ntag ")[2].partition(b"\n")[0]
            found.append(f"tag {os.fsdecode(name)}")
        oid = head.partition(b"\n")[0].removeprefix(b"object ").decode("ascii")
    return []


def _unsigned(data: bytes) -> bytes:
    """Return a tag without its signature."""
    text = os.fsdecode(data)
    head, gap, body = text.partition("\n\n")
    signature = _SIGNATURE.search(body)
    if signature is not None:
        body = body[: signature.start()]
    return os.fsencode(_HEADER.sub("", head) + gap + body)
