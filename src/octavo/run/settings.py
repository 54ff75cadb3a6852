"""How a document is to be run."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.core.document import Json


class Settings:
    """The settings of one run.

    `kernel` is the name of a kernel ("": what the document says, else one of its language);
    `cwd` the folder in which the code runs.  Limits are in seconds, 0 means none: `cell_s` for
    each cell, `total_s` for all cells of a document, `start_s` for the kernel to answer,
    `grace_s` for an interrupted cell to end by itself.  `output_bytes` bounds what one cell may
    print.  With `allow_errors`, a cell that fails does not stop the run.
    """

    __slots__ = (
        "allow_errors", "cell_s", "cwd", "grace_s", "kernel", "output_bytes", "parameters",
        "start_s", "total_s",
    )  # fmt: skip

    def __init__(
        self,
        *,
        kernel: str = "",
        cwd: str = "",
        parameters: "Mapping[str, Json] | None" = None,
        cell_s: float = 0,
        total_s: float = 0,
        start_s: float = 60,
        grace_s: float = 5,
        output_bytes: int = 500_000_000,
        allow_errors: bool = False,
    ) -> None:
        self.kernel = kernel
        self.cwd = cwd
        self.parameters: dict[str, Json] = dict(parameters or {})
        self.cell_s = cell_s
        self.total_s = total_s
        self.start_s = start_s
        self.grace_s = grace_s
        self.output_bytes = output_bytes
        self.allow_errors = allow_errors

    def in_folder(self, cwd: str) -> "Settings":
        """Return these settings with another working directory."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return Settings(**{**values, "cwd": cwd})
