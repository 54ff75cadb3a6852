"""A session runs what was added; what it cannot undo, it runs anew."""

import pytest

from octavo.run.session import Session
from octavo.run.settings import Settings
from run.kernels import document, texts


def shown(run):
    return [out["data"]["text/plain"] for cell in run.document.cells for out in cell.outputs]


@pytest.mark.slow
def test_added_cells_run_alone_and_changed_ones_anew(tmp_path):
    count = "n = open('log', 'a').write('x') and len(open('log').read())\nn"
    with Session(Settings(cwd=str(tmp_path))) as session:
        first = session.run(document(count))
        more = session.run(document(count, "n + 10"))
        assert (first.ran, more.ran, more.total) == (1, 1, 2)
        assert shown(more) == ["1", "11"]
        assert [cell.execution_count for cell in more.document.cells] == [1, 2]
        assert session.run(document(count, "n + 10")).ran == 0
        assert (tmp_path / "log").read_text() == "x"
        changed = session.run(document(count, "n + 20"))
        assert (changed.ran, shown(changed)) == (2, ["2", "22"])


@pytest.mark.slow
def test_a_failed_run_leaves_no_kernel_to_go_on_with():
    with Session() as session:
        assert session.run(document("x = 1", "1 / 0")).errors
        again = session.run(document("x = 1", "print(x)"))
        assert (again.ran, texts(again.document.cells[1])) == (2, "1\n")


def test_nothing_to_run_starts_no_kernel():
    with Session() as session:
        assert session.run(document(" ")).total == 0
    session.close()
