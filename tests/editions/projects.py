"""Small projects to build editions of."""

import json


class Project:
    """A folder with octavo.toml and documents, and short ways to build it."""

    def __init__(self, root):
        self.root = root

    def write(self, path, text):
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return full

    def build(self, *names, **wishes):
        from octavo.editions.build import Wishes, build

        wishes.setdefault("jobs", 1)
        return build(names, str(self.root), Wishes(**wishes))

    def read(self, path):
        return (self.root / path).read_text("utf-8")

    def notebook(self, path):
        return json.loads(self.read(path))

    def sources(self, path):
        return ["".join(cell["source"]) for cell in self.notebook(path)["cells"]]

    def files(self, folder="build"):
        top = self.root / folder
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_file()
        }


def statuses(report):
    return {one.path: one.status for one in report.files}


def codes(report):
    return [fault.code for fault in report.faults]
