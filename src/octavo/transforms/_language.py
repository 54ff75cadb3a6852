"""The programming language of a document."""

from octavo.core.languages import main_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document


def language_of(document: "Document") -> str:
    """Return the language of a document's code: what it says, else Python."""
    suffix = "." + document.origin.format.partition(":")[0]
    info = document.metadata.get("language_info")
    named = info.get("name") if isinstance(info, dict) else None
    language = main_language(document.metadata, suffix)
    return language or (named if isinstance(named, str) else "") or "python"
