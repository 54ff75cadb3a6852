"""Build editions: what is stale is made, in parallel; what is made is written, and noted.

A unit is fresh when its source, its edition, the files that it read and the files that it wrote
are as the manifest says.  Nothing is overwritten or removed that is not as we wrote it.
"""

import os

from octavo.core.errors import FileError, OctavoError, OptionError, RunError, Span, did_you_mean
from octavo.editions.errors import Fault
from octavo.editions.make import Made, make
from octavo.editions.manifest import Manifest, digest, digest_of
from octavo.editions.plan import sites, units
from octavo.editions.site import Kept
from octavo.editions.underway import UnderWay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from octavo.core.document import Json
    from octavo.core.errors import Notice
    from octavo.editions.make import File
    from octavo.editions.plan import Site, Unit
    from octavo.workspace.config_editions import Edition, Editions

    #: Called with how many units are done, how many there are, and the name of the last.
    Progress: TypeAlias = Callable[[int, int, str], None]

_ALONE = 4  # up to so many units, other processes cost more than they bring
_KEEPS = "keep"


class Wishes:
    """How to build.

    `writes` is false for a check or a rehearsal; `force` makes everything anew and overwrites
    what others wrote; `jobs` is how many processes work, 0 = one for each core.  Another build of
    the project is waited for, at most *patience_s*; `waits` is called when there is one.
    """

    __slots__ = ("force", "jobs", "patience_s", "progress", "waits", "writes")

    def __init__(
        self,
        *,
        writes: bool = True,
        force: bool = False,
        jobs: int = 0,
        progress: "Progress | None" = None,
        patience_s: float = 600.0,
        waits: "Callable[[], None] | None" = None,
    ) -> None:
        self.patience_s = patience_s
        self.waits = waits
        self.writes = writes
        self.force = force
        self.jobs = jobs or os.cpu_count() or 1
        self.progress = progress


