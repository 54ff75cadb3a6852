"""A drive that is no disk, behind a synchronous or an asynchronous contents manager."""

import asyncio
import json
from datetime import UTC, datetime
from types import SimpleNamespace

from jupyter_server.base.call_context import CallContext
from jupyter_server.services.contents.checkpoints import AsyncCheckpoints, Checkpoints
from jupyter_server.services.contents.manager import AsyncContentsManager, ContentsManager
from tornado.web import HTTPError

from octavo.jupyter import contents as contents_module
from octavo.jupyter.extension import contents_for

OUTPUT = {"output_type": "stream", "name": "stdout", "text": "2\n"}


class Drive:
    """Keeps texts in memory, and knows no hashes, as managers of distant drives do."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.texts = {}
        self.folders = {""}
        self.clock = 0

    def model(self, path, content, type=None):  # noqa: A002
        if path in self.folders:
            raise HTTPError(400, f"{path} is a folder")
        if path not in self.texts:
            raise HTTPError(404, f"no {path}")
        text, time = self.texts[path]
        found = {"name": path, "path": path, "type": "file", "writable": True, "mimetype": None,
                 "created": time, "last_modified": time, "content": None, "format": None}  # fmt: skip
        if type == "notebook" or (type is None and path.endswith(".ipynb")):
            found.update(type="notebook")
            return found | ({"content": json.loads(text), "format": "json"} if content else {})
        return found | ({"content": text, "format": "text"} if content else {})

    def put(self, path, text):
        self.before_writing(path)
        self.clock += 1
        self.texts[path] = (text, datetime.fromtimestamp(self.clock, UTC))

    def before_writing(self, path):
        """Do what happens on the drive before a file is written."""

    def write(self, model, path):
        if model["type"] == "directory":
            self.folders.add(path)
            return {"path": path, "type": "directory"}
        if path.rpartition("/")[0] not in self.folders:
            raise HTTPError(400, f"no folder for {path}")
        content = model["content"]
        self.put(path, content if isinstance(content, str) else json.dumps(content))
        return self.model(path, content=False)

    def move(self, old, new):
        for path in [path for path in self.texts if path == old or path.startswith(f"{old}/")]:
            self.texts[new + path[len(old) :]] = self.texts.pop(path)
        if old in self.folders:
            self.folders = (self.folders - {old}) | {new}


class NoCheckpoints(Checkpoints):
    def list_checkpoints(self, path):
        return []


class AsyncNoCheckpoints(AsyncCheckpoints):
    async def list_checkpoints(self, path):
        return []


class SyncDrive(Drive, ContentsManager):
    def get(self, path, content=True, type=None, format=None):  # noqa: A002
        return self.model(path, content, type)

    def save(self, model, path):
        return self.write(model, path)

    def rename_file(self, old, new):
        self.move(old, new)

    def delete_file(self, path):
        del self.texts[path]

    def file_exists(self, path):
        return path.strip("/") in self.texts

    def dir_exists(self, path):
        return path in self.folders

    def is_hidden(self, path):
        return False


class AsyncDrive(Drive, AsyncContentsManager):
    async def get(self, path, content=True, type=None, format=None):  # noqa: A002
        return self.model(path, content, type)

    async def save(self, model, path):
        return self.write(model, path)

    async def rename_file(self, old, new):
        self.move(old, new)

    async def delete_file(self, path):
        del self.texts[path]

    async def file_exists(self, path):
        return path.strip("/") in self.texts

    async def dir_exists(self, path):
        return path in self.folders

    async def is_hidden(self, path):
        return False


class Page:
    """A page with a drive behind it; `client` is the name it gives itself."""

    def __init__(self, drive, state):
        self.drive = drive
        self.state = state
        self.client = ""
        self.restart()

    def restart(self):
        self.proxy = contents_for(self.drive, str(self.state))

    def call(self, method, *args, **kwargs):
        async def run():
            headers = {contents_module.CLIENT_HEADER: self.client} if self.client else {}
            handler = SimpleNamespace(request=SimpleNamespace(headers=headers))
            CallContext.set(CallContext.JUPYTER_HANDLER, handler)
            found = getattr(self.proxy, method)(*args, **kwargs)
            return await found if asyncio.iscoroutine(found) else found

        return asyncio.run(run())

    def open(self, path="x.md"):
        return self.call("get", path, type="notebook")["content"]

    def save(self, content, path="x.md"):
        model = {"type": "notebook", "format": "json", "content": content}
        return self.call("save", model, path)

    def text(self, path="x.md"):
        return self.drive.texts[path][0]


def sources(content):
    return [cell["source"] for cell in content["cells"]]
