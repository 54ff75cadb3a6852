"""Notebooks full of canaries: words that an edition takes out, each found nowhere else.

`specimen(seed)` makes a notebook in which what is to be hidden is marked in one of many ways, in
many places: sources, outputs, metadata, attachments, alternative texts, ids, names of pictures.
"""

import base64
import random
import re
import subprocess
import zipfile
import zlib
from io import BytesIO

from support.widget_states import model, view

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TOML = """
[edition.e]
audience = ["student"]
kind = ["tutorial", "how-to"]
select = "not tag:solution and not tag:dev-*"
known_tags = ["solution"]
transform = ["clear-solutions", "remove-output:tag:quiet"]
assert = ["no-leak"]
write = [{formats}]
"""
_SELECTED_OUT = (
    {"tags": ["solution"]}, {"tags": ["x", "dev-notes"]}, {"audience": "teacher"},
    {"tags": ["audience:teacher"]}, {"kind": "reference"}, {"octavo": {"kind": ["explanation"]}},
    {"tags": ["remove-cell"]}, {"tags": ["remove_cell"]},
)  # fmt: skip
_HEADINGS = (
    "## {0} {{.solution}}", "## {0} {{audience=teacher}}", '## {0} {{#l kind="reference"}}',
    "{{.dev-x}}\n## {0}", "{0} {{.solution}}\n-----", "## {0} {{tags=solution}}",
)  # fmt: skip
_NO_INPUT = ({"tags": ["remove-input"]}, {"tags": ["hide_code"]}, {"hide_input": True},
             {"jupyter": {"source_hidden": True}}, {"hideCode": True})  # fmt: skip
_NO_OUTPUT = ({"tags": ["remove_output"]}, {"hide_output": True}, {"tags": ["quiet"]},
              {"jupyter": {"outputs_hidden": True}}, {"collapsed": True})  # fmt: skip


