"""What is to be made: one unit for each document, edition and set of parameters."""

import os

from octavo.core.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from octavo.core.document import Json
    from octavo.workspace.config_editions import Edition, Editions, Write

SITE, BOOK = "site", "epub"
#: Formats that join all documents of an edition.
JOINED = (SITE, BOOK)
BESIDE = "edition.lock.json"


class Unit:
    """A document of an edition with one set of parameters.

    `name` is unique in its edition and the same on every machine; `source` is a path from `root`
    with "/"; `params` are those to inject; `folder` is where its files go.
    """

    __slots__ = ("edition", "folder", "name", "params", "root", "source")

    def __init__(
        self, root: str, edition: "Edition", source: str, params: "dict[str, Json]", choice: str
    ) -> None:
        self.root = root
        self.edition = edition
        self.source = source
        self.params = params
        suffix = f"?{choice}" if choice else ""
        self.folder = edition.folder + (f"/{choice}" if choice else "")
        self.name = source + suffix

    @property
    def id(self) -> str:
        """The name of the unit in the manifest."""
        return f"{self.edition.name}/{self.name}"

    @property
    def path(self) -> str:
        """The path of the source as people would type it here."""
        from octavo.workspace.config_search import shown

        return shown(os.path.join(self.root, *self.source.split("/")))


class Site:
    """A site or a book: the documents of an edition with one set of parameters, joined.

    `folder` is where its files go.
    """

    __slots__ = ("edition", "folder", "units", "write")

    def __init__(self, write: "Write", units: list[Unit]) -> None:
        self.write = write
        self.units = units
        self.edition = units[0].edition
        self.folder = target_path(units[0].folder, write, "", "").rstrip("/")

    @property
    def id(self) -> str:
        """The name of the site in the manifest."""
        place = f"{self.folder}/{self.stem}.{BOOK}" if self.write.format == BOOK else self.folder
        return f"{self.edition.name}/:{place}"

    @property
    def stem(self) -> str:
        """The name of the file of a book, without its suffix."""
        return self.edition.name

    @property
    def page_key(self) -> str:
        """The name under which units keep their pages of it."""
        return page_key(self.write)


def page_key(write: "Write") -> str:
    """Return the name under which a unit keeps its page for a site or a book."""
    folder = write.text("folder")
    return folder if write.format == SITE else f"{write.format}:{folder}"


def units(config: "Editions", editions: "Sequence[Edition]") -> list[Unit]:
    """Return all that is to be made, in a fixed order.

    Raises: `ConfigError` OCT-E054 when an edition has no document, or two documents would be
    one file.
    """
    found: list[Unit] = []
    outputs = {edition.folder for edition in config.editions.values()}
    every = list(_documents(config.root, outputs))
    for edition in editions:
        sources = _sources(edition, every)
        if not sources:
            raise ConfigError(
                "OCT-E054", f"edition {edition.name} has no document",
                edition.spans.get("from", edition.span),
                hint="patterns are relative to the configuration file",
            )  # fmt: skip
        sources = _one_of_each_pair(config, edition, sources)
        found += _units(config, edition, sources)
    return found


def _units(config: "Editions", edition: "Edition", sources: list[str]) -> "Iterator[Unit]":
    for choice, chosen in choices(edition):
        for source in sources:
            params = {**config.params_of(source), **edition.params, **chosen}
            yield Unit(config.root, edition, source, params, choice)


def sites(planned: "Sequence[Unit]") -> "Iterator[Site]":
    """Yield the sites and books that units are joined to."""
    groups: dict[tuple[str, str], list[Unit]] = {}
    for unit in planned:
        groups.setdefault((unit.edition.name, unit.folder), []).append(unit)
    for group in groups.values():
        for write in group[0].edition.writes:
            if write.format in JOINED:
                yield Site(write, group)


def choices(edition: "Edition") -> "Iterator[tuple[str, dict[str, Json]]]":
    """Yield each choice of the matrix with its name, which is part of a path."""
    from itertools import product

    names = list(edition.matrix)
    for values in product(*edition.matrix.values()):
        chosen = dict(zip(names, values, strict=True))
        yield ",".join(f"{name}={_word(value)}" for name, value in chosen.items()), chosen


def _word(value: object) -> str:
    """Return a value as a part of a file name."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    plain = "".join(c if c.isalnum() or c in "+-._" else "_" for c in text)
    return plain if plain.strip(".") else "_"


def _documents(root: str, outputs: set[str]) -> "Iterator[str]":
    """Yield the documents of a project, without those that editions wrote."""
    from octavo.workspace import find

    found, _ = find.walk(root)
    for path in found:
        relative = os.path.relpath(path, root).replace(os.sep, "/")
        if not any(relative.startswith(folder + "/") for folder in outputs):
            yield relative


def _sources(edition: "Edition", every: list[str]) -> list[str]:
    from octavo.core.globs import fits, matches

    patterns = edition.texts("from")
    if not patterns:
        return sorted(every)
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]

    def rank(path: str) -> int:
        return next((i for i, one in enumerate(wanted) if matches(one, path)), len(wanted))

    chosen = [path for path in every if fits(patterns, path)]
    return sorted(chosen, key=lambda path: (rank(path), path))


def _one_of_each_pair(config: "Editions", edition: "Edition", sources: list[str]) -> list[str]:
    """Return *sources* without notebooks whose text is there too.

    Raises: `ConfigError` OCT-E054 for documents of one name that are no pair.
    """
    by_stem: dict[str, list[str]] = {}
    for path in sources:
        by_stem.setdefault(os.path.splitext(path)[0], []).append(path)
    dropped: set[str] = set()
    for paths in by_stem.values():
        if len(paths) > 1:
            kept = _kept_of(config, edition, paths)
            dropped.update(path for path in paths if path != kept)
    return [path for path in sources if path not in dropped]


def _kept_of(config: "Editions", edition: "Edition", paths: list[str]) -> str:
    from octavo.workspace.find import Finder

    texts = [path for path in paths if not path.endswith(".ipynb")] or paths
    full = [os.path.realpath(os.path.join(config.root, path)) for path in paths]
    pair = Finder().pair_of(os.path.join(config.root, texts[0]))
    members = {os.path.realpath(path) for path in pair.paths} if pair else set()
    if members.issuperset(full):
        return texts[0]
    raise ConfigError(
        "OCT-E054", f"{' and '.join(paths)} would be the same files",
        edition.spans.get("from", edition.span),
        hint='leave one out: from = ["**", "!' + paths[-1] + '"], or pair them',
    )  # fmt: skip


def target_path(folder: str, write: "Write", source: str, name: str) -> str:
    """Return where an artifact goes, from the root: beside its like in the edition's folder."""
    inner = write.text("folder").strip("/")
    if write.format == SITE:
        inner = inner or SITE
    return "/".join(filter(None, (folder, inner, os.path.dirname(source), name)))
