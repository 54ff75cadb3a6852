"""Which cell became which."""

from hypothesis import given
from hypothesis import strategies as st

from octavo import Cell
from octavo.core.align import align, likeness
from octavo.core.merge_lines import merge_lines


def code(*sources):
    return [Cell("code", source) for source in sources]


def test_equal_cells_match_around_an_inserted_one():
    assert align(code("a", "b"), code("a", "x", "b")) == [0, None, 1]


def test_an_edited_cell_matches_in_its_place():
    assert align(code("a = 1", "b = 2", "c = 3"), code("a = 1", "z = 9", "c = 3")) == [0, 1, 2]


def test_a_reformatted_cell_matches():
    old = code("f(x,y)", "other")
    assert align(old, code("new", "f(\n    x, y\n)", "other"))[1:] == [0, 1]


def test_the_last_part_of_a_split_cell_takes_the_outputs():
    old = code("a = 1\nb = 2\nplot(b)")
    assert align(old, code("a = 1", "b = 2\nplot(b)")) == [None, 0]


def test_cells_that_share_lines_match():
    old = code("import x", "def f():\n    return 1\n\nf()", "z")
    new = code("import x", "fresh", "def f():\n    return 2\n\nf()", "z")
    assert align(old, new)[2] == 1


def test_a_moved_cell_matches():
    assert align(code("a", "b", "c", "d"), code("d", "a", "b", "c")) == [3, 0, 1, 2]


def test_kinds_never_mix():
    assert align([Cell("markdown", "a")], [Cell("code", "a")]) == [None]


def test_an_empty_cell_matches_no_edited_one():
    assert align(code("a"), code("")) == [None]


sources = st.lists(
    st.sampled_from(["", "a", "b", "a\nb", "b\nc", "c", "x = 1", "x  =  1"]), max_size=12
)


@given(old=sources, new=sources)
def test_no_cell_is_used_twice(old, new):
    found = align(code(*old), code(*new))
    used = [i for i in found if i is not None]
    assert len(found) == len(new)
    assert len(used) == len(set(used))


@given(cells=sources)
def test_equal_documents_match_cell_by_cell(cells):
    assert align(code(*cells), code(*cells)) == list(range(len(cells)))


lines = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=8)


@given(base=lines, ours=lines)
def test_a_merge_with_no_change_is_the_other_version(base, ours):
    assert merge_lines(base, ours, base) == ours
    assert merge_lines(base, base, ours) == ours
    assert merge_lines(base, ours, ours) == ours


@given(base=lines, ours=lines, theirs=lines)
def test_a_merge_is_the_same_from_both_sides(base, ours, theirs):
    assert merge_lines(base, ours, theirs) == merge_lines(base, theirs, ours)


def test_two_unrelated_long_texts_do_not_merge():
    base, ours, theirs = ([f"{name}{n}" for n in range(2100)] for name in "abc")
    assert merge_lines(base, ours, theirs) is None


def test_moved_cell_is_not_given_to_a_new_one():
    old = code("same", "same", "moved")
    new = code("moved", "same", "same", "new")
    assert align(old, new) == [2, 0, 1, None]


def test_moved_and_edited_cell_is_known_by_its_lines():
    old = code("load(x)\nplot(x)\nshow()", "b", "c")
    new = code("b", "c", "load(x)\nplot(x, 2)\nshow()")
    assert align(old, new) == [1, 2, 0]


def test_new_cell_is_not_known_by_one_line_of_many():
    old = code("load(x)\nplot(x)\nshow()", "b", "c")
    new = code("b", "c", "load(x)\ny = 1\nz = 2\nw = 3")
    assert align(old, new) == [1, 2, None]


def test_cells_that_were_edited_and_changed_places_are_known():
    old = code("load(x)\nplot(x)\nshow()", "b", "total = price * count\nprint(total)", "c")
    new = code("total = price * number\nprint(total)", "b", "load(y)\nplot(y)\nshow()", "c")
    assert align(old, new) == [2, 1, 0, 3]


def test_a_common_line_does_not_make_one_cell_of_two():
    old = code("a = 1\nb = 2\nplt.show()", "z", "c = 3\nd = 4\ne = 5\nplt.show()")
    new = code("z", "c = 3\nd = 4\ne = 5\nplt.show(block=False)", "f = 6\ng = 7\nplt.show()")
    assert align(old, new)[:2] == [1, 2]


def test_one_line_in_common_does_not_hide_a_cell_that_moved():
    moved = "mean = fit(5)\ntotal(586)\nshow(490)\nframe(815)\nimport numpy as np"
    old = code(moved, "one", "two", "value = load(7)\nimport numpy as np", "end")
    new = code("one", "two", moved.replace("frame(815)", "frame(815, 2)"), "end")
    assert align(old, new) == [1, 2, 0, 4]


def test_the_surest_of_many_pairs_that_share_lines_are_taken():
    old = code("a = 1\nb = 2\nc = 3", "a = 1\nz = 9")
    new = code("a = 1\nb = 2\nc = 4", "a = 1\nb = 2\nz = 9", "b = 2\nq")
    assert align(old, new)[:2] == [0, 1]


def test_lines_that_stand_in_many_cells_tell_nothing():
    old = code(*(f"plt.show()\nfirst_{n}()\nsecond_{n}()" for n in range(12)))
    new = code(*(f"plt.show()\nfirst_{n}()\nother_{n}()" for n in range(12)))
    assert align(old, new) == list(range(12))


def test_cells_of_signs_alone_are_no_versions_of_others():
    assert likeness(*code("()", "[]")) == 0.0


def test_many_cells_edited_and_moved_take_near_linear_time():
    from octavo.testing import growth

    def work(size):
        old = code(*(f"load_{n}(x)\nplot_{n}(x)\nshow_{n}()" for n in range(size)))
        new = code(*(f"load_{n}(x, {n})\nplot_{n}(x)\nshow_{n}()" for n in reversed(range(size))))
        assert align(old, new) == list(reversed(range(size)))
        return lambda: align(old, new)

    assert growth(work, counted=100, timed=1000).is_linear
