"""Every transcript of this folder comes out as it is written (CONTRIBUTING.md tells the form).

A bug fix starts with `<issue>-<slug>.md`, a transcript that fails.  `pytest tests/commands
--accept` writes what came out into the files.
"""

from pathlib import Path

import pytest

from support import transcripts

FILES = sorted(Path(__file__).parent.glob("*.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_commands_do_what_the_transcript_says(path, tmp_path, accept):
    text = path.read_bytes().decode("utf-8")
    renewed, differences = transcripts.compare(text, tmp_path, accept=accept)
    if accept:
        path.write_bytes(renewed.encode("utf-8"))
    else:
        assert not differences, "\n\n".join(differences)
