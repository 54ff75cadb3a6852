"""Typst, which sets PDFs and draws pictures: what it makes of files in memory, or its complaint."""

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json


def compiled(files: "dict[str, bytes]", options: "dict[str, Json]") -> bytes:
    """Return what Typst makes of the file "main.typ"; the first page only, if that is a picture.

    *options* are those of `typst.compile`.

    Raises: `OptionError` OCT-E011 when Typst is not installed; `RuntimeError` when it does not
    take the files.
    """
    try:
        import typst
    except ImportError:
        raise missing() from None
    try:
        made = typst.compile(files, **options)  # type: ignore[call-overload]  # the stubs lack files in memory
    except ValueError as error:
        raise RuntimeError(str(error)) from None
    except BaseException as error:
        # That of a Rust library which gave up; its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise RuntimeError(f"it gave up: {error}") from None
        raise
    return bytes(made[0] if isinstance(made, list) else made)


def missing() -> OptionError:
    """Return the error of a computer without Typst."""
    return OptionError(
        "OCT-E011", "a PDF needs Typst, which is not installed",
        hint="python -m pip install 'octavo[pdf]'",
    )  # fmt: skip
