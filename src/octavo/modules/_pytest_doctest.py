"""The examples (`>>> `) in Markdown cells and docstrings of a notebook, as tests."""

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import doctest
    from pathlib import Path

    from octavo.modules._pytest_collect import NotebookModule


class ExampleItem(pytest.Item):
    """The examples of one Markdown cell or docstring."""

    examples: "doctest.DocTest"

    def runtest(self) -> None:
        """Run the examples; what differs is told as doctest tells it."""
        import doctest

        told: list[str] = []
        runner = doctest.DocTestRunner(
            verbose=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
        if runner.run(self.examples, out=told.append, clear_globs=False).failed:
            raise ExampleError("".join(told).strip("*\n"))

    def repr_failure(self, excinfo: "pytest.ExceptionInfo[BaseException]") -> str:  # type: ignore[override]  # a text is enough
        """Return what differs, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple["Path", int, str]:
        """Return the place of the examples."""
        return self.path, self.examples.lineno or 0, self.name


class ExampleError(AssertionError):
    """An example gave something else."""


def items(module: "NotebookModule") -> "list[pytest.Item]":
    """Return the examples of a notebook, if they are asked for."""
    config = module.config
    if not (config.getoption("octavo_doctest") or config.getini("octavo_doctest")):
        return []
    import doctest

    parser = doctest.DocTestParser()
    path = str(module.path)
    from octavo.modules import source

    document, text, _ = source.read(module.data, path)
    names: dict[str, object] = {}
    if module.narrative is None and b"def " in module.data:
        names.update(_names_of_module(module))
    names = {**vars(module.obj), **names}
    found: list[doctest.DocTest] = []
    lines = text.split("\n")
    for number, cell in enumerate(document.cells, 1):
        if cell.kind == "markdown" and ">>>" in cell.source:
            plain = "\n".join(
                "" if line.lstrip().startswith(("```", "~~~")) else line
                for line in cell.source.split("\n")
            )
            start = _line_of(cell.source, lines, cell.line)
            found.append(
                parser.get_doctest(plain, dict(names), f"text of cell {number}", path, start)
            )
    for name, value in names.items():
        doc = getattr(value, "__doc__", None)
        code = getattr(value, "__code__", None)
        if isinstance(doc, str) and ">>>" in doc and getattr(code, "co_filename", path) == path:
            line = code.co_firstlineno if code else 0
            found.append(parser.get_doctest(doc, dict(names), f"examples of {name}", path, line))
    return [_item(module, test) for test in found if test.examples]


def _names_of_module(module: "NotebookModule") -> "dict[str, object]":
    """Return what a notebook without test cells defines."""
    from octavo.modules import source

    built = source.build(module.data, str(module.path))
    names: dict[str, object] = {"__name__": module.obj.__name__, "__file__": built.path}
    exec(compile(built.python, built.path, "exec", dont_inherit=True), names)  # noqa: S102  importing
    return names


def _line_of(source: str, lines: list[str], first: int) -> int:
    """Return the 0-based line of the file on which a Markdown cell starts."""
    head = source.split("\n", 1)[0].strip()
    for i in range(max(first - 1, 0), len(lines)):
        if head in lines[i]:
            return i
    return max(first - 1, 0)


def _item(module: "NotebookModule", test: "doctest.DocTest") -> ExampleItem:
    node: ExampleItem = ExampleItem.from_parent(module, name=test.name)
    node.examples = test
    return node
