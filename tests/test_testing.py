import subprocess
import sys

import pytest

from octavo import Cell, Document, OptionError
from octavo.formats import _index
from octavo.formats._format import Format, Keeps
from octavo.testing import (
    GROWTH_LIMIT,
    PROMISES,
    BrokenPromiseError,
    Failure,
    Growth,
    Report,
    check_format,
    growth,
)


def read(text, options, origin):
    """Read the smallest format that keeps everything: one JSON value a line."""
    import json

    lines = text.split("\n")
    try:
        metadata = json.loads(lines[0])
        cells = [json.loads(line) for line in lines[1:] if line]
        found = [
            Cell(kind, source, metadata, [] if kind == "code" else None, line=n)
            for n, (kind, source, metadata) in enumerate(cells, 2)
        ]
        if isinstance(metadata, dict) and all(isinstance(cell.metadata, dict) for cell in found):
            return Document(found, metadata, origin=origin)
    except (ValueError, TypeError):
        pass
    return Document([Cell("raw", text, {}, line=1)] if text else [], {}, origin=origin)


def write(document, options):
    import json

    if len(document.cells) == 1 and not document.metadata:
        return document.cells[0].source
    if not document.cells and not document.metadata:
        return ""
    lines = [document.metadata]
    lines += [[cell.kind, cell.source, cell.metadata] for cell in document.cells]
    return "\n".join(json.dumps(line) for line in lines) + "\n"


def lines_format(reader=read, writer=write, keeps=None):
    return Format("lines", (".py",), reader, writer, summary="a cell a line", keeps=keeps)


def broken(fmt, promise, **arguments):
    """Return the report of a format that does not keep *promise*."""
    with pytest.raises(BrokenPromiseError) as caught:
        check_format(fmt, **{"examples": 5, **arguments})
    report = caught.value.report
    assert promise in {failure.promise for failure in report.failures}
    assert not report.passed
    assert PROMISES[promise] in str(caught.value)
    return report


#: But for sphinx, which puts a cell of its own first.
NAMES = [name for name in _index.names() if name != "sphinx"]


@pytest.mark.parametrize("name", NAMES)
def test_built_in_formats_keep_their_promises(name):
    report = check_format(name, examples=10)
    assert report.passed
    assert report.failures == []
    assert report.checks["no crash"] > 100


def test_unknown_name_is_an_error():
    with pytest.raises(OptionError, match="OCT-O010"):
        check_format("no such format")


def test_lost_blanks_are_found_with_the_shortest_example():
    def strip(document, options):
        return write(
            document.with_(
                cells=[cell.with_(source=cell.source.rstrip()) for cell in document.cells]
            ),
            options,
        )

    report = broken(lines_format(writer=strip), "round trip")
    assert any("the source 'x  ' of cell 2" in failure.message for failure in report.failures)
    assert len(str(report)) < 20_000


def test_changed_kind_is_found():
    def coded(text, options, origin):
        found = read(text, options, origin)
        return found.with_(cells=[cell.with_(kind="code") for cell in found.cells])

    assert "became code" in str(broken(lines_format(reader=coded), "round trip"))


def test_lost_metadata_is_found_where_the_format_promises_to_keep_it():
    def bare(document, options):
        return write(
            document.with_(cells=[cell.with_(metadata={}) for cell in document.cells]), options
        )

    assert "the metadata" in str(broken(lines_format(writer=bare), "round trip"))
    keeps = Keeps("none")
    try:
        check_format(lines_format(writer=bare, keeps=keeps), examples=2)
    except BrokenPromiseError as error:
        assert {failure.promise for failure in error.report.failures} <= {"previous"}  # noqa: PT017


def test_formats_without_borders_of_cells_need_not_keep_them():
    keeps = Keeps("none", raw=False, kinds=False)
    joined = lines_format(
        lambda text, options, origin: Document([Cell("code", text, line=1)], origin=origin),
        lambda document, options: "\n".join(cell.source for cell in document.cells),
        keeps,
    )
    report = check_format(joined, examples=5)
    assert report.checks["round trip"] == report.checks["previous"] == 0
    assert report.checks["lines"] > 100


