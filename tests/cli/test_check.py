"""`octavo convert --check` proves the round trip."""

import pytest

from cli.samples import TEXT


def test_notebook_that_comes_back_is_ok_and_what_texts_cannot_carry_is_told(
    octavo, notebook, folder
):
    result = octavo("convert", "a.ipynb", "--to", "py:percent", "--check")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "a.ipynb as py:percent: ok",
        "  not carried by py:percent: execution_count of 1 cell",
        "  not carried by py:percent: id of 2 cells",
        "  not carried by py:percent: metadata collapsed of 1 cell",
        "  not carried by py:percent: outputs of 1 cell",
        "  not carried by py:percent: notebook metadata language_info",
    ]
    assert not (folder / "a.py").exists()


def test_filter_of_the_command_line_counts(octavo, notebook):
    result = octavo(
        "convert", "a.ipynb", "--to", "py:percent", "--check", "--cell-metadata-filter", "-all"
    )
    assert result.code == 0
    assert "metadata tags of 1 cell" in result.out


def test_text_that_comes_back_is_ok(octavo, script, folder):
    result = octavo("convert", "a.py", "--to", "ipynb", "--check")
    assert result == (0, "a.py as ipynb: ok\n", "")
    assert not (folder / "a.ipynb").exists()


@pytest.fixture
def lossy(monkeypatch):
    """A percent writer that spoils sources."""
    from octavo.formats import percent

    write = percent.FORMAT._write
    monkeypatch.setattr(
        percent.FORMAT, "_write", lambda *arguments: write(*arguments).replace("1 + 1", "1 + 2")
    )


def test_loss_is_told_and_exits_with_1(octavo, notebook, lossy, folder):
    result = octavo("convert", "a.ipynb", "--to", "py:percent", "--check", "-o", "b.py")
    assert result.code == 1
    assert result.out.startswith("a.ipynb as py:percent: differs\n")
    assert "  cell 2 (code): source: line 1: '1 + 1' became '1 + 2'\n" in result.out
    assert not (folder / "b.py").exists()
    quiet = octavo("convert", "a.ipynb", "--to", "py:percent", "--check", "--quiet")
    assert quiet.out == "  cell 2 (code): source: line 1: '1 + 1' became '1 + 2'\n"


def test_text_that_would_not_come_back_is_told(octavo, script, lossy):
    result = octavo("convert", "a.py", "--to", "ipynb", "--check")
    assert result.code == 1
    assert "text: written back as py:percent, line 5: '1 + 1' became '1 + 2'" in result.out


def test_what_passes_is_written_when_a_file_is_named(octavo, notebook, folder):
    result = octavo("convert", "a.ipynb", "--check", "-o", "b.py")
    assert result.code == 0
    assert (folder / "b.py").exists()


def test_error_outweighs_a_difference(octavo, notebook, lossy):
    result = octavo("convert", "a.ipynb", "missing.ipynb", "--to", "py:percent", "--check")
    assert result.code == 4
    assert result.errors[-1] == "octavo: 2 files: 1 different, 1 failed"


def test_losses_are_in_the_json(octavo, notebook, script):
    record = octavo("convert", "a.ipynb", "--to", "py:percent", "--check", "--json").json["files"][
        0
    ]
    assert record["status"] == "ok"
    assert {loss["what"] for loss in record["losses"]} == {
        "execution_count", "id", "metadata", "outputs",
    }  # fmt: skip
    assert all(loss["inherent"] for loss in record["losses"])


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, "", "x = 1\n\n\n"]
)
def test_texts_of_any_style_come_back(octavo, script, text):
    script.write_bytes(text.encode("utf-8"))
    assert octavo("convert", "a.py", "--from", "py:percent", "--to", "ipynb", "--check").code == 0
