"""The door of Python to all targets."""

import pytest

import octavo
from support import every_output


@pytest.mark.parametrize("to", ["html", "slides", "pdf", "docx", "epub"])
def test_a_file_and_its_pictures_become_an_artifact(to, tmp_path):
    (tmp_path / "blue.png").write_bytes(every_output.png())
    path = tmp_path / "note.md"
    path.write_text("# Note\n\n![blue](blue.png)", "utf-8")
    (artifact,) = octavo.export(path, to, language="de", title="T")
    assert artifact.path.startswith("note.")
    assert artifact.notices == ()
    (same,) = octavo.export(octavo.read(path), to, language="de", title="T")
    assert (same.path, same.data) == (artifact.path, artifact.data)


def test_a_document_of_no_file_has_a_name_all_the_same():
    (artifact,) = octavo.export(octavo.reads("# A", "md"))
    assert artifact.path == "document.html"


def test_an_unknown_target_is_an_error():
    with pytest.raises(octavo.OptionError) as fault:
        octavo.export(octavo.reads("# A", "md"), "slide")
    assert fault.value.code == "OCT-E010"
    assert "slides" in str(fault.value.hint)
