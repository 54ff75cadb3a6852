"""The targets by name: one file of this folder each, or an entry point of another package."""

from octavo.core.registry import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._exporter import Exporter


def names() -> list[str]:
    """Return the names of the built-in targets, from the folder, unimported."""
    import pkgutil

    import octavo.exporters as package

    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def get(name: str) -> "Exporter":
    """Return a target.

    Raises: `OptionError` OCT-E010 for an unknown name.
    """
    from octavo.core.errors import OptionError, did_you_mean
    from octavo.exporters._exporter import Exporter

    registry = Registry(
        {known: f"octavo.exporters.{known}" for known in names()}, "EXPORTER", "octavo.exporters"
    )
    found = registry.get(name)
    if not isinstance(found, Exporter):
        known = registry.names(foreign=True)
        hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
        raise OptionError("OCT-E010", f"unknown target {name!r}", hint=hint)
    return found
