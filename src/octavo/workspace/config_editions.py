"""The editions of `octavo.toml`: `[edition.NAME]` and `[document."PATH"]`, checked with places."""

import os

from octavo.core.errors import ConfigError, OptionError, Span, did_you_mean
from octavo.workspace.config_keys import Key, checked, of_option, schema_of_key, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from octavo.core.document import Json
    from octavo.workspace.config import Reader
    from octavo.workspace.config_keys import Value
    from octavo.workspace.config_toml import Path

EDITION, DOCUMENT = "edition", "document"
ASSERTS = ("no-leak", "no-remote", "alt-text", "links")

EDITION_KEYS = (
    Key("from", "texts", None,
        "The documents of the edition, patterns as in rules (default: every document).",
        example="lessons/**"),
    Key("output", "choice", None, "The folder to write to (default: build/NAME).",
        example="build/student"),
    Key("kind", "texts", None,
        "Keep cells and sections of these kinds (tutorial, how-to, explanation, reference), and "
        "those that say nothing about it.", example="tutorial"),
    Key("audience", "texts", None,
        "Keep cells and sections for these readers, and those that say nothing about it.",
        example="student"),
    Key("language", "texts", None,
        "Keep code in these languages and text in these languages, and what says nothing.",
        example="python"),
    Key("select", "choice", None, "Keep the cells and sections that this expression is true of.",
        example="not tag:solution"),
    Key("transform", "texts", None, "Transforms, one after the other.", example="strip-outputs"),
    Key("execute", "choice", "never",
        "Whether documents run: never (outputs are those that they have), cache (unless the same "
        "run was made before) or always.", choices=("never", "cache", "always")),
    Key("marks", "choice", "remove",
        "Whether what marks such as remove-cell hide is removed from all files, or kept in those "
        "that are not pages.", choices=("remove", "keep")),
    Key("assert", "texts", None, "What must be true of the files, else none is written: "
        + ", ".join(ASSERTS) + ".", example="no-leak"),
    Key("known_tags", "texts", None, "Tags of the expression that no document need have.",
        example="solution"),
    Key("kernel", "choice", None, "The kernel that runs the documents.", example="python3"),
    Key("timeout", "number", 0, "How many seconds a cell may run; 0: no limit.", example="60"),
)  # fmt: skip
WRITE, PARAMS, MATRIX, FORMAT = "write", "params", "matrix", "format"
PAGE_KEYS = (
    Key("folder", "choice", "", "A folder in that of the edition.", example="pdf"),
    Key("marks", "choice", "", "As for the edition.", choices=("remove", "keep")),
    Key("title", "choice", "", "Title in place of the document's own.", example="Handbook"),
    Key("lang", "choice", "", "Language of the text.", example="de"),
    Key("css", "choice", "", "A style sheet that is added to pages.", example="theme.css"),
    Key("contents", "flag", True, "Whether there is a table of contents."),
    Key("number_sections", "flag", False, "Whether headings are numbered."),
    Key("standard", "choice", "", "The standard of a PDF.", example="ua-1"),
    Key("live", "flag", True,
        "Whether plots stay alive in pages and slides where their packages are installed; false "
        "gives pictures or tables."),
)  # fmt: skip


class Write:
    """One target of an edition: its format, and what was said about it."""

    __slots__ = ("format", "options", "span", "values")

    def __init__(self, fmt: str, values: "dict[str, Value]", span: Span) -> None:
        self.format = fmt
        page = {key.name for key in PAGE_KEYS}
        self.values = {name: value for name, value in values.items() if name in page}
        self.options = {name: value for name, value in values.items() if name not in page}
        self.span = span

    def text(self, name: str) -> str:
        """Return a text that was said, "" when nothing was."""
        return str(self.values.get(name, ""))


