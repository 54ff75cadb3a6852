"""Build editions: what is stale is made, in parallel; what is made is written, and noted.

A unit is fresh when its source, its edition, the files that it read and the files that it wrote
are as the manifest says.  Nothing is overwritten or removed that is not as we wrote it.
"""

import os

from octavo.core.errors import FileError, OctavoError, OptionError, Span, did_you_mean
from octavo.editions.errors import Fault
from octavo.editions.make import Made, make
from octavo.editions.manifest import Manifest, digest, digest_of
from octavo.editions.plan import units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from octavo.core.document import Json
    from octavo.core.errors import Notice
    from octavo.editions.make import File
    from octavo.editions.plan import Unit
    from octavo.workspace.config_editions import Edition, Editions

    #: Called with how many units are done, how many there are, and the name of the last.
    Progress: TypeAlias = Callable[[int, int, str], None]

_ALONE = 4  # up to so many units, other processes cost more than they bring
_KEEPS = "keep"


class Wishes:
    """How to build.

    `writes` is false for a check or a rehearsal; `force` makes everything anew and overwrites
    what others wrote; `jobs` is how many processes work, 0 = one for each core.
    """

    __slots__ = ("force", "jobs", "progress", "writes")

    def __init__(
        self,
        *,
        writes: bool = True,
        force: bool = False,
        jobs: int = 0,
        progress: "Progress | None" = None,
    ) -> None:
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
            "warnings": [str(one) for one in self.notices],
        }  # fmt: skip


