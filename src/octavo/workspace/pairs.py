"""The members of a pair: `ipynb,py:percent`, `notebooks///ipynb,scripts///py`, `a/pre_/.x.md`.

The short form of one member is `[root//][folder/][prefix]/[suffix].ext[:name]`.  From the path
of one member and the list of all, `of_path` tells the paths of all.
"""

import os

from octavo.core.errors import FileError, OptionError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.core.document import Metadata
    from octavo.formats._names import Target


class Member:
    """The short form of one member, taken apart ("" = not said).

    `root` is a folder whose tree is mirrored, `folder` one at the end of the path, `prefix` and
    `suffix` stand before and after the name that all members share.
    """

    __slots__ = ("folder", "prefix", "root", "suffix", "target")

    def __init__(self, root: str, folder: str, prefix: str, suffix: str, target: "Target") -> None:
        self.root = root
        self.folder = folder
        self.prefix = prefix
        self.suffix = suffix
        self.target = target

    @property
    def ending(self) -> str:
        """What the file's name ends with."""
        return self.suffix + self.target.suffix


class Pair:
    """The files of one document: absolute paths, and the format of each.

    `root` is the folder of the project, in which all of them lie; `formats` the list of short
    forms ("" when only the recorded state tells the members).  `is_fresh`: nothing changed
    since the last sync, as far as the status of the files tells.
    """

    __slots__ = ("_names", "formats", "is_fresh", "paths", "root", "targets")

    def __init__(
        self, root: str, formats: str, paths: "Sequence[str]", targets: "Sequence[Target]"
    ) -> None:
        self.root = root
        self.formats = formats
        self.paths = tuple(paths)
        self.targets = tuple(targets)
        self.is_fresh = False
        self._names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The paths relative to the root, with slashes."""
        if not self._names:
            names = [os.path.relpath(path, self.root) for path in self.paths]
            self._names = tuple(name.replace(os.sep, "/") for name in names)
        return self._names

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Pair({', '.join(self.names)})"


def parse(short: str) -> Member:
    """Return the member that a short form stands for.

    Raises: `OptionError` OCT-O010, OCT-O011 for an unknown format, OCT-O032 for a wrong place.

    >>> member = parse("nb///scripts/pre_/.x.py:percent")
    >>> member.root, member.folder, member.prefix, member.ending, member.target.name
    ('nb', 'scripts', 'pre_', '.x.py', 'percent')
    """
    from octavo.formats import _names

    if short.strip().startswith("/") and short.strip("/ ") and "/" in short.strip("/ "):
        raise OptionError(
            "OCT-O032", f"{short!r} is an absolute folder", hint="folders are relative to the "
            "document (scripts//py) or roots in the project (scripts///py)",
        )  # fmt: skip
    place, _, last = short.strip().rpartition("/")
    root = ""
    if place.endswith("//"):
        root, place = place[:-2], ""
    elif "//" in place:
        root, _, place = place.rpartition("//")
    folder, _, prefix = place.lstrip("/").rpartition("/")
    if prefix in (".", ".."):
        raise OptionError(
            "OCT-O032", f"{short!r}: {prefix!r} would be the beginning of a file's name",
            hint=f"a folder has two slashes: {prefix}//{last}",
        )  # fmt: skip
    file, colon, name = last.partition(":")
    stem, _, ext = file.rpartition(".")
    target = _names.parse(ext + colon + name)
    if not target.suffix:
        raise OptionError(
            "OCT-O010", f"{short!r} names no suffix", hint="write it as py:percent, md or ipynb"
        )
    return Member(root.strip("/"), folder.strip("/"), prefix, stem, target)


def parse_list(formats: str) -> list[Member]:
    """Return the members of a list such as `ipynb,py:percent`.

    Raises: `OptionError` OCT-O010, OCT-O011, and OCT-O030 for roots on some members only.
    """
    members = [parse(short) for short in formats.split(",") if short.strip()]
    if len({bool(member.root) for member in members}) > 1:
        raise OptionError(
            "OCT-O030", f"{formats!r}: some members have a root folder, others none",
            hint="write all as root///ext, or none",
        )  # fmt: skip
    return members


def of_path(path: str, formats: str, root: str, metadata: "Metadata | None" = None) -> Pair:
    """Return the pair of which *path* is a member.

    *root* is the folder that no member may leave; *metadata* tells the suffix of `auto`.

    Raises: `OptionError` for a list that cannot be understood; `FileError` OCT-W020 (the list
    does not contain the file), OCT-W021 (a member outside the root), OCT-W022 (two members
    with one path).
    """
    path, root = os.path.abspath(path), os.path.abspath(root)
    members = [_with_suffix(member, metadata or {}) for member in parse_list(formats)]
    found = [(member, _places(path, member, root)) for member in members]
    found = [(member, places) for member, places in found if places]
    if not found:
        raise FileError(
            "OCT-W020", f"its formats {formats!r} do not contain it", Span(path),
            hint="correct jupytext.formats, or pair it again with `octavo pair`",
        )  # fmt: skip
    _, places = max(found, key=lambda entry: len(entry[0].prefix + entry[0].ending))
    place = _the_place(places, members, path)
    paths = [_path_at(place, member) for member in members]
    _check(paths, path, root)
    return Pair(root, formats, paths, [member.target for member in members])


def further_path(pair: Pair, short: str, taken: "Sequence[str]") -> str:
    """Return the path of one more file of a pair's document, in the form *short*.

    A root folder mirrors the tree of the project, or replaces the root folder of the members.

    Raises: as `of_path`; *taken* are paths that it cannot have.
    """
    member = parse(short)
    own, path = _own_members(pair)[0], pair.paths[0]
    places = _places(path, own, pair.root) or [_Place(os.path.dirname(path), "", "")]
    place = places[0]
    if not place.stem:
        place.stem = os.path.basename(path).removesuffix(own.target.suffix)
    if member.root and not own.root:
        below = os.path.relpath(place.left, pair.root)
        place = _Place(pair.root, "" if below == "." else below, place.stem)
    elif own.root and not member.root:
        place = _Place(os.path.join(place.left, own.root, place.below), "", place.stem)
    found = _path_at(place, member)
    _check([*taken, found], path, pair.root)
    return found


def is_apart(short: str) -> bool:
    """Return whether a form tells by itself which files have it: by folder, prefix or suffix."""
    member = parse(short)
    return bool(member.root or member.folder or member.prefix or member.suffix)


def originals(path: str, short: str, root: str, groups: "Sequence[str]") -> list[str]:
    """Return the paths that the document of a file in the form *short* may have.

    *groups* are the formats of pairs that may be meant; any plain notebook or text may be too.
    """
    from octavo.formats import _index, _names

    forms = [member for group in groups for member in parse_list(group)]
    forms += [Member("", "", "", "", _names.Target(suffix, "")) for suffix in _index.SUFFIXES]
    further = parse(short)
    found: dict[str, None] = {}
    for place in _places(os.path.abspath(path), further, root):
        for form in forms:
            if form.target.suffix == _names.AUTO:
                continue
            if further.root and not form.root:
                at = _Place(os.path.join(root, place.below), "", place.stem)
            else:
                at = place
            found[_path_at(at, form)] = None
    found.pop(os.path.abspath(path), None)
    return list(found)


def _own_members(pair: Pair) -> list[Member]:
    """Return the forms of the members, with the suffixes that `auto` has become."""
    members = parse_list(pair.formats) if pair.formats else []
    if len(members) != len(pair.targets):
        return [Member("", "", "", "", target) for target in pair.targets]
    return [
        Member(member.root, member.folder, member.prefix, member.suffix, target)
        for member, target in zip(members, pair.targets, strict=True)
    ]


class _Place:
    """Where a document lies without what is the member's own: left/[root]/below/stem."""

    __slots__ = ("below", "left", "stem")

    def __init__(self, left: str, below: str, stem: str) -> None:
        self.left = left
        self.below = below
        self.stem = stem