class Edition:
    """What one table says; `spans` has the place of each key, `digest` changes with any of it.

    `words` are the tags that the expressions of all editions name.
    """

    __slots__ = ("digest", "matrix", "name", "params", "span", "spans", "values",
                 "words", "writes")  # fmt: skip

    def __init__(self, name: str, span: Span) -> None:
        self.name = name
        self.span = span
        self.spans: dict[str, Span] = {}
        self.values: dict[str, Value] = {}
        self.words: tuple[str, ...] = ()
        self.writes: list[Write] = []
        self.params: dict[str, Json] = {}
        self.matrix: dict[str, list[Json]] = {}
        self.digest = ""

    def texts(self, name: str) -> list[str]:
        """Return a list that was said, [] when nothing was."""
        found = self.values.get(name)
        return list(found) if isinstance(found, list) else []

    def text(self, name: str) -> str:
        """Return a text that was said, its default when nothing was."""
        default = next(key.default for key in EDITION_KEYS if key.name == name)
        return str(self.values.get(name, default or ""))

    def expressions(self) -> "Iterator[tuple[str, str]]":
        """Yield the expressions that it has, with the key of each."""
        from octavo.transforms import _index

        if self.text("select").strip():
            yield "select", self.text("select").strip()
        for word in self.texts("transform"):
            transform, step = _index.step(word)
            if transform.takes.startswith("EXPRESSION") and step.argument:
                yield "transform", step.argument

    @property
    def folder(self) -> str:
        """The folder of its files, from the configuration file."""
        return self.text("output").rstrip("/") or f"build/{self.name}"


class Editions:
    """All editions of a configuration file, and the parameters of single documents."""

    __slots__ = ("documents", "editions", "file", "root")

    def __init__(self, root: str = "", file: str = "") -> None:
        self.root = root
        self.file = file
        self.editions: dict[str, Edition] = {}
        self.documents: dict[str, dict[str, Json]] = {}

    def named(self, names: "list[str]") -> list[Edition]:
        """Return the editions of these names, all without names.

        Raises: `OptionError` OCT-E053 for an unknown edition, or when there is none at all.
        """
        if not self.editions:
            raise OptionError(
                "OCT-E053", "there are no editions", Span(self.file),
                hint='write [edition.student] and below it write = ["ipynb", "html"] in '
                "octavo.toml",
            )  # fmt: skip
        for name in names:
            if name not in self.editions:
                known = list(self.editions)
                hint = did_you_mean(name, known) or "there are: " + ", ".join(known)
                raise OptionError("OCT-E053", f"unknown edition {name!r}", hint=hint)
        return [self.editions[name] for name in names or self.editions]

    def params_of(self, path: str) -> "dict[str, Json]":
        """Return the parameters of a document."""
        from octavo.core.globs import matches

        found: dict[str, Json] = {}
        for pattern, params in self.documents.items():
            if pattern == path or matches(pattern, path):
                found.update(params)
        return found


def load(folder: str = "", environ: "Mapping[str, str] | None" = None) -> Editions:
    """Return the editions that rule a folder; errors as `config.load`."""
    from octavo.workspace import config, config_search

    where = os.path.abspath(folder or os.curdir)
    found, _ = config_search.find(
        where, os.environ if environ is None else environ, (config_search.OCTAVO,)
    )
    if found is None:
        return Editions(where)
    reader = config.Reader(found)
    table = reader.table()
    result = Editions(os.path.dirname(found.file), found.name)
    for name, said in _tables(table.get(EDITION, {}), EDITION, reader).items():
        result.editions[name] = _edition(name, said, reader)
    words = sorted({word for one in result.editions.values() for word in _words(one)})
    for one in result.editions.values():
        one.words = tuple(words)
    for path, said in _tables(table.get(DOCUMENT, {}), DOCUMENT, reader).items():
        base: Path = (DOCUMENT, path)
        for key in said:
            if key != PARAMS:
                raise unknown(key, [PARAMS], reader.place((*base, key)))
        result.documents[path] = _params(said.get(PARAMS, {}), (*base, PARAMS), reader)
    return result


def _words(edition: Edition) -> "Iterator[str]":
    """Yield the tags that the expressions of an edition name."""
    from octavo.transforms import _expression

    for _, text in edition.expressions():
        yield from _expression.parse(_expression.named(text)).tags


def _tables(found: object, name: str, reader: "Reader") -> "dict[str, dict[str, object]]":
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise ConfigError(
            "OCT-C002", f"{name} holds tables", reader.place((name,)),
            hint='write [edition.NAME] or [document."PATH"], and keys below it',
        )  # fmt: skip
    return found


