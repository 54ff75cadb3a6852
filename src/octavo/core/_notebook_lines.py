"""Multi-line texts of outputs and attachments: one text in memory, lists of lines in files."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata

_DISPLAYS = ("execute_result", "display_data")
_SPLIT_TYPES = ("application/javascript", "image/svg+xml")


def join_outputs(outputs: "list[Json]") -> "list[Json]":
    """Return outputs with their multi-line texts joined; the dictionaries may be changed."""
    for output in outputs:
        if not isinstance(output, dict):
            continue
        kind = output.get("output_type")
        if kind in _DISPLAYS:
            join_bundle(output.get("data"))
        elif kind:
            text = output.get("text")
            if isinstance(text, list):
                output["text"] = joined(text)
    return outputs


def join_bundle(bundle: "Json") -> None:
    """Join the multi-line texts of a MIME bundle, in place; JSON types stay as they are."""
    if isinstance(bundle, dict):
        for key, value in bundle.items():
            if isinstance(value, list) and not _is_json_type(key):
                bundle[key] = joined(value)


def join_attachments(attachments: "Metadata") -> "Metadata":
    """Return attachments with their multi-line texts joined; the bundles may be changed."""
    for bundle in attachments.values():
        join_bundle(bundle)
    return attachments


def split_outputs(outputs: "list[Json]") -> "list[Json]":
    """Return outputs in the form of files: multi-line texts as lists of lines."""
    return [_split_output(output) for output in outputs]


def split_attachments(attachments: "Metadata") -> "Metadata":
    """Return attachments in the form of files."""
    return {key: _split_bundle(bundle) for key, bundle in attachments.items()}


def _split_output(output: "Json") -> "Json":
    """Return one output in the form of files."""
    if isinstance(output, dict):
        kind = output.get("output_type")
        if kind == "stream":
            text = output.get("text")
            if isinstance(text, str):
                return {**output, "text": _lines(text)}
        elif kind in _DISPLAYS and "data" in output:
            return {**output, "data": _split_bundle(output["data"])}
    return output


def _split_bundle(bundle: "Json") -> "Json":
    """Return a MIME bundle with the values of text types split into lines."""
    if not isinstance(bundle, dict):
        return bundle
    return {
        key: _lines(value) if isinstance(value, str) and _is_split_type(key) else value
        for key, value in bundle.items()
    }


def _lines(text: str) -> "list[Json]":
    """Return lines as nbformat splits them: also at form feeds, U+2028 and others."""
    return text.splitlines(True)  # type: ignore[return-value]  # list is invariant


def _is_split_type(mime_type: object) -> bool:
    return isinstance(mime_type, str) and (
        mime_type.startswith("text/") or mime_type in _SPLIT_TYPES
    )


def _is_json_type(mime_type: object) -> bool:
    return (
        isinstance(mime_type, str)
        and mime_type.startswith("application/")
        and (mime_type == "application/json" or mime_type.endswith("+json"))
    )


def joined(value: "list[Json]") -> "Json":
    """Return the text of a list of lines; a list of other things stays."""
    try:
        return "".join(value)  # type: ignore[arg-type]  # tells by a TypeError
    except TypeError:
        return value