def _with_suffix(member: Member, metadata: "Metadata") -> Member:
    from octavo.formats import _names

    if member.target.suffix != _names.AUTO:
        return member
    target = _names.resolve_auto(member.target, metadata)
    return Member(member.root, member.folder, member.prefix, member.suffix, target)


def _places(path: str, member: Member, root: str) -> list[_Place]:
    """Return where the document may lie if *path* is that member; several after a `..`."""
    folder, name = os.path.split(path)
    if not (name.startswith(member.prefix) and name.endswith(member.ending)):
        return []
    stem = name[len(member.prefix) : len(name) - len(member.ending)]
    if not stem:
        return []
    folders = _folders_above(folder, member.folder)
    if not member.root:
        return [_Place(above, "", stem) for above in folders]
    return [place for above in folders for place in _below_root(above, member.root, root, stem)]


def _folders_above(folder: str, wanted: str) -> list[str]:
    """Return the folders F for which F/wanted is *folder*."""
    names = [name for name in wanted.split("/") if name]
    ups = len([name for name in names if name == ".."])
    for name in reversed(names[ups:]):
        folder, last = os.path.split(folder)
        if last != name:
            return []
    if not ups:
        return [folder]
    folders = [folder]
    for _ in range(ups):
        folders = [os.path.join(above, name) for above in folders for name in _folders_in(above)]
    return folders


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        return []