class Outcome:
    """What became of one file: `status` is "written", "unchanged", "removed" or "kept"."""

    __slots__ = ("edition", "path", "source", "status")

    def __init__(self, edition: str, path: str, status: str, source: str = "") -> None:
        self.edition = edition
        self.path = path
        self.status = status
        self.source = source

    def as_dict(self) -> dict[str, str]:
        """Return the fields for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Report:
    """How a build went: files, faults and notices; `made` of `units` units were not fresh.

    `ran` counts the cells that kernels ran.  `changes` tells whether any file was written or
    removed, or would be.
    """

    __slots__ = ("faults", "files", "made", "manifest_changes", "notices", "ran", "units")

    def __init__(self) -> None:
        self.files: list[Outcome] = []
        self.faults: list[Fault] = []
        self.notices: list[Notice] = []
        self.units = 0
        self.made = 0
        self.ran = 0
        self.manifest_changes = False

    @property
    def changes(self) -> bool:
        """Whether any file changed, or would."""
        return self.manifest_changes or any(
            one.status in ("written", "removed") for one in self.files
        )

    def as_dict(self) -> "dict[str, object]":
        """Return the report for JSON."""
        return {
            "units": self.units, "made": self.made, "cells_run": self.ran,
            "files": [one.as_dict() for one in self.files],
            "errors": [one.as_dict() for one in self.faults],
            "warnings": list(dict.fromkeys(map(str, self.notices))),
        }  # fmt: skip


def build(names: "Sequence[str]" = (), folder: str = "", wishes: Wishes | None = None) -> Report:
    """Build editions of the project that *folder* belongs to, all without *names*.

    What fails is in the report, and does not stop the rest.

    Raises: `ConfigError` for a wrong octavo.toml, `OptionError` OCT-E053 for an unknown
    edition, `FormatError` OCT-E056 for a damaged manifest, `FileError` OCT-W023 when another build
    of the project does not end.
    """
    from octavo.workspace import config_editions, state
    from octavo.workspace.lock import Lock

    config = config_editions.load(folder)
    editions = config.named(list(names))
    wishes = wishes or Wishes()
    made = _Build(config, editions, wishes, whole=not names)
    if not wishes.writes:
        return made.run()
    store = state.Store(config.root)
    store.prepare()
    path = os.path.join(store.folder, "build.lock")
    with Lock(path, wishes.patience_s, work="build", waits=wishes.waits):
        return made.run()


class _Build:
    """One build."""

    def __init__(
        self, config: "Editions", editions: "list[Edition]", wishes: Wishes, *, whole: bool
    ) -> None:
        self._config = config
        self._editions = editions
        self._wishes = wishes
        self._whole = whole
        self._manifest = Manifest(config.root)
        self._known = Manifest(config.root)
        self._report = Report()
        self._written: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._pages = Kept(config.root)
        self._underway = UnderWay(config.root)

    def run(self) -> Report:
        """Make, check, write, join, tidy, and note what was done."""
        for manifest in (self._manifest, self._known):
            manifest.read()
            self._underway.complete(manifest)
        planned = units(self._config, self._editions)
        keys = {unit.id: self._key(unit) for unit in planned}
        stale = [unit for unit in planned if self._is_stale(unit, keys[unit.id])]
        made = self._made(stale)
        bad = self._with_unknown_tags(planned, made)
        for unit in planned:
            if unit.id not in made:
                self._keep(unit.edition.name, unit.id)
            elif unit.edition.name not in bad:
                self._take(unit, keys[unit.id], made[unit.id])
        joined = list(sites(planned))
        for site in joined:
            if site.edition.name not in bad:
                self._join(site, keys)
        self._tidy({unit.id for unit in planned} | {site.id for site in joined})
        self._report.units = len(planned)
        if self._wishes.writes:
            self._manifest.write()
            self._underway.end()
        else:
            self._report.manifest_changes = not self._manifest.is_current()
        return self._report

    def _made(self, stale: "list[Unit]") -> "dict[str, Made]":
        self._report.made += len(stale)
        return dict(zip([unit.id for unit in stale], self._all(stale), strict=True))

    def _key(self, unit: "Unit") -> str:
        """Return what changes with the sources, the edition, the parameters and Octavo."""
        import json

        from octavo import __version__

        edition = unit.edition
        parts = [__version__, edition.digest, edition.words, unit.name, unit.folder, unit.params,
                 self._digest(self._full(unit.source))]  # fmt: skip
        return digest(json.dumps(parts, sort_keys=True, default=str).encode())[:32]

    def _digest(self, path: str) -> str:
        """Return the hash of a file that does not change while we build."""
        if path not in self._digests:
            self._digests[path] = digest_of(path)
        return self._digests[path]

    def _is_stale(self, unit: "Unit", key: str) -> bool:
        runs = unit.edition.text("execute") == "always"
        return self._wishes.force or runs or not self._is_fresh(unit.id, key)

    def _is_fresh(self, name: str, key: str) -> bool:
        """Return whether a unit or a site is as the manifest says."""
        known = self._known.units.get(name)
        if known is None or not key or known.get("key") != key:
            return False
        inputs, files = known.get("inputs"), known.get("files")
        if not isinstance(inputs, dict) or not isinstance(files, list):
            return False
        versions = known.get("libraries")
        if isinstance(versions, dict) and versions != _versions(versions):
            return False
        root = self._config.root
        return all(
            self._digest(os.path.join(root, path)) == found for path, found in inputs.items()
        ) and all(self._known.is_ours(str(path), self._full(str(path))) for path in files)

    def _full(self, path: str) -> str:
        return os.path.join(self._config.root, *path.split("/"))

    def _all(self, stale: "list[Unit]") -> "Iterator[Made]":
        """Yield what becomes of each unit, in order."""
        jobs = min(self._wishes.jobs, len(stale))
        tell = self._wishes.progress or _silent
        if jobs < 2 or len(stale) <= _ALONE:
            for done, unit in enumerate(stale):
                tell(done, len(stale), unit.id)
                yield make(unit)
            return
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        done = 0
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            size = max(1, len(stale) // (jobs * 4))
            try:
                for made in pool.map(make, stale, chunksize=size):
                    done += 1
                    tell(done, len(stale), stale[done - 1].id)
                    yield made
            except BrokenProcessPool:
                pass  # which of the units did that, is seen when each has a process of its own
        for unit in stale[done:]:
            done += 1
            tell(done, len(stale), unit.id)
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                try:
                    yield pool.submit(make, unit).result()
                except BrokenProcessPool:
                    yield _lost(unit)

    def _with_unknown_tags(self, planned: "list[Unit]", made: "dict[str, Made]") -> set[str]:
        """Return the editions whose expression names a tag that no document has.

        That is a slip of the pen which would show what was to be hidden, so nothing of such an
        edition is written.
        """
        bad: set[str] = set()
        for edition in self._editions:
            mine = [unit for unit in planned if unit.edition is edition]
            if not any(unit.id in made for unit in mine):
                continue
            tags, audiences = set[str](), set[str]()
            for unit in mine:
                found = made.get(unit.id)
                known = self._known.units.get(unit.id, {})
                tags |= found.tags if found else set(_texts(known.get("tags")))
                audiences |= found.audiences if found else set(_texts(known.get("audiences")))
            fault = _unknown_word(edition, tags, audiences)
            if fault is not None and not any(made[u.id].faults for u in mine if u.id in made):
                bad.add(edition.name)
                self._report.faults.append(Fault(fault))
            elif fault is not None:
                bad.add(edition.name)
                self._report.faults += [
                    one for u in mine if u.id in made for one in made[u.id].faults
                ]
        return bad

    def _keep(self, edition: str, name: str) -> None:
        for path in _texts(self._known.units[name].get("files")):
            self._report.files.append(Outcome(edition, path, "unchanged"))

    def _take(self, unit: "Unit", key: str, made: Made) -> None:
        """Write what was made of a unit, and note it."""
        self._report.faults += made.faults
        self._report.notices += made.notices
        self._report.ran += made.ran
        inside = sum(bool(row["in"]) for row in made.rows)
        counts: dict[str, Json] = {"in": inside, "out": len(made.rows) - inside}
        done = self._written_of(unit.edition.name, unit.source, made.files, counts)
        is_whole = not made.faults and len(done) == len(made.files)
        pages: dict[str, Json] = {}
        for folder, page in made.pages.items():
            pages[folder] = digest(page)
            self._pages.add(digest(page), page, writes=self._wishes.writes)
        entry = self._entry(unit.id, key if is_whole else "", made.inputs, done)
        old = self._known.units.get(unit.id, {}).get("pages")
        if made.libraries:
            entry["libraries"] = _versions(made.libraries)
        entry["pages"] = {**(old if isinstance(old, dict) and not is_whole else {}), **pages}
        entry["tags"] = [*sorted(made.tags)]
        entry["audiences"] = [*sorted(made.audiences)]
        entry["cells"] = [*made.rows]
        if not is_whole and not made.rows:
            entry["cells"] = self._known.units.get(unit.id, {}).get("cells", [])
        self._manifest.units[unit.id] = entry

    def _written_of(
        self, edition: str, source: str, files: "Sequence[File]", counts: "dict[str, Json]"
    ) -> list[str]:
        """Write files, and return the paths of those that could be written."""
        noted: dict[str, dict[str, Json]] = {
            file.path: {
                "sha256": digest(file.data), "bytes": len(file.data), "edition": edition,
                "format": file.format, "from": source, "cells": counts,
            } for file in files
        }  # fmt: skip
        if self._wishes.writes and noted:
            self._underway.begin(noted)
        done = []
        for file in files:
            try:
                self._write(edition, source, file)
            except OctavoError as error:
                self._report.faults.append(Fault(error))
                continue
            done.append(file.path)
            self._manifest.files[file.path] = noted[file.path]
        return done

    def _entry(self, name: str, key: str, inputs: list[str], done: list[str]) -> "dict[str, Json]":
        """Return what is noted of a unit or a site; without *key* it failed, in part at least."""
        # What failed this time is not given up: its file stays as it was.
        old = [] if key else _texts(self._known.units.get(name, {}).get("files"))
        kept = [path for path in old if path not in done and path in self._known.files]
        for path in kept:
            self._manifest.files.setdefault(path, self._known.files[path])
        root = self._config.root
        read: dict[str, Json] = {
            os.path.relpath(path, root).replace(os.sep, "/"): self._digest(os.path.abspath(path))
            for path in sorted(set(inputs))
        }
        return {"key": key, "files": [*sorted({*done, *kept})], "inputs": read}

    def _join(self, site: "Site", keys: dict[str, str]) -> None:
        """Join the pages of a site, if any of them changed."""
        from octavo.editions import site as sites_

        folder = site.page_key
        digests = [_page_of(self._manifest.units.get(unit.id), folder) for unit in site.units]
        used = [self._manifest.units.get(unit.id, {}).get("libraries") for unit in site.units]
        key = digest(repr((site.edition.digest, site.folder, digests, used)).encode())[:32]
        if not self._wishes.force and self._is_fresh(site.id, key):
            self._keep(site.edition.name, site.id)
            return
        lost = [
            unit for unit, found in zip(site.units, digests, strict=True)
            if found and self._pages.get(found) is None
        ]  # fmt: skip
        for unit, made in zip(lost, self._made(lost).values(), strict=True):
            self._take(unit, keys[unit.id], made)
        digests = [_page_of(self._manifest.units.get(unit.id), folder) for unit in site.units]
        pages = [data for one in digests if one and (data := self._pages.get(one)) is not None]
        inputs: list[str] = []
        files: list[File] = []
        try:
            files, notices = sites_.join(site, pages, inputs)
            self._report.notices += notices
        except OctavoError as error:
            self._report.faults.append(Fault(error))
        counts: dict[str, Json] = {"pages": len(pages)}
        source = f"{len(site.units)} documents"
        done = self._written_of(site.edition.name, source, files, counts)
        is_whole = bool(files) and len(done) == len(files)
        self._manifest.units[site.id] = self._entry(site.id, key if is_whole else "", inputs, done)

    def _write(self, edition: str, source: str, file: "File") -> None:
        """Write a file, unless somebody else's stands there.

        Raises: `FileError` OCT-E055, and as `replace_file`; `OptionError` OCT-E054 when another
        unit wrote it.
        """
        from octavo.workspace import files

        other = self._written.setdefault(file.path, digest(file.data))
        if other != digest(file.data):
            raise OptionError(
                "OCT-E054", f"two documents or formats would be the file {file.path}",
                Span(source), hint='give one a folder: { format = "...", folder = "..." }',
            )  # fmt: skip
        full = self._full(file.path)
        held = files.read_regular(full) if os.path.lexists(full) else None
        if held == file.data:
            self._report.files.append(Outcome(edition, file.path, "unchanged", source))
            return
        if held is not None and not self._wishes.force:
            known = self._known.files.get(file.path)
            if known is None or known["sha256"] != digest(held):
                raise FileError(
                    "OCT-E055", "is not as a build wrote it, so it stays", Span(file.path),
                    hint="move it away, or use --force",
                )  # fmt: skip
        if self._wishes.writes:
            files.make_folder(os.path.dirname(full))
            files.replace_file(full, file.data, held)
        self._report.files.append(Outcome(edition, file.path, "written", source))

    def _tidy(self, current: set[str]) -> None:
        """Remove files of ours that no unit makes any more; what others changed stays."""
        names = {edition.name for edition in self._editions}
        for name in list(self._manifest.units):
            edition = name.partition("/")[0]
            gone = edition not in self._config.editions and self._whole
            if (edition in names or gone) and name not in current:
                del self._manifest.units[name]
        if self._wishes.writes:
            found = (unit.get("pages") for unit in self._manifest.units.values())
            pages = [one for one in found if isinstance(one, dict)]
            self._pages.tidy({str(one) for held in pages for one in held.values()})
        wanted = {
            path for unit in self._manifest.units.values() for path in _texts(unit.get("files"))
        }
        for path in [path for path in self._manifest.files if path not in wanted]:
            self._drop(path)

    def _drop(self, path: str) -> None:
        from octavo.workspace import files

        edition = str(self._manifest.files[path].get("edition", ""))
        full = self._full(path)
        if not os.path.lexists(full):
            del self._manifest.files[path]
            return
        if not self._known.is_ours(path, full):
            self._report.files.append(Outcome(edition, path, _KEEPS))
            del self._manifest.files[path]
            return
        if self._wishes.writes:
            files.remove_file(full)
            root = os.path.join(self._config.root, "")
            files.remove_empty_folders(os.path.dirname(full), root)
        del self._manifest.files[path]
        self._report.files.append(Outcome(edition, path, "removed"))


def _versions(names: "Iterable[str]") -> "dict[str, Json]":
    """Return the versions of the libraries of plots."""
    from octavo.workspace import libraries

    return {name: libraries.version(name) for name in sorted(names)}


def _page_of(entry: "dict[str, Json] | None", folder: str) -> str:
    pages = entry.get("pages") if entry is not None else None
    return str(pages.get(folder, "")) if isinstance(pages, dict) else ""


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _silent(_done: int, _all: int, _name: str) -> None:
    return


def _unknown_word(edition: "Edition", tags: set[str], audiences: set[str]) -> "OptionError | None":
    """Return the error for a tag or an audience that no document of an edition has."""
    from octavo.core import tags as known_tags
    from octavo.transforms import _expression, _sections

    known = {tag for mark in known_tags.MARKS for tag in mark.tags}
    known |= {_sections.tag_of(tag) for tag in edition.texts("known_tags")}
    for key, text in edition.expressions():
        if text in _expression.NAMED:
            continue
        found = _expression.parse(text)
        for tag in found.tags:
            wanted = _sections.tag_of(tag)
            if wanted not in known and not _fits_one(wanted, tags):
                return _unknown("tag", tag, tags, edition, key)
        for audience in found.audiences:
            if not _fits_one(audience.lower(), audiences):
                return _unknown("audience", audience, audiences, edition, key)
    return None


def _fits_one(word: str, words: set[str]) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(one, word) for one in words)


def _unknown(what: str, word: str, words: set[str], edition: "Edition", key: str) -> OptionError:
    hint = did_you_mean(word, sorted(words)) or (
        f"the documents have: {', '.join(sorted(words))}" if words else "no cell has any"
    )
    return OptionError(
        "OCT-E057", f"edition {edition.name}: no document has the {what} {word!r}",
        edition.spans.get(key, edition.span),
        hint=f'{hint}; known_tags = ["{word}"] says that it may be missing',
    )  # fmt: skip


def _lost(unit: "Unit") -> Made:
    """Return what became of a unit that ended the process which made it."""
    made = Made()
    error = RunError(
        "OCT-E062", "the process that made it was ended", Span(unit.path),
        hint="is there enough memory?",
    )  # fmt: skip
    made.faults.append(Fault(error))
    return made
