"""Real git repositories for tests, apart from the settings of whoever runs them."""

import json
import os
import subprocess

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "C",
    "GIT_COMMITTER_EMAIL": "c@example.org",
    "GIT_AUTHOR_DATE": "@1700000000 +0100",
    "GIT_COMMITTER_DATE": "@1700000000 +0100",
    "FILTER_BRANCH_SQUELCH_WARNING": "1",
}


def notebook(*sources, outputs=True):
    """Return the bytes of a notebook with a cell of code for each source."""
    cells = [
        {
            "cell_type": "code", "id": f"c{n}", "metadata": {}, "source": source.splitlines(True),
            "execution_count": n + 1 if outputs else None,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"{n}\n"]}]
            if outputs else [],
        }
        for n, source in enumerate(sources)
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    found = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(found, indent=1) + "\n").encode()


class Sandbox:
    """A repository in a temporary folder."""

    def __init__(self, path, *options):
        self.path = path
        os.makedirs(path, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def raw(self, *words, given=b"", check=True):
        done = subprocess.run(
            ["git", "-C", os.fspath(self.path), *words],
            input=given, capture_output=True, env=ENVIRONMENT, check=False,
        )  # fmt: skip
        if check:
            assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def git(self, *words, **kw):
        return self.raw(*words, **kw).decode("utf-8", "surrogateescape").strip()

    def write(self, **files):
        return self.put({name.replace("__", "/"): data for name, data in files.items()})

    def put(self, files):
        for name, data in files.items():
            path = os.path.join(os.fsencode(os.fspath(self.path)), os.fsencode(name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as fp:
                fp.write(data if isinstance(data, bytes) else data.encode())
        return self

    def commit(self, files=None, message="change"):
        self.put(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def tree(self, ref):
        """Return mode and content of each file of a commit, by its path in bytes."""
        found = {}
        for line in self.raw("ls-tree", "-rz", ref).split(b"\0")[:-1]:
            head, _, path = line.partition(b"\t")
            mode, kind, oid = head.decode().split(" ")
            content = self.raw("cat-file", "blob", oid) if kind == "blob" else oid
            found[path] = (mode, content)
        return found

    def refs(self):
        return dict(
            reversed(line.split(" ", 1))
            for line in self.git("for-each-ref", "--format=%(objectname) %(refname)").splitlines()
        )
