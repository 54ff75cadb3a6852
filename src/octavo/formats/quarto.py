"""quarto: Quarto documents.

    ---
    title: A title
    jupyter: python3
    ---

    Some text.

    ```{python}
    #| tags: [parameters]
    1 + 1
    ```

See `_quarto_blocks` for where cells begin and end, `_quarto_options` for the options of code.

Source: the public documentation of Quarto and files that `quarto convert` wrote.
"""

import re

from octavo.core.document import Cell, Document
from octavo.core.errors import Notice, Span
from octavo.core.languages import LANGUAGES
from octavo.formats import _filters, _quarto_blocks, _quarto_options, _yaml
from octavo.formats._format import Format, Keeps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._quarto_blocks import Block

_RULE = re.compile(r"---[ \t]*\n")
_RULE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_JUPYTER = re.compile(r"jupyter[ \t]*:")
_FENCE_OPTIONS = re.compile(r" *[ ,][^\n`]*[^\s`]\Z")
_INDENT = re.compile(r"[ \t]+\Z")
_LANGUAGE_OF_KERNEL = {kernel: row.name for row in LANGUAGES for kernel in row.kernels}
_DEFAULT_NAME = "Python 3 (ipykernel)"
_SPECIFICATION = frozenset(("name", "display_name", "language"))
#: What the reader notes for itself and no header needs.
_NOTES = ("main_language", "text_representation")


class _Head:
    """What the YAML at the top says: notebook metadata, other lines, where the body begins."""

    __slots__ = ("kernel", "metadata", "other", "problem", "stop")

    def __init__(self) -> None:
        self.metadata: Metadata = {}
        self.kernel = ""
        self.other: list[str] = []
        self.problem = ""
        self.stop = 0


# ---- reading ----------------------------------------------------------------------------


def read(text: str, options: "Options", origin: "Origin") -> Document:
    """Return the document that *text* holds."""
    del options  # every one of them is about writing
    head = _read_head(text)
    word = _main_word(head, text)
    metadata = _notebook_metadata(head, word)
    cells: list[Cell] = []
    if head.other:
        cells.append(Cell("raw", "\n".join(["---", *head.other, "---"]), line=1))
    counted, line = 0, 1
    for block in _quarto_blocks.split(text, head.stop, word):
        line += text.count("\n", counted, block.start)
        counted = block.start
        cells.append(_cell(block, word, line))
    notices = []
    if head.problem:
        notices.append(
            Notice(
                "OCT-F080",
                head.problem,
                Span(origin.path, 1),
                hint="the header was kept as a raw cell",
            )
        )
    return Document(cells, metadata, origin=origin, notices=notices)


def _cell(block: "Block", word: str, line: int) -> Cell:
    if block.kind != "code":
        return Cell(block.kind, block.body, block.metadata, line=line)  # type: ignore[arg-type]
    source, metadata = _quarto_options.decode(block.body, word)
    if block.indent:
        metadata["md-indent"] = block.indent
    if block.options:
        metadata["fence_options"] = block.options
    return Cell("code", source, metadata, [], line=line)


def _read_head(text: str) -> _Head:
    """Return what the front matter says; a block that is none stays in the body."""
    head = _Head()
    opening = _RULE.match(text)
    closing = _RULE_END.search(text, opening.end()) if opening else None
    if opening is None or closing is None or closing.start() == opening.end():
        return head
    lines = text[opening.end() : closing.start() - 1].split("\n")
    jupyter, other = _take_jupyter(lines)
    if jupyter:
        try:
            found = _yaml.load("\n".join(jupyter))
            value = found.get("jupyter") if isinstance(found, dict) else None
        except ValueError as error:
            value, head.problem = None, f"the header is no YAML: {error}"
        if isinstance(value, str) and value:
            head.kernel = value
        elif isinstance(value, dict) and value:
            inner = _quarto_options.as_json(value)
            head.metadata = inner if isinstance(inner, dict) else {}
        else:
            head.problem = head.problem or "`jupyter` in the header is no kernel"
            other = lines
    head.other = other if any(line.strip() for line in other) else []
    head.stop = _after_repetition(text, opening.end(), closing)
    return head


def _after_repetition(text: str, start: int, closing: "re.Match[str]") -> int:
    """Return where the body begins; some versions of Quarto repeat the header in it."""
    block = text[start : closing.end()]
    stop = closing.end()
    match = re.compile(r"\s*\n---[ \t]*\n").match(text, stop)
    if match and text.startswith(block + "\n", match.end()):
        return match.end() + len(block)
    return stop


