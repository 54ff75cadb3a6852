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
    """Return the files of the site; pictures are read from beside each document.

    The pages lie as their documents do, from the folder that holds all of them.
    """
    from octavo.editions import prepare
    from octavo.exporters import site
    from octavo.exporters._exporter import Settings

    folders = [os.path.dirname(source) for source, _, _ in pages]
    top = os.path.commonpath(folders) if folders else ""
    entries = []
    for source, document, _ in pages:
        own = Settings(
            language=settings.language, contents=settings.contents,
            number_sections=settings.number_sections,
            resource=prepare.resource_of(unit.path(source), inputs),
        )  # fmt: skip
        place = os.path.splitext(os.path.relpath(source, top or "."))[0].replace(os.sep, "/")
        entries.append((place, document, own))
    return site.export_many(entries, settings)