def _edition(name: str, said: "dict[str, object]", reader: "Reader") -> Edition:
    base: Path = (EDITION, name)
    edition = Edition(name, reader.place(base))
    if not name or not all(c.isalnum() or c in "-_." for c in name) or name.startswith("."):
        raise ConfigError(
            "OCT-C002", f"{name!r} cannot be the name of an edition", edition.span,
            hint="letters, digits, - and _: it names a folder",
        )  # fmt: skip
    keys = {key.name: key for key in EDITION_KEYS}
    for word, value in said.items():
        path = (*base, word)
        edition.spans[word] = reader.place(path)
        if word in keys:
            edition.values[word] = _checked(keys[word], value, path, reader)
        elif word == WRITE:
            edition.writes = _writes(value, path, reader)
        elif word == PARAMS:
            edition.params = _params(value, path, reader)
        elif word == MATRIX:
            edition.matrix = _matrix(value, path, reader)
        else:
            raise unknown(word, [*keys, WRITE, PARAMS, MATRIX], edition.spans[word])
    _check(edition, base, reader)
    edition.digest = _digest(said)
    return edition


def _check(edition: Edition, base: "Path", reader: "Reader") -> None:
    if not edition.writes:
        raise ConfigError(
            "OCT-C002", f"edition {edition.name} writes nothing", edition.span,
            hint='say what: write = ["ipynb", "html"]',
        )  # fmt: skip
    for number, word in enumerate(edition.texts("assert")):
        if word not in ASSERTS:
            hint = did_you_mean(word, list(ASSERTS)) or "there are: " + ", ".join(ASSERTS)
            span = reader.place((*base, "assert", number), value=True)
            raise ConfigError("OCT-C002", f"nothing is known of {word!r}", span, hint=hint)
    folder = os.path.normpath(edition.folder)
    if os.path.isabs(folder) or folder.startswith(os.pardir) or folder == os.curdir:
        raise ConfigError(
            "OCT-C002", "output is a folder in the project", edition.spans.get("output"),
            hint=f"for example build/{edition.name}",
        )  # fmt: skip
    _check_steps(edition, base, reader)


def _check_steps(edition: Edition, base: "Path", reader: "Reader") -> None:
    """Check expressions and transforms, so that a mistake is told with its place."""
    from octavo.transforms import _expression, _index

    def place(key: str, number: int = -1) -> Span:
        found = reader.place((*base, key, number), value=True)
        return found if number >= 0 and found.line else reader.place((*base, key), value=True)

    def of_select(word: str) -> object:
        return _expression.parse(_expression.named(word))

    def of_kind(word: str) -> object:
        return list(_expression.kinds([word]))

    words: list[tuple[str, int, str, Callable[[str], object]]]
    words = [("select", -1, edition.text("select"), of_select)] if edition.text("select") else []
    words += [("kind", i, word, of_kind) for i, word in enumerate(edition.texts("kind"))]
    words += [("transform", i, word, _index.step)
              for i, word in enumerate(edition.texts("transform"))]  # fmt: skip
    for key, number, word, check in words:
        try:
            check(word)
        except OptionError as error:
            raise ConfigError(
                error.code, error.message, place(key, number), hint=error.hint
            ) from None


def _checked(key: Key, value: object, path: "Path", reader: "Reader") -> "Value":
    try:
        return checked(key, value, Span())
    except ConfigError as error:
        error.span = reader.place(path, value=True)
        raise


def _writes(value: object, path: "Path", reader: "Reader") -> list[Write]:
    entries = value if isinstance(value, list) else [value]
    found = []
    for number, entry in enumerate(entries):
        at: Path = (*path, number) if isinstance(value, list) else path
        span = reader.place(at, value=True)
        said = {FORMAT: entry} if isinstance(entry, str) else entry
        if not isinstance(said, dict) or not isinstance(said.get(FORMAT), str):
            raise ConfigError(
                "OCT-C002", "write takes formats", span,
                hint='for example write = ["ipynb", { format = "pdf", standard = "ua-1" }]',
            )  # fmt: skip
        found.append(_write(said, at, span, reader))
    return found