def _take_jupyter(lines: "list[str]") -> "tuple[list[str], list[str]]":
    """Return the lines under `jupyter:`, and the others."""
    jupyter: list[str] = []
    other: list[str] = []
    inside = False
    for line in lines:
        if _JUPYTER.match(line):
            inside = True
        elif line[:1] not in (" ", "\t", ""):
            inside = False
        (jupyter if inside else other).append(line)
    return jupyter, other


def _main_word(head: _Head, text: str) -> str:
    """Return the language of code cells as it stands in their fences, "" when there are none."""
    if head.kernel:
        language = _LANGUAGE_OF_KERNEL.get(head.kernel, "")
        return _quarto_blocks.fence_word(language) if language else _guess(head, text)
    return _recorded_word(head.metadata) or _guess(head, text)


def _guess(head: _Head, text: str) -> str:
    return _quarto_blocks.guess_word(text[head.stop :]) or ("python" if head.stop else "")


def _recorded_word(metadata: "Metadata") -> str:
    """Return the language that the metadata of a notebook names, or ""."""
    kernelspec, section = metadata.get("kernelspec"), metadata.get("jupytext")
    kernelspec = kernelspec if isinstance(kernelspec, dict) else {}
    section = section if isinstance(section, dict) else {}
    kernel = kernelspec.get("name")
    language = (
        kernelspec.get("language")
        or section.get("main_language")
        or _LANGUAGE_OF_KERNEL.get(kernel if isinstance(kernel, str) else "")
    )
    return _quarto_blocks.fence_word(language) if isinstance(language, str) and language else ""


def _notebook_metadata(head: _Head, word: str) -> "Metadata":
    metadata = dict(head.metadata)
    if head.kernel:
        metadata["kernelspec"] = _kernelspec(head.kernel, word)
    section = metadata.get("jupytext")
    section = dict(section) if isinstance(section, dict) else {}
    section.pop("text_representation", None)
    extra = _extra_keys(metadata)
    if extra and "notebook_metadata_filter" not in section:
        section["notebook_metadata_filter"] = extra
    if word and word != "python" and not _recorded_word({**metadata, "jupytext": {}}):
        section.setdefault("main_language", word)
    if section:
        metadata["jupytext"] = section
    elif "jupytext" in metadata:
        del metadata["jupytext"]
    return metadata


def _extra_keys(metadata: "Metadata") -> str:
    """Return a filter that keeps the keys of a header that are not kept anyway."""
    return ",".join(sorted(metadata.keys() - set(_filters.KEPT_IN_HEADER)))


def _kernelspec(name: str, word: str) -> "Metadata":
    """Return the specification of a kernel that a header knows by its name alone."""
    language = _LANGUAGE_OF_KERNEL.get(name) or word
    display = _DEFAULT_NAME if name == "python3" else name
    found: Metadata = {"display_name": display, "name": name}
    if language:
        found["language"] = language
    return found


# ---- writing ----------------------------------------------------------------------------


def write(document: Document, options: "Options") -> str:
    """Return *document* as a Quarto document."""
    recorded = document.metadata.get("jupytext")
    recorded = recorded if isinstance(recorded, dict) else {}
    settings = options.over(recorded)
    word = _recorded_word(document.metadata) or _language_info(document.metadata) or "python"
    keeps = _filters.cell_filter(settings.text("cell_metadata_filter"))
    cells = document.cells
    raw: list[str] = []
    if cells and _is_header(cells[0], keeps.apply(cells[0].metadata)):
        raw = cells[0].source.split("\n")[1:-1]
        cells = cells[1:]
    blocks: list[str] = []
    follows = False  # whether the cell before is Markdown without an end
    for cell in cells:
        own = keeps.apply(cell.metadata)
        if cell.kind == "code":
            blocks.append(_code(cell.source, own, word))
            follows = False
        else:
            block, follows = _content(cell, own, word, follows=follows, is_first=not blocks)
            blocks.append(block)
    body = "\n\n".join(blocks) + "\n" if blocks else ""
    head = _header(document.metadata, options, settings, raw, body, word)
    return f"{head}\n{body}" if head and body else head + body


def _language_info(metadata: "Metadata") -> str:
    info = metadata.get("language_info")
    name = info.get("name") if isinstance(info, dict) else None
    return _quarto_blocks.fence_word(name) if isinstance(name, str) and name else ""


