"""Notebooks to text, blob by blob; many of them by several processes."""

from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from octavo.core.document import Document

_LFS = b"version https://git-lfs.github.com/spec/"
_CHUNK_BYTES = 4 << 20
#: Below this, starting processes costs more than they save.
_PARALLEL_BYTES = 48 << 20


class Recipe:
    """What is made of a notebook: the text in *format*, and the notebook where it is kept.

    `pair` is the list of paired formats to note in both, "" to note nothing; `strips` takes
    outputs and counts out of the kept notebook; `options` are format options.
    """

    __slots__ = ("format", "keeps", "options", "pair", "strips")

    def __init__(
        self,
        format: str,  # noqa: A002  the word for it
        *,
        keeps: bool = False,
        pair: str = "",
        strips: bool = False,
        options: "dict[str, bool | str] | None" = None,
    ) -> None:
        self.format = format
        self.keeps = keeps
        self.pair = pair
        self.strips = strips
        self.options = options or {}


class Converted:
    """A notebook as text: `suffix` and `text`; `notebook` where it changed and is kept.

    `problem` tells why it could not be converted; nothing else is set then.
    """

    __slots__ = ("notebook", "problem", "suffix", "text")

    def __init__(
        self, suffix: str = "", text: bytes = b"", notebook: bytes | None = None, problem: str = ""
    ) -> None:
        self.suffix = suffix
        self.text = text
        self.notebook = notebook
        self.problem = problem


def convert(data: bytes, recipe: Recipe) -> Converted:
    """Return what becomes of the bytes of a notebook.  Never fails."""
    if data.startswith(_LFS):
        return Converted(problem="it is a pointer of Git LFS")
    try:
        return _convert(data, recipe)
    except OctavoError as error:
        return Converted(problem=error.message)
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        return Converted(problem=f"it cannot be read: {type(error).__name__}: {error}")


def _convert(data: bytes, recipe: Recipe) -> Converted:
    from octavo.formats import _names, _text
    from octavo.workspace import files

    ipynb = _names.Target(_names.IPYNB)
    document = _text.read_text(data, ipynb, {})
    if recipe.pair:
        document = _paired(document, recipe.pair)
    target = _text.settle_target(_names.parse(recipe.format), document.metadata, recipe.options)
    text = files.document_bytes(document, target, recipe.options)
    notebook = None
    if recipe.keeps and (recipe.pair or recipe.strips):
        kept = stripped(document) if recipe.strips else document
        notebook = files.document_bytes(kept, ipynb, {})
    return Converted(target.suffix, text, notebook)


def _paired(document: "Document", formats: str) -> "Document":
    section = document.metadata.get("jupytext")
    own = section if isinstance(section, dict) else {}
    metadata = {**document.metadata, "jupytext": {**own, "formats": formats}}
    return document.with_(metadata=metadata)


def stripped(document: "Document") -> "Document":
    """Return *document* without outputs and execution counts."""
    cells = [
        cell.with_(outputs=[], execution_count=None) if cell.kind == "code" else cell
        for cell in document.cells
    ]
    return document.with_(cells=cells)


def convert_all(
    blobs: "Iterable[tuple[bytes, Recipe]]", total_bytes: int, processes: int
) -> "Iterator[Converted]":
    """Yield what becomes of each notebook, in order.

    With *processes* above 1 and enough to do, they share the work; a few chunks are in memory
    at a time.
    """
    if processes < 2 or total_bytes < _PARALLEL_BYTES:
        for data, recipe in blobs:
            yield convert(data, recipe)
        return
    from collections import deque
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[Converted]]] = deque()
        for chunk in _chunks(blobs):
            waiting.append(pool.submit(_convert_chunk, chunk))
            if len(waiting) > 2 * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _convert_chunk(chunk: "list[tuple[bytes, Recipe]]") -> list[Converted]:
    return [convert(data, recipe) for data, recipe in chunk]


def _chunks(
    blobs: "Iterable[tuple[bytes, Recipe]]",
) -> "Iterator[list[tuple[bytes, Recipe]]]":
    chunk: list[tuple[bytes, Recipe]] = []
    size = 0
    for data, recipe in blobs:
        chunk.append((data, recipe))
        size += len(data)
        if size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
