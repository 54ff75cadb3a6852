"""What was read lately is known, up to a limit."""

from octavo import Cell, Document
from octavo.workspace.recent import Recent


def document(source):
    return Document([Cell("code", source)])


def test_a_document_is_known_by_its_hash():
    recent = Recent()
    recent.add("a", 10, document("1"))
    assert recent.get("a") == document("1")
    assert recent.get("b") is None


def test_the_oldest_go_when_there_are_too_many_bytes():
    recent = Recent(most_bytes=25)
    for name in "abc":
        recent.add(name, 10, document(name))
    assert [recent.get(name) is not None for name in "abc"] == [False, True, True]


def test_one_that_is_too_large_pushes_no_other_out():
    recent = Recent(most_bytes=25)
    recent.add("a", 10, document("a"))
    recent.add("b", 26, document("b"))
    assert recent.get("b") is None
    assert recent.get("a") is not None


def test_the_same_document_counts_once():
    recent = Recent(most_bytes=25)
    for _ in range(5):
        recent.add("a", 10, document("a"))
    recent.add("b", 10, document("b"))
    assert recent.get("a") is not None
