"""Lazy tables: a name stands for a module until somebody needs the thing itself.

A table is a folder of a package: one file, one thing.  An index that is generated from the
files (so that listing costs no import) is consulted first, then the folder, then entry points
of other distributions.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Registry:
    """Things by name, imported at the first use.

    *index* maps a name to its module; *attribute* is the name under which each module keeps
    its thing; *group* is the entry point group of third parties.
    """

    def __init__(self, index: "Mapping[str, str]", attribute: str, group: str) -> None:
        self._index = index
        self._attribute = attribute
        self._group = group
        self._loaded: dict[str, object] = {}
        self._foreign: dict[str, object] | None = None

    def get(self, name: str) -> "object | None":
        """Return the thing of that name, or None."""
        if name not in self._loaded:
            module = self._index.get(name)
            found = self._import(module) if module else self._third_parties().get(name)
            if found is None:
                return None
            self._loaded[name] = found
        return self._loaded[name]

    def names(self, *, foreign: bool = False) -> "list[str]":
        """Return the names of the index; with *foreign* also those of other distributions."""
        return [*self._index, *(self._third_parties() if foreign else ())]

    def __iter__(self) -> "Iterator[str]":
        """Iterate over the names of the index."""
        return iter(self._index)

    def _import(self, module: str) -> object:
        from importlib import import_module

        return getattr(import_module(module), self._attribute)

    def _third_parties(self) -> "dict[str, object]":
        if self._foreign is None:
            from importlib.metadata import entry_points

            self._foreign = {}
            for point in entry_points(group=self._group):
                self._foreign[point.name] = point.load()
        return self._foreign
