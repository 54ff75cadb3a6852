"""Start the warm process of a project, detached, for the requests that come after this one."""

import os


def start(name: str) -> bool:
    """Start a process that serves the project of a file; return whether that was tried.

    Where there are no such sockets (Windows), nothing is started.
    """
    if not hasattr(os, "getuid"):
        return False
    import subprocess
    import sys

    folder = os.path.realpath(name)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        return False
    command = [sys.executable, "-m", "octavo", "daemon", "serve", folder]
    subprocess.Popen(  # noqa: S603  our own program, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=os.sep,
    )
    return True