def _is_header(cell: Cell, metadata: "Metadata") -> bool:
    """Return whether a raw cell can stand as the front matter and be read back from there."""
    source = cell.source
    if cell.kind != "raw" or metadata or not source.startswith("---\n"):
        return False
    head = _read_head(source)
    return (
        head.stop == len(source)
        and not head.metadata
        and not head.kernel
        and not head.problem
        and "\n".join(["---", *head.other, "---"]) == source
    )


def _header(
    metadata: "Metadata",
    options: "Options",
    settings: "Options",
    raw: "list[str]",
    body: str,
    word: str,
) -> str:
    """Return the front matter, "" when there is nothing to say."""
    kept = _filters.notebook_filter(settings.text("notebook_metadata_filter")).apply(metadata)
    section = kept.get("jupytext")
    section = {**section} if isinstance(section, dict) else {}
    for note in _NOTES:
        section.pop(note, None)
    section.update(options.values)
    kept.pop("jupytext", None)
    if section.get("notebook_metadata_filter") == _extra_keys(kept) != "":
        del section["notebook_metadata_filter"]
    if not _recorded_word(kept) and (_quarto_blocks.guess_word(body) or word) != word:
        section["main_language"] = word
    if section:
        kept["jupytext"] = section
    lines = list(raw)
    if kept:
        lines += _jupyter_lines(kept, word)
    return "\n".join(["---", *lines, "---", ""]) if lines else ""


def _jupyter_lines(kept: "Metadata", word: str) -> "list[str]":
    kernelspec = kept.get("kernelspec")
    if len(kept) == 1 and isinstance(kernelspec, dict):
        name = kernelspec.get("name")
        if isinstance(name, str) and _is_plain_kernel(name, kernelspec, word):
            return _yaml.dump({"jupyter": name}).split("\n")[:-1]
    return _yaml.dump({"jupyter": kept}).split("\n")[:-1]


def _is_plain_kernel(name: str, kernelspec: "Metadata", word: str) -> bool:
    """Return whether the name of a kernel says enough."""
    if not _SPECIFICATION.issuperset(kernelspec) or not name:
        return False
    if name == "python3":
        return kernelspec.get("language", "python") == "python"
    return name in _LANGUAGE_OF_KERNEL and kernelspec == _kernelspec(name, word)


def _code(source: str, metadata: "Metadata", word: str) -> str:
    """Return a code cell between fences."""
    indent, options = metadata.get("md-indent"), metadata.get("fence_options")
    indent = indent if isinstance(indent, str) and _INDENT.match(indent) else ""
    options = options if isinstance(options, str) and _FENCE_OPTIONS.match(options) else ""
    if indent or options:
        said = {"md-indent": indent, "fence_options": options}
        metadata = {k: v for k, v in metadata.items() if not said.get(k)}
    body = _quarto_options.encode(source, metadata, word)
    fence = _quarto_blocks.longer_fence(body)
    lines = [f"{fence}{{{word}{options}}}", *(body.split("\n") if body else ()), fence]
    return "\n".join(indent + line if line else line for line in lines)


def _content(
    cell: Cell, metadata: "Metadata", word: str, *, follows: bool, is_first: bool
) -> tuple[str, bool]:
    """Return a Markdown or raw cell, and whether only a mark can separate text after it."""
    body = cell.source
    if cell.kind == "raw":
        body = _quarto_blocks.raw_body(body, metadata)
    if not _is_plain(body, word, is_first=is_first):
        return _quarto_blocks.exact_cell(cell.kind, metadata, body), False
    if cell.kind == "markdown" and not metadata and not follows:
        return body, True
    return f"{_quarto_blocks.mark_line(cell.kind, metadata)}\n\n{body}", True


def _is_plain(body: str, word: str, *, is_first: bool) -> bool:
    """Return whether a text is read back as one cell without an end mark."""
    if not body or _quarto_blocks.trim(body) != body or (is_first and body.startswith("---")):
        return False
    if "\r" in body or "<!-- begin cell" in body:
        return False  # the newlines of a whole file; an end that belongs to another cell
    if "```" not in body and "~~~" not in body and "<!--" not in body:
        return True
    found = list(_quarto_blocks.split(body, 0, word))
    return (
        len(found) == 1
        and found[0].kind == "markdown"
        and not found[0].is_marked
        and not found[0].is_open
        and found[0].body == body
    )


FORMAT = Format(
    "quarto",
    (".qmd",),
    read,
    write,
    summary="Quarto documents",
    version="1.0",
    options=("notebook_metadata_filter", "cell_metadata_filter"),
    keeps=Keeps("all"),
    default_for=(".qmd",),
)