def _write(entry: "dict[str, object]", at: "Path", span: Span, reader: "Reader") -> Write:
    from octavo.core.options import FORMAT_OPTIONS

    keys = {key.name: key for key in (*PAGE_KEYS, *map(of_option, FORMAT_OPTIONS))}
    values: dict[str, Value] = {}
    for word, value in entry.items():
        if word == FORMAT:
            continue
        if word not in keys:
            raise unknown(word, [FORMAT, *keys], reader.place((*at, word)))
        values[word] = _checked(keys[word], value, (*at, word), reader)
    fmt = str(entry[FORMAT])
    _check_format(fmt, span)
    if os.pardir in str(values.get("folder", "")).split("/"):
        raise ConfigError(
            "OCT-C002", "a folder of a format lies in that of the edition",
            reader.place((*at, "folder"), value=True), hint='for example folder = "pdf"',
        )  # fmt: skip
    return Write(fmt, values, span)


def _check_format(fmt: str, span: Span) -> None:
    """Check that a format or target exists.

    Raises: `ConfigError` OCT-E010.
    """
    from octavo.exporters import _index as targets
    from octavo.formats import _index as formats
    from octavo.formats import _names

    if fmt in targets.names():
        return
    try:
        _names.parse(fmt)
    except OptionError as error:
        try:
            targets.get(fmt)
        except OptionError:
            known = [*targets.names(), "ipynb", "md", "py", *formats.names()]
            hint = did_you_mean(fmt, known) or error.hint
            raise ConfigError(
                "OCT-E010", f"unknown format or target {fmt!r}", span, hint=hint
            ) from None


def _params(value: object, path: "Path", reader: "Reader") -> "dict[str, Json]":
    if not isinstance(value, dict):
        raise ConfigError(
            "OCT-C002", "params is a table", reader.place(path, value=True),
            hint="for example params = { g = 9.81 }",
        )  # fmt: skip
    return {str(name): _plain(one, (*path, name), reader) for name, one in value.items()}


def _matrix(value: object, path: "Path", reader: "Reader") -> "dict[str, list[Json]]":
    if not isinstance(value, dict) or not all(isinstance(one, list) for one in value.values()):
        raise ConfigError(
            "OCT-C002", "a matrix has a list for each parameter",
            reader.place(path, value=True), hint="for example g = [9.81, 1.62]",
        )  # fmt: skip
    return {
        str(name): [_plain(item, (*path, name), reader) for item in items]
        for name, items in value.items()
    }


def _plain(value: object, path: "Path", reader: "Reader") -> "Json":
    if isinstance(value, dict):
        return {str(key): _plain(one, path, reader) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, path, reader) for one in value]
    if isinstance(value, (bool, int, float, str)):
        return value
    raise ConfigError(
        "OCT-C002", "dates are no parameters", reader.place(path, value=True),
        hint="write it as a text, in quotes",
    )  # fmt: skip


def _digest(said: object) -> str:
    import json
    from hashlib import blake2b

    text = json.dumps(said, sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def schema() -> "dict[str, object]":
    """Return the properties of JSON Schema for both kinds of tables."""
    from octavo.core.options import FORMAT_OPTIONS

    params = {"type": "object", "description": "Values that are put into the documents."}
    page = {key.name: schema_of_key(key) for key in (*PAGE_KEYS, *map(of_option, FORMAT_OPTIONS))}
    target: dict[str, object] = {
        "type": "object", "additionalProperties": False, "required": [FORMAT],
        "properties": {FORMAT: {"type": "string"}, **page},
    }  # fmt: skip
    one = {"anyOf": [{"type": "string"}, target]}
    edition = {
        **{key.name: schema_of_key(key) for key in EDITION_KEYS},
        WRITE: {"anyOf": [one, {"type": "array", "items": one}],
                "description": "Formats and targets, with options."},
        PARAMS: params,
        MATRIX: {"type": "object", "additionalProperties": {"type": "array"},
                 "description": "Values for each parameter: one set of files for each of all."},
    }  # fmt: skip
    return {
        EDITION: {"type": "object", "additionalProperties": {
            "type": "object", "additionalProperties": False, "required": [WRITE],
            "properties": edition, "description": "A version of the documents: octavo build."}},
        DOCUMENT: {"type": "object", "additionalProperties": {
            "type": "object", "additionalProperties": False, "properties": {PARAMS: params},
            "description": "What holds for one document in all editions."}},
    }  # fmt: skip
