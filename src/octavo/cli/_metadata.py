"""Changes of the notebook's metadata: --update-metadata and --set-kernel."""

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.core.document import Document, Json, Metadata


def parse(text: str) -> "Metadata":
    """Return the JSON object in *text*.

    Raises: `OptionError` OCT-O025 when it is none.
    """
    import json

    try:
        value = json.loads(text)
    except ValueError as error:
        raise OptionError(
            "OCT-O025", f"--update-metadata: not JSON: {error}",
            hint="""write for example '{"authors": [{"name": "Ada"}]}'""",
        ) from None  # fmt: skip
    if not isinstance(value, dict):
        raise OptionError("OCT-O025", "--update-metadata takes a JSON object, such as '{\"a\": 1}'")
    return value


def merge(metadata: "Mapping[str, Json]", changes: "Mapping[str, Json]") -> "Metadata":
    """Return *metadata* with *changes* merged in, objects into objects; null deletes a key.

    >>> merge({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": None}, "d": None, "e": {"f": None}})
    {'a': {'c': 2}, 'e': {}}
    """
    merged = dict(metadata)
    for key, value in changes.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            old = merged.get(key)
            merged[key] = merge(old if isinstance(old, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def with_header(document: "Document", changed: "Document") -> "Document":
    """Return *changed* without the wish that its text has no header.

    A text without header is read with that wish, so that it gets none when it is written; but
    metadata that somebody set on purpose is to be seen.
    """
    had_header = any(key != "jupytext" for key in document.metadata)
    has_metadata = any(key != "jupytext" for key in changed.metadata)
    section = changed.metadata.get("jupytext")
    if had_header or not has_metadata or not isinstance(section, dict):
        return changed
    kept = {key: value for key, value in section.items() if key != "notebook_metadata_filter"}
    metadata = {**changed.metadata, "jupytext": kept}
    if not kept:
        del metadata["jupytext"]
    return changed.with_(metadata=metadata)


def set_kernel(document: "Document", name: str) -> "Document":
    """Return *document* with the kernelspec of the kernel *name* ("-": the one that fits).

    Raises: `OptionError` OCT-O026 when there is no such kernel.
    """
    from octavo.core.languages import main_language, same_language
    from octavo.formats import _names
    from octavo.run import kernelspecs

    metadata = document.metadata
    suffix = _names.parse(document.origin.format).suffix if document.origin.format else ""
    language = main_language(metadata, suffix) or ""
    kernel = kernelspecs.find(name, language)
    changed: Metadata = {**metadata, "kernelspec": kernel.metadata()}
    info = metadata.get("language_info")
    if isinstance(info, dict) and not same_language(str(info.get("name", "")), kernel.language):
        del changed["language_info"]  # it told about the kernel before
    settings = metadata.get("jupytext")
    if isinstance(settings, dict) and "main_language" in settings:
        changed = merge(changed, {"jupytext": {"main_language": None}})
        if not changed["jupytext"]:
            del changed["jupytext"]
    return document.with_(metadata=changed)
