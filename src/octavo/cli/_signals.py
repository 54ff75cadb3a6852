"""End a long-running command: Ctrl-C and SIGTERM set an event, and work under way is finished."""

import contextlib
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


@contextlib.contextmanager
def ended_by(stop: "Event") -> "Iterator[None]":
    """Set *stop* when the process is asked to end; outside of the main thread, do nothing."""
    before = {}
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is None or (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            continue  # `nohup` means that it goes on
        try:
            before[number] = signal.signal(number, lambda *_: stop.set())
        except ValueError:
            break  # not the main thread: whoever runs it ends it
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
