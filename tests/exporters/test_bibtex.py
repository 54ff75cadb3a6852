"""BibTeX files are read as BibTeX reads them; what is broken costs one entry and is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.exporters import _bibtex


def entries(text):
    found, notices = _bibtex.read(text, "refs.bib")
    assert notices == []
    return found


def one(text):
    (entry,) = entries(text).values()
    return entry


def test_braces_quotes_numbers_strings_and_joins_are_values():
    text = """
    @STRING(acm = "ACM")
    @Article(key:1, TITLE = {A {B} "c"}, journal = acm # { } # "Letters", year = 1999,
             month = jan, note = "a {"} b", pages={1--2},)
    """
    entry = one(text)
    assert (entry.kind, entry.key, entry.line) == ("article", "key:1", 3)
    assert entry.get("title") == 'A B "c"'
    assert entry.get("journal") == "ACM Letters"
    assert entry.get("year") == "1999"
    assert entry.get("month") == "January"
    assert entry.get("note") == 'a " b'
    assert entry.get("pages") == "1–2"


def test_comments_preambles_and_words_between_entries_are_no_entries():
    text = """mail me at me@example.org
    @comment{ @book{hidden, title={x}} }
    @preamble{ "\\newcommand{\\x}{y}" }
    @book{seen, % a comment, with a comma
      title = {T}}"""
    assert list(entries(text)) == ["seen"]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"G{\"o}del", "Gödel"),
        (r"G\"{o}del", "Gödel"),
        (r"G\"odel", "Gödel"),
        (r"\'{\i}", "í"),
        (r"{\ss} {\O} \ae{}n", "ß Ø æn"),
        (r"\c{c} \v s \H{o} \k a", "ç š ő ą"),
        (r"R\&D, 5\%, \$3, a\_b", "R&D, 5%, $3, a_b"),
        (r"The \TeX{}book", "The TeXbook"),
        (r"\emph{so} \textbf{bold}", "so bold"),
        ("a~b -- c --- d ``e''", "a\u00a0b – c — d “e”"),
        (r"on $\alpha^{2}$ and more", r"on $\alpha^{2}$ and more"),
        ("two\n   lines", "two lines"),
    ],
)
def test_tex_is_shown_as_text(tex, shown):
    assert _bibtex.plain(tex) == shown


@pytest.mark.parametrize(
    ("written", "family", "given", "initials"),
    [
        ("Donald E. Knuth", "Knuth", "Donald E.", "D. E."),
        ("Knuth, Donald E.", "Knuth", "Donald E.", "D. E."),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig", "L."),
        ("van der Berg, Jan-Piet", "van der Berg", "Jan-Piet", "J.-P."),
        ("King, Jr., Martin Luther", "King, Jr.", "Martin Luther", "M. L."),
        ("{Barnes and Noble, Inc.}", "Barnes and Noble, Inc.", "", ""),
        ("Plato", "Plato", "", ""),
    ],
)
def test_names_have_a_family_and_given_names(written, family, given, initials):
    (person,) = _bibtex.people(written)
    assert (person.family, person.given, person.initials()) == (family, given, initials)


def test_the_word_and_in_braces_does_not_part_names():
    found = _bibtex.people(
        "{Barnes and Noble} and Ada Lovelace\n  AND others".replace("AND", "and")
    )
    assert [person.family for person in found] == ["Barnes and Noble", "Lovelace", "others"]


@pytest.mark.parametrize(
    ("broken", "column"),
    [
        ("@book{a, title {x}}", 16),
        ("@book{a title = {x}}", 9),
        ("@book{, title = {x}}", 7),
        ("@book{a, title = }", 18),
        ("@book{a, = {x}}", 10),
    ],
)
def test_a_broken_entry_is_told_with_its_place_and_the_next_is_read(broken, column):
    found, notices = _bibtex.read(f"\n{broken}\n@book{{next, title = {{T}}}}\n", "refs.bib")
    assert [str(notice.span) for notice in notices] == [f"refs.bib:2:{column}"]
    assert list(found) == ["next"]


@pytest.mark.parametrize("broken", ["{x", '"x}'])
def test_what_is_never_closed_is_told_where_it_begins(broken):
    found, notices = _bibtex.read(f"@book{{a, title={{T}}}}\n@book{{b, title = {broken}", "r.bib")
    assert [str(notice.span) for notice in notices] == ["r.bib:2:18"]
    assert list(found) == ["a"]


def test_a_key_that_stands_twice_is_told():
    found, notices = _bibtex.read("@book{a, title={1}}\n@book{a, title={2}}", "r.bib")
    assert found["a"].get("title") == "1"
    assert [str(notice.span) for notice in notices] == ["r.bib:2:1"]


@given(st.text(alphabet='@book{}(),="#\\ \n%aé~$', max_size=80))
def test_any_text_can_be_read(text):
    found, notices = _bibtex.read(text)
    assert all(entry.key for entry in found.values())
    assert all(notice.span.line >= 1 for notice in notices)


_WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="{}\\$~-`'\"%@", exclude_categories=("C",)),
    min_size=1, max_size=20,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z][\w:.-]{0,8}", fullmatch=True),
        st.dictionaries(st.sampled_from(["title", "journal", "note", "publisher"]), _WORDS),
        max_size=4,
    )
)
def test_what_is_written_is_read(works):
    text = "".join(
        f"@misc{{{key},\n"
        + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        + "}\n"
        for key, fields in works.items()
    )
    assert {key: entry.fields for key, entry in entries(text).items()} == works
