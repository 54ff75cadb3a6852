"""What the subcommands of `octavo outputs` share."""

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.workspace.outputs import OutputStore

_UNITS = ("bytes", "KB", "MB", "GB")
_STEP = 1000


def store_of(path: str) -> "OutputStore":
    """Return the output store of the project that a file or folder belongs to.

    Raises: `OptionError` OCT-O031 when the project has none.
    """
    import os

    from octavo.workspace import outputs

    # A rule may turn the store on for some files: any file name tells where the store is.
    store = outputs.of_project(path) if os.path.isdir(path) else outputs.open_for(path)
    if store is None:
        raise OptionError(
            "OCT-O031", f"{path}: outputs are not kept in a store here",
            hint='write outputs = "store" into octavo.toml',
        )  # fmt: skip
    return store


def size(n_bytes: int) -> str:
    """Return a size for people.

    >>> size(999), size(1234), size(5_600_000)
    ('999 bytes', '1.2 KB', '5.6 MB')
    """
    if n_bytes < _STEP:
        return f"{n_bytes} {_UNITS[0]}"
    value = float(n_bytes)
    unit = 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value /= _STEP
        unit += 1
    return f"{value:.1f} {_UNITS[unit]}"


def count(n: int, word: str) -> str:
    """Return a number with its word.

    >>> count(1, "file"), count(2, "file")
    ('1 file', '2 files')
    """
    return f"{n} {word}{'s' * (n != 1)}"
