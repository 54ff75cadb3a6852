"""A site edition: all documents of it, joined by the exporter of sites."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from octavo.core.document import Document
    from octavo.editions.plan import Unit
    from octavo.editions.prepare import Prepared
    from octavo.exporters._exporter import Artifact, Settings


def artifacts(
    unit: "Unit",
    pages: "Sequence[tuple[str, Document, Prepared]]",
    settings: "Settings",
    inputs: list[str],
) -> "Iterable[Artifact]":
    """Return the files of the site; pictures are read from beside each document."""
    from octavo.editions import prepare

    entries = [(os.path.splitext(source)[0], document) for source, document, _ in pages]
    root = os.path.join(unit.root, "site")
    settings.resource = prepare.resource_of(root, inputs)
    from importlib import import_module

    site = import_module("octavo.exporters.site")
    made: Iterable[Artifact] = site.export_many(entries, settings)
    return made
