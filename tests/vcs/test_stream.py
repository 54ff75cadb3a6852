"""The stream of git: paths in quotes, records with data, lines of commits."""

import io

from hypothesis import given
from hypothesis import strategies as st

from octavo.vcs import stream


@given(st.binary(min_size=1).filter(lambda path: b"\0" not in path))
def test_every_path_survives_its_quotes(path):
    quoted = stream.quote(path)
    assert b"\n" not in quoted
    assert stream.unquote(quoted) == path


def test_git_spells_odd_paths_like_this():
    assert stream.quote('é\t"\\\n'.encode()) == rb'"\303\251\t\"\\\n"'
    assert stream.quote(b"a b.ipynb") == b"a b.ipynb"


TEXT = b"""reset refs/heads/main
commit refs/heads/main
mark :1
original-oid 0123
author A <a@b> 1 +0000
committer A <a@b> 1 +0000
data 14
M 1 a
from :9

M 100644 abc a.ipynb
D "b\\tc"

tag v1
from :1
data 2
t

"""


def test_records_and_their_parts():
    reset, commit, tag = stream.records(io.BytesIO(TEXT))
    assert reset.head == b"reset refs/heads/main\n"
    assert commit.value(b"mark") == b":1"
    assert commit.data == b"M 1 a\nfrom :9\n"
    assert tag.data == b"t\n"
    changes = [stream.change(line) for line in commit.tail]
    assert [(one.kind, one.path) for one in changes] == [(b"M", b"a.ipynb"), (b"D", b"b\tc")]
    assert b"data 14\nM 1 a\nfrom :9\n\nM 100644 abc a.ipynb\n" in commit.to_bytes()


def test_other_lines_of_a_commit_are_no_changes():
    assert stream.change(b"from :1\n") is None
