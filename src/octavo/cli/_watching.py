"""What `octavo watch` prints: a line for each change, or a JSON object."""

import os

from octavo.cli import _output, _syncing
from octavo.core.errors import OctavoError, Span
from octavo.workspace.copies import notice as copy_notice
from octavo.workspace.watch import Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.workspace.sync import Result


class Report(Listener):
    """Prints results to stdout as they come, errors to stderr."""

    def __init__(self, *, json: bool, quiet: bool) -> None:
        self._json = json
        self._quiet = quiet

    def ready(self, pairs: int, folders: "Sequence[str]") -> None:
        """Tell that the watch stands and everything is in sync."""
        shown = [_syncing.shown(folder) for folder in folders]
        if self._json:
            self._line({"event": "ready", "pairs": pairs, "folders": shown})
        else:
            text = f"octavo: watching {pairs} pair{'s' * (pairs != 1)} in {', '.join(shown)}"
            self.note(text)

    def note(self, text: str) -> None:
        """Tell something that is no result."""
        if not self._quiet:
            _output.err(_output.one_line(text) + "\n")

    def synced(self, path: str, result: "Result") -> None:
        """Print how a pair was synced."""
        written = [_syncing.shown(one) for one in result.written]
        copies = [_syncing.shown(one.path) for one in result.copies if one.status != "unchanged"]
        notices = [*result.notices, *filter(None, map(copy_notice, result.copies))]
        if self._json:
            self._line(
                {
                    "event": "synced",
                    "file": _syncing.shown(path) if path else None,
                    "members": [_syncing.shown(one) for one in result.pair.paths],
                    "status": result.status,
                    "written": written,
                    "conflicts": [
                        {"reason": one.reason, "detail": one.detail} for one in result.conflicts
                    ],
                    "waiting": result.waiting,
                    "warnings": [str(notice) for notice in notices],
                    "copies": copies,
                }
            )
            return
        name = _syncing.shown(path or result.pair.paths[0])
        for notice in notices:
            self.note(str(notice))
        for one in result.conflicts:
            self._say(f"{name}: conflict: {one.detail} {_syncing.REASONS[one.reason]}")
        if written or copies:
            files = [*written, *(f"{copy} (one-way)" for copy in copies)]
            self._say(f"{name}: {', '.join(files)} updated{_waiting(result)}")
        elif result.waiting:
            self._say(f"{name}: nothing to update{_waiting(result)}")
        elif result.status == "recorded" and len(result.pair.paths) > 1:
            self._say(f"{name}: all members agree")

    def failed(self, path: str, error: OctavoError) -> None:
        """Print an error; the watch goes on."""
        if error.span.file:
            file = _syncing.shown(os.path.abspath(error.span.file))
            error.span = Span(file, error.span.line, error.span.column)
        if self._json:
            self._line(
                {
                    "event": "failed",
                    "file": _syncing.shown(path) if path else (error.span.file or None),
                    "code": error.code,
                    "error": str(error),
                }
            )
        else:
            _output.error(error)

    def told(self, path: str, what: str, text: str) -> None:
        """Print what happened to a file, or to all."""
        name = _syncing.shown(path) if path else "octavo"
        if self._json:
            self._line({"event": what, "file": name if path else None, "text": text})
        else:
            self._say(f"{name}: {text}")

    def _say(self, text: str) -> None:
        if not self._quiet:
            _output.out(_output.one_line(text) + "\n")
            _output.flush()

    def _line(self, record: dict[str, object]) -> None:
        import json

        _output.out(json.dumps(record) + "\n")
        _output.flush()


def _waiting(result: "Result") -> str:
    if not result.waiting:
        return ""
    plural = "s" * (result.waiting != 1)
    return f"; {result.waiting} conflict{plural} to resolve (`octavo resolve`)"