class Specimen:
    """A notebook, its pictures, and its words: hidden ones and those that must be there.

    Of the hidden ones, those in `packed` stand in pictures, so they are seen as base64 in texts;
    `orphans` are in states of widgets that no output shows, so no edition has them.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.hidden = []
        self.shown = []
        self.packed = set()
        self.orphans = set()
        self.pictures = {}
        self.state = {}
        self.cells = []
        self._seed = seed

    def canary(self):
        word = f"Canary{self._seed:04d}n{len(self.hidden):03d}q"
        self.hidden.append(word)
        return word

    def kept(self):
        word = f"Shown{self._seed:04d}n{len(self.shown):03d}q"
        self.shown.append(word)
        return word

    def data(self):
        """Return base64 of a picture that holds a canary."""
        word = self.canary()
        self.packed.add(word)
        text = base64.b64encode(PNG + word.encode()).decode()
        self.hidden.append(text[-28:-4])
        return text

    def widget(self):
        """Return an output that shows a widget, whose state is in the notebook's metadata."""
        word = self.canary
        box, inner, orphan = word().lower(), word().lower(), word().lower()
        caught = [{"output_type": "stream", "name": "stdout", "text": word()}, view(inner, word())]
        self.state[box] = model("VBox", children=[f"IPY_MODEL_{box}o"], layout=f"IPY_MODEL_{box}l")
        self.state[box + "l"] = model("Layout", "base", width=word())
        self.state[box + "o"] = model("Output", "output", outputs=caught, note=word())
        self.state[inner] = model("Text", value=word(), description=word())
        self.orphans |= {orphan.capitalize(), text := word()}
        self.state[orphan] = model("Label", value=text)
        return view(box, word())

    def kept_widget(self):
        """Return an output whose widget stays; what its cell prints does not."""
        caught = [{"output_type": "stream", "name": "stderr", "text": self.canary()},
                  {"output_type": "stream", "name": "stdout", "text": self.kept()}]  # fmt: skip
        name = f"kept{len(self.state)}"
        link = [[f"IPY_MODEL_{name}", "value"], [f"IPY_MODEL_{name}t", "value"]]
        self.state[name] = model("Output", "output", outputs=caught)
        self.state[name + "t"] = model("Text", value=self.kept(), description=self.kept())
        self.state[name + "j"] = model("Link", source=link[0], target=link[1])
        return [view(name), view(name + "t")]

    def outputs(self):
        word = self.canary
        choices = [
            lambda: {"output_type": "stream", "name": "stdout", "text": f"a {word()}\n"},
            lambda: {"output_type": "error", "ename": word(), "evalue": word(), "traceback": [f"\x1b[31m{word()}\x1b[0m"]},
            lambda: {"output_type": "display_data", "metadata": {"image/png": {"alt": word()}, "alt": word()},
             "data": {"image/png": self.data(), "text/plain": word()}},
            lambda: {"output_type": "execute_result", "execution_count": 1, "metadata": {},
             "data": {"text/html": f"<table><tr><td title='{word()}'>{word()}</td></tr></table>", "text/plain": word()}},
            self.widget,
            lambda: {"output_type": "display_data", "metadata": {},
             "data": {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'><title>{word()}</title><text>{word()}</text></svg>"}},
            lambda: {"output_type": "display_data", "metadata": {"x": word()}, "data": {"application/x-unknown": word()}},
        ]  # fmt: skip
        chosen = self.random.sample(choices, self.random.randint(2, len(choices)))
        return [make() for make in chosen]

    def code(self, source, metadata, outputs=()):
        name = f"c{len(self.cells)}"
        self.cells.append({"cell_type": "code", "id": name, "metadata": metadata, "source": source,
                           "execution_count": None, "outputs": list(outputs)})  # fmt: skip
        return self.cells[-1]

    def prose(self, source, metadata=None, attachments=None):
        cell = {"cell_type": "markdown", "id": f"c{len(self.cells)}", "metadata": metadata or {},
                "source": source}  # fmt: skip
        if attachments:
            cell["attachments"] = attachments
        self.cells.append(cell)
        return cell

    def notebook(self):
        states = {"version_major": 2, "version_minor": 0, "state": self.state}
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return {
            "cells": self.cells, "nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": kernel, "language_info": {"name": "python"},
                         "widgets": {"application/vnd.jupyter.widget-state+json": states}},
        }  # fmt: skip


def specimen(seed):
    """Return the notebook of a seed."""
    one = Specimen(seed)
    one.prose(f"# Title {one.kept()}\n\nText.")
    kinds = [_hidden_code, _hidden_prose, _hidden_section, _hidden_input, _hidden_output,
             _some_outputs, _solution, _shown_code, _shown_prose]  # fmt: skip
    for make in one.random.choices(kinds, k=one.random.randint(5, 12)):
        make(one)
    return one


def _hidden_code(one):
    word = one.canary
    metadata = {**one.random.choice(_SELECTED_OUT), "note": word(), word(): {"deep": [word()]}}
    cell = one.code(f"{word()} = '{word()}'  # {word()}", metadata, one.outputs())
    cell["id"] = word()


def _hidden_prose(one):
    word = one.canary
    name = f"{word()}.png"
    one.pictures[f"{name[:-4]}2.png"] = PNG + word().encode()
    text = (
        f"### {word()}\n\n![{word()}](attachment:{name}) ![{word()}]({name[:-4]}2.png '{word()}')\n\n"
        f"- {word()} $x_{{{word()}}}$ [{word()}](https://a.example/{word()})\n\n[^{word()}]: {word()}\n"
    )
    one.prose(
        text, {**one.random.choice(_SELECTED_OUT), "alt": word()}, {name: {"image/png": one.data()}}
    )


def _hidden_section(one):
    word = one.canary
    name = f"{word()}.png"
    heading = one.random.choice(_HEADINGS).format(word())
    inner = one.random.choice(
        [f"```python\n# {word()}\n```\n", f"### {word()}\n\n{word()}\n", f"| a |\n| - |\n| {word()} |\n",
         f"```{{note}} {word()}\n{word()}\n```\n", f"<!-- {word()} -->\n\n{word()}\n"]
    )  # fmt: skip
    text = (
        f"## Before {one.kept()}\n\n{one.kept()}\n\n{heading}\n\n{word()} ![{word()}](attachment:{name})\n\n"
        f"{inner}\n"
    )
    if one.random.random() < 0.5:
        text += f"## After {one.kept()}\n\n{one.kept()}\n"
        one.prose(text, None, {name: {"image/png": one.data()}})
    else:
        one.prose(text, None, {name: {"image/png": one.data()}})
        one.code(f"{word()} = 1", {}, one.outputs())
        one.prose(f"#### {word()}\n\n{word()}")
        one.prose(f"# Next {one.kept()}")


def _hidden_input(one):
    word = one.canary
    mark = one.random.choice(_NO_INPUT)
    options = "" if one.random.random() < 0.5 else "#| echo: false\n"
    shown = {"output_type": "stream", "name": "stdout", "text": f"{one.kept()}\n"}
    one.code(f"{options}{word()} = 1\n# {word()}", {**mark, "note": word()}, [shown])


def _hidden_output(one):
    word = one.canary
    mark = one.random.choice(_NO_OUTPUT)
    source = f"#| fig-alt: {word()}\n#| fig-cap: {word()}\n{one.kept()} = 1"
    one.code(source, {**mark, "alt": word()}, one.outputs())


def _some_outputs(one):
    word = one.canary
    outputs = [
        {"output_type": "stream", "name": "stderr", "text": word()},
        {"output_type": "stream", "name": "stdout", "text": one.kept()},
        {"output_type": "display_data", "data": {"text/plain": word()}, "metadata": {"tags": ["remove_output"]}},
    ]  # fmt: skip
    one.code(f"{one.kept()} = 1", {"tags": ["remove-stderr"]}, [*outputs, *one.kept_widget()])


def _solution(one):
    word = one.canary
    source = (
        f"def {one.kept()}():\n    ### BEGIN SOLUTION\n    return '{word()}'\n    ### END SOLUTION\n"
        f"### BEGIN HIDDEN TESTS\nassert '{word()}'\n### END HIDDEN TESTS"
    )
    one.code(source, {}, one.outputs())


def _shown_code(one):
    one.code(
        f"{one.kept()} = 1", {}, [{"output_type": "stream", "name": "stdout", "text": one.kept()}]
    )


def _shown_prose(one):
    one.prose(f"## {one.kept()}\n\n- {one.kept()}\n")


def views(path, data):
    """Yield all that can be read in a file: its bytes, what is packed in it, its texts."""
    yield path.encode()
    yield data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield archive.comment
            for info in archive.infolist():
                yield info.filename.encode() + info.comment + info.extra
                inner = archive.read(info)
                yield inner
                yield re.sub(rb"<[^>]*>", b"", inner)
    elif data.startswith(b"%PDF"):
        for found in re.finditer(rb"stream\r?\n", data):
            try:
                yield zlib.decompressobj().decompress(data[found.end() :])
            except zlib.error:
                continue
        command = ["pdftotext", "-q", "-", "-"]
        yield subprocess.run(
            command, input=data, capture_output=True, check=True, timeout=60
        ).stdout
        yield subprocess.run(
            ["pdfinfo", "-"], input=data, capture_output=True, check=True, timeout=60
        ).stdout
    elif b"<" in data:
        yield re.sub(rb"<[^>]*>", b"", data)


def found_in(words, files):
    """Return the words that stand in one of the files, and where."""
    pattern = re.compile(b"|".join(re.escape(word.encode()) for word in words), re.IGNORECASE)
    return sorted(
        {(match.decode(), path) for path, data in files for view in views(path, data)
         for match in pattern.findall(view)}
    )  # fmt: skip
