"""Contents of a server in a folder of their own, with a synchronous and an asynchronous manager."""

import asyncio
import contextlib
import json
from types import SimpleNamespace

import pytest


class Contents:
    """Our contents in front of a manager of Jupyter; calls wait for their result."""

    def __init__(self, root, state, manager):
        self.root = root
        self._state = state
        self._manager = manager
        state.mkdir(exist_ok=True)
        self.client = ""
        self._notary = None
        self.restart()

    def restart(self):
        """Forget what is in memory, as a new server does."""
        from nbformat.sign import NotebookNotary

        from octavo.jupyter.extension import contents_for

        self.close()
        inner = self._manager(root_dir=str(self.root), delete_to_trash=False)
        inner.notary = NotebookNotary(parent=inner, data_dir=str(self._state))
        self.proxy = contents_for(inner, str(self._state))
        self._notary = inner.notary

    def close(self):
        """Close the signatures, which nothing of Jupyter does."""
        if self._notary is not None:
            self._notary.store.close()

    def __getattr__(self, name):
        method = getattr(self.proxy, name)

        def call(*args, **kwargs):
            async def run():
                from jupyter_server.base.call_context import CallContext

                headers = {"X-Octavo-Client": self.client} if self.client else {}
                request = SimpleNamespace(headers=headers)
                CallContext.set(CallContext.JUPYTER_HANDLER, SimpleNamespace(request=request))
                result = method(*args, **kwargs)
                return await result if asyncio.iscoroutine(result) else result

            return asyncio.run(run())

        return call

    def notebook(self, path):
        return self.get(path, type="notebook")["content"]

    def put(self, path, content):
        model = {"type": "notebook", "format": "json", "content": json.loads(json.dumps(content))}
        return self.save(model, path)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path):
        return (self.root / path).read_text("utf-8")


def managers():
    with contextlib.suppress(ImportError):
        from jupyter_server.services.contents.largefilemanager import (
            AsyncLargeFileManager,
            LargeFileManager,
        )

        return [AsyncLargeFileManager, LargeFileManager]
    return []


@pytest.fixture(params=managers(), ids=lambda manager: manager.__name__)
def contents(request, tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    contents = Contents(root, tmp_path / "state", request.param)
    yield contents
    contents.close()


@pytest.fixture(params=["sync", "async"])
def far_page(request, tmp_path):
    """A page whose files lie on a drive that is no disk, with nothing on it."""
    from nbformat.sign import NotebookNotary
    from tests.jupyter import drive

    if request.param == "sync":
        made = drive.SyncDrive(checkpoints_class=drive.NoCheckpoints)
    else:
        made = drive.AsyncDrive(checkpoints_class=drive.AsyncNoCheckpoints)
    made.notary = NotebookNotary(parent=made, data_dir=str(tmp_path))
    yield drive.Page(made, tmp_path)
    made.notary.store.close()