def test_lost_kernel_is_found():
    def nameless(document, options):
        return write(document.with_(metadata={"a": 1}), options)

    assert "the kernel" in str(broken(lines_format(writer=nameless), "round trip"))


def test_changing_text_is_found():
    def growing(document, options):
        return write(document, options) + "\n" * len(document.cells)

    def counting(text, options, origin):
        found = read(text.rstrip("\n"), options, origin)
        return found.with_(cells=[*found.cells, Cell("raw", "more", line=len(text))])

    broken(lines_format(reader=counting, writer=growing), "round trip")


def test_writing_that_never_comes_to_rest_is_found():
    def growing(document, options):
        return write(document, options) + "\n" * document.metadata.get("blank", 1)

    def counting(text, options, origin):
        found = read(text, options, origin)
        blank = len(text) - len(text.rstrip("\n"))
        return found.with_(metadata={**found.metadata, "blank": blank})

    broken(lines_format(reader=counting, writer=growing), "fixed point")


def test_writing_in_another_way_each_time_is_found():
    texts = []

    def counted(document, options):
        texts.append("\n")
        return write(document, options) + "".join(texts)

    broken(lines_format(writer=counted), "same again")


def test_changed_document_is_found():
    def greedy(document, options):
        for cell in document.cells:
            cell.metadata["seen"] = True
        return write(document, options)

    report = broken(lines_format(writer=greedy), "same again")
    assert "writing changed the document" in str(report)


def test_exceptions_are_found():
    def choosy(text, options, origin):
        if "\f" in text:
            raise KeyError("form feed")
        return read(text, options, origin)

    assert "KeyError('form feed')" in str(broken(lines_format(reader=choosy), "no crash"))


def test_missing_lines_are_found():
    def lineless(text, options, origin):
        found = read(text, options, origin)
        return found.with_(cells=[cell.with_(line=0) for cell in found.cells])

    assert "they are [0" in str(broken(lines_format(reader=lineless), "lines"))


def test_ids_that_change_are_found():
    readings = []

    def counted(text, options, origin):
        readings.append(text)
        found = read(text, options, origin)
        return found.with_(cells=[cell.with_(id=f"id{len(readings)}") for cell in found.cells])

    broken(lines_format(reader=counted), "ids")


def test_quadratic_reading_is_found():
    def quadratic(text, options, origin):
        for _ in range(text.count("\n") ** 2 // 20):
            pass
        return read(text, options, origin)

    report = broken(lines_format(reader=quadratic), "linear growth", examples=0)
    assert "reading costs" in str(report)


def test_report_counts_every_promise():
    report = Report("mine")
    report.checks["lines"] = 3
    report.failures.append(Failure("lines", "they are [0] (.py)", "text"))
    assert "lines          1 of 3 FAILED" in str(report)
    assert "round trip     does not apply" in str(report)
    assert "    | text" in str(report)
    assert repr(report) == "Report('mine', passed=False)"
    assert repr(report.failures[0]) == "Failure('lines', 'they are [0] (.py)')"


def test_growth_sees_loops_of_python_exactly():
    def linear(size):
        return lambda: [n + 1 for n in range(size)]

    def quadratic(size):
        def work():
            for n in range(size):
                for _ in range(n):
                    pass

        return work

    assert 1.8 < growth(linear, counted=100, timed=1).lines < 2.1
    assert growth(quadratic, counted=100, timed=1).lines > 3.5


def test_growth_sees_what_happens_below_python():
    def doubling(size):
        return lambda: sum(range(1 << size))

    # A thousand times the work, so that no busy machine can make it look like twice.
    found = growth(doubling, counted=4, timed=10)
    assert found.lines < GROWTH_LIMIT < found.time
    assert not found.is_linear
    assert repr(Growth(2.0, 3.5)) == "Growth(lines=2.00, time=3.50)"


def test_tracing_goes_on_as_before():
    before = sys.gettrace()
    growth(lambda size: lambda: None, counted=1, timed=1)
    assert sys.gettrace() is before


def test_importing_loads_nothing_heavy():
    code = "import sys, octavo.testing; print('hypothesis' in sys.modules, 'pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
