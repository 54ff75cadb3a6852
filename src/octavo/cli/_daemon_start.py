"""Start the warm process of a project, detached, for the requests that come after this one."""

import os
import sys


def start(name: str) -> bool:
    """Start a process that serves the project of a file; return whether that was tried.

    Where there are no such sockets (Windows), nothing is started.
    """
    if not hasattr(os, "posix_spawn"):
        return False
    folder = os.path.realpath(name)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        return False
    command = [sys.executable, "-m", "octavo", "daemon", "serve", folder]
    # In files that nobody reads; no terminal's Ctrl-C reaches it.
    streams = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0o600) for number in (0, 1, 2)]
    try:
        os.posix_spawn(sys.executable, command, os.environ, file_actions=streams, setsid=True)
    except NotImplementedError:  # pragma: no cover  old systems: it stays with its terminal
        os.posix_spawn(sys.executable, command, os.environ, file_actions=streams)
    return True