def build(names: "Sequence[str]" = (), folder: str = "", wishes: Wishes | None = None) -> Report:
    """Build editions of the project that *folder* belongs to, all without *names*.

    What fails is in the report, and does not stop the rest.

    Raises: `ConfigError` for a wrong octavo.toml, `OptionError` OCT-E053 for an unknown
    edition, `FormatError` OCT-E056 for a damaged manifest.
    """
    from octavo.workspace import config_editions

    config = config_editions.load(folder)
    editions = config.named(list(names))
    return _Build(config, editions, wishes or Wishes(), whole=not names).run()


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

    def run(self) -> Report:
        """Make, check, write, tidy, and note what was done."""
        self._manifest.read()
        self._known.read()
        planned = units(self._config, self._editions)
        stale = {}
        for unit in planned:
            key = self._key(unit)
            if self._wishes.force or not self._is_fresh(unit, key):
                stale[_id(unit)] = (unit, key)
        self._report.units, self._report.made = len(planned), len(stale)
        made = dict(zip(stale, self._all([unit for unit, _ in stale.values()]), strict=True))
        bad = self._with_unknown_tags(planned, made)
        for unit in planned:
            name = _id(unit)
            if name not in stale:
                self._keep(unit)
            elif unit.edition.name not in bad:
                self._take(unit, stale[name][1], made[name])
        self._tidy(planned)
        if self._wishes.writes:
            self._manifest.write()
        else:
            self._report.manifest_changes = not self._manifest.is_current()
        return self._report

    def _key(self, unit: "Unit") -> str:
        """Return what changes with the sources, the edition, the parameters and Octavo."""
        import json

        from octavo import __version__

        paths = [os.path.join(unit.root, source) for source in unit.sources]
        parts = [__version__, unit.edition.digest, unit.edition.words, unit.name, unit.folder,
                 [write.format for write in unit.writes],
                 unit.sources, unit.params, [self._digest(path) for path in paths]]  # fmt: skip
        return digest(json.dumps(parts, sort_keys=True, default=str).encode())[:32]

    def _digest(self, path: str) -> str:
        """Return the hash of a file that does not change while we build."""
        if path not in self._digests:
            self._digests[path] = digest_of(path)
        return self._digests[path]

    def _is_fresh(self, unit: "Unit", key: str) -> bool:
        known = self._known.units.get(_id(unit))
        if known is None or known.get("key") != key or unit.edition.text("execute") == "always":
            return False
        inputs, files = known.get("inputs"), known.get("files")
        if not isinstance(inputs, dict) or not isinstance(files, list):
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
                tell(done, len(stale), _id(unit))
                yield make(unit)
            return
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            size = max(1, len(stale) // (jobs * 4))
            for done, made in enumerate(pool.map(make, stale, chunksize=size), 1):
                tell(done, len(stale), _id(stale[done - 1]))
                yield made

    def _with_unknown_tags(self, planned: "list[Unit]", made: "dict[str, Made]") -> set[str]:
        """Return the editions whose expression names a tag that no document has.

        That is a slip of the pen which would show what was to be hidden, so nothing of such an
        edition is written.
        """
        bad: set[str] = set()
        for edition in self._editions:
            mine = [unit for unit in planned if unit.edition is edition]
            if not any(_id(unit) in made for unit in mine):
                continue
            tags, audiences = set[str](), set[str]()
            for unit in mine:
                found = made.get(_id(unit))
                known = self._known.units.get(_id(unit), {})
                tags |= found.tags if found else set(_texts(known.get("tags")))
                audiences |= found.audiences if found else set(_texts(known.get("audiences")))
            fault = _unknown_word(edition, tags, audiences)
            if fault is not None and not any(made[_id(u)].faults for u in mine if _id(u) in made):
                bad.add(edition.name)
                self._report.faults.append(Fault(fault))
            elif fault is not None:
                bad.add(edition.name)
                self._report.faults += [
                    one for u in mine if _id(u) in made for one in made[_id(u)].faults
                ]
        return bad

    def _keep(self, unit: "Unit") -> None:
        for path in _texts(self._known.units[_id(unit)].get("files")):
            self._report.files.append(Outcome(unit.edition.name, path, "unchanged"))

    def _take(self, unit: "Unit", key: str, made: Made) -> None:
        """Write what was made of a unit, and note it."""
        self._report.faults += made.faults
        self._report.notices += made.notices
        self._report.ran += made.ran
        done = []
        for file in made.files:
            try:
                self._write(unit, file)
                done.append(file)
            except OctavoError as error:
                self._report.faults.append(Fault(error))
        is_whole = not made.faults and len(done) == len(made.files)
        old = _texts(self._known.units.get(_id(unit), {}).get("files"))
        paths = [file.path for file in done]
        # What failed this time is not given up: its file stays as it was.
        kept = [] if is_whole else [path for path in old if path not in paths]
        for path in kept:
            if path in self._known.files:
                self._manifest.files.setdefault(path, self._known.files[path])
        for file in done:
            self._manifest.files[file.path] = self._facts(unit, file, made)
        self._manifest.units[_id(unit)] = self._entry(unit, key if is_whole else "", made,
                                                      [*paths, *kept])  # fmt: skip

    def _entry(self, unit: "Unit", key: str, made: Made, paths: list[str]) -> "dict[str, Json]":
        root = self._config.root
        inputs: dict[str, Json] = {
            os.path.relpath(path, root).replace(os.sep, "/"): self._digest(os.path.abspath(path))
            for path in sorted(set(made.inputs))
        }
        cells: dict[str, Json] = {name: list(rows) for name, rows in made.rows.items()}
        return {
            "key": key, "folder": unit.folder, "files": [*sorted(paths)],
            "inputs": inputs, "tags": [*sorted(made.tags)],
            "audiences": [*sorted(made.audiences)], "cells": cells,
        }  # fmt: skip

    def _facts(self, unit: "Unit", file: "File", made: Made) -> "dict[str, Json]":
        rows = [row for source in file.sources for row in made.rows.get(source, ())]
        inside = sum(bool(row["in"]) for row in rows)
        return {
            "sha256": digest(file.data), "bytes": len(file.data), "edition": unit.edition.name,
            "format": file.format, "from": list(file.sources),
            "cells": {"in": inside, "out": len(rows) - inside},
        }  # fmt: skip

    def _write(self, unit: "Unit", file: "File") -> None:
        """Write a file, unless somebody else's stands there.

        Raises: `FileError` OCT-E055, and as `replace_file`; `OptionError` OCT-E054 when another
        unit wrote it.
        """
        from octavo.workspace import files

        other = self._written.setdefault(file.path, digest(file.data))
        if other != digest(file.data):
            raise OptionError(
                "OCT-E054", f"two documents or formats would be the file {file.path}",
                Span(unit.path(unit.sources[0])),
                hint='give one a folder: { format = "...", folder = "..." }',
            )  # fmt: skip
        full = self._full(file.path)
        held = files.read_regular(full) if os.path.lexists(full) else None
        if held == file.data:
            self._report.files.append(
                Outcome(unit.edition.name, file.path, "unchanged", file.sources[0])
            )
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
        self._report.files.append(Outcome(unit.edition.name, file.path, "written", file.sources[0]))

    def _tidy(self, planned: "list[Unit]") -> None:
        """Remove files of ours that no unit makes any more; what others changed stays."""
        names = {edition.name for edition in self._editions}
        current = {_id(unit) for unit in planned}
        for name in list(self._manifest.units):
            edition = name.partition("/")[0]
            gone = edition not in self._config.editions and self._whole
            if (edition in names or gone) and name not in current:
                del self._manifest.units[name]
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


def _id(unit: "Unit") -> str:
    folder = f":{unit.writes[0].text('folder')}" if unit.name.startswith("site") else ""
    return f"{unit.edition.name}/{unit.name}{folder if folder != ':' else ''}"


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
