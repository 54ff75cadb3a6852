"""Small git repositories for tests, apart from the settings of whoever runs them."""

import os
import subprocess
from pathlib import Path

from octavo.binder import environment_build
from octavo.binder.build_branch import Target, update
from octavo.binder.git_plumbing import Repository

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "@1700000000 +0000",
    "GIT_COMMITTER_DATE": "@1700000000 +0000",
}


class Sandbox:
    """A repository in a temporary folder."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *words, given=None, check=True):
        done = subprocess.run(
            ["git", "-C", os.fspath(self.path), *words],
            input=given, capture_output=True, env=ENVIRONMENT, check=False,
        )  # fmt: skip
        if check:
            assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files):
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode("utf-8") if isinstance(content, str) else content
            path.write_bytes(data)
        return self

    def commit(self, files=None, message="change"):
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def repository(self):
        return Repository(os.fspath(self.path), ENVIRONMENT)

    def branch(self, source="HEAD", *, target=None, is_dry_run=False, **wishes):
        with self.repository() as repository:
            return update(
                repository, source, environment_build.Wishes(**wishes), target or Target(),
                is_dry_run=is_dry_run,
            )  # fmt: skip

    def files(self, ref="binder-build"):
        names = self.git("ls-tree", "-r", "-z", "--name-only", ref).split("\0")
        return {name: self.git("show", f"{ref}:{name}") for name in names if name}

    def state(self):
        """Return every file of the folder with its bytes and times, the index included."""
        found = {}
        for folder, folders, names in os.walk(self.path):
            if Path(folder).name == ".git":
                folders.clear()
            for name in names:
                if Path(folder).name == ".git" and name not in ("index", "HEAD"):
                    continue
                path = Path(folder) / name
                status = path.lstat()
                data = path.read_bytes() if path.is_file() else b""
                found[os.fspath(path)] = (data, status.st_mode, status.st_mtime_ns, status.st_ino)
        return found