def _below_root(folder: str, wanted: str, root: str, stem: str) -> list[_Place]:
    """Return the place below the top-most folder *wanted* between *root* and *folder*."""
    relative = os.path.relpath(folder, root)
    names = [] if relative == "." else relative.split(os.sep)
    parts = wanted.split("/")
    for i in range(len(names) - len(parts) + 1):
        if names[i : i + len(parts)] == parts:
            left = os.path.join(root, *names[:i])
            below = os.path.join("", *names[i + len(parts) :])
            return [_Place(left, below, stem)]
    return []


def _the_place(places: list[_Place], members: list[Member], path: str) -> _Place:
    """Return the only place, or the only one of several at which another member exists."""
    if len(places) == 1:
        return places[0]
    found = [
        place
        for place in places
        if any(
            os.path.isfile(other) and other != path
            for other in (_path_at(place, member) for member in members)
        )
    ]
    if len(found) == 1:
        return found[0]
    raise FileError(
        "OCT-W020", "the folder of the other member cannot be told from here", Span(path),
        hint="sync from that member, or name its folder too (nb//ipynb,py//py)",
    )  # fmt: skip


def _path_at(place: _Place, member: Member) -> str:
    name = member.prefix + place.stem + member.ending
    folder = os.path.join(place.left, *filter(None, member.root.split("/")), place.below)
    return os.path.normpath(os.path.join(folder, *filter(None, member.folder.split("/")), name))


def _check(paths: list[str], path: str, root: str) -> None:
    """Check that all members lie in the root, and that no two are one file."""
    real_root = os.path.realpath(root)
    for one in paths:
        real = os.path.realpath(one if os.path.islink(one) else os.path.dirname(one))
        if not (_is_in(one, root) and _is_in(real, real_root)):
            outside = os.path.relpath(real if _is_in(one, root) else one, root)
            raise FileError(
                "OCT-W021", f"a member of its pair would leave the project: {outside}", Span(path),
                hint="put octavo.toml into the folder that holds both, or change its formats",
            )  # fmt: skip
    if len({os.path.normcase(one) for one in paths}) < len(paths):
        raise FileError(
            "OCT-W022", "two members of its pair would be the same file", Span(path),
            hint="give one of them a suffix or a folder of its own",
        )  # fmt: skip


def _is_in(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
