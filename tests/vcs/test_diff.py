"""Diffs speak of cells: sources, outputs in words, places, metadata."""

import json
import os

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo import Cell, Document, Origin
from octavo.vcs import diff_html
from octavo.vcs.diff import diff
from octavo.vcs.diff_lines import context, lines
from vcs.git_sandbox import notebook

NOTEBOOK = Origin(format="ipynb")


def document(*cells):
    return Document(cells, origin=NOTEBOOK)


def code(source, output="", **metadata):
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    return Cell("code", source, metadata, outputs)


def statuses(old, new, **wishes):
    return [(c.status, c.moved) for c in diff(old, new, **wishes).cells if c.is_shown]


def test_equal_documents_have_no_difference():
    same = document(code("1", "out"), Cell("markdown", "text"))
    assert not diff(same, same)


def test_added_removed_changed_and_moved():
    cells = [code(f"cell_{n} = {n}\nprint(cell_{n})") for n in range(5)]
    old = document(*cells)
    assert statuses(old, document(*cells, code("new"))) == [("added", False)]
    assert statuses(old, document(*cells[:2], *cells[3:])) == [("removed", False)]
    changed = cells[1].with_(source=cells[1].source + "\nmore")
    assert statuses(old, document(cells[0], changed, *cells[2:])) == [("changed", False)]
    assert statuses(old, document(*cells[1:], cells[0])) == [("same", True)]


def test_only_outputs():
    old, new = document(code("1", "a")), document(code("1", "b"))
    (change,) = diff(old, new).cells
    assert (change.outputs, change.source) == (True, False)
    assert not diff(old, new, with_outputs=False)
    assert not diff(old.with_(origin=Origin(format="md")), new)


def test_metadata_is_shown_on_request_and_noise_never():
    old = document(code("1", tags=["a"], collapsed=True))
    new = document(code("1", tags=["b"], collapsed=False))
    assert not diff(old, new)
    (change,) = diff(old, new, with_metadata=True).cells
    assert change.metadata == [("tags", ["a"], ["b"])]


@given(
    st.lists(st.sampled_from("abcdef"), max_size=8), st.lists(st.sampled_from("abcdef"), max_size=8)
)
def test_both_sides_can_be_read_from_the_lines(old, new):
    found = lines("\n".join(old), "\n".join(new))
    assert [line.text for line in found if line.sign != "+"] == old
    assert [line.text for line in found if line.sign != "-"] == new


def test_words_that_differ_are_marked():
    minus, plus = lines("total = price * 2", "total = price * 3")
    assert minus.text[slice(*minus.marks[0])] == "2"
    assert plus.text[slice(*plus.marks[0])] == "3"


def test_words_without_blanks_are_marked_too():
    minus, plus = lines("a=b*2", "a=b*3")
    assert (minus.marks, plus.marks) == (((4, 5),), ((4, 5),))


def test_words_are_marked_in_lines_that_grew_in_number():
    old = "Prices\n\nA long line about prices and time.\nlast"
    new = "Prices\n\nA long line about costs and time.\n\nA new paragraph.\nlast"
    marked = [
        (line.sign, [line.text[slice(*mark)] for mark in line.marks])
        for line in lines(old, new) if line.sign != " "
    ]  # fmt: skip
    assert marked == [("-", ["prices"]), ("+", ["costs"]), ("+", []), ("+", [])]


def test_lines_far_from_a_change_are_left_out():
    old = "\n".join(map(str, range(20)))
    shown = context(lines(old, old.replace("9", "nine")), 1)
    assert [line.text if line else None for line in shown][:4] == [None, "8", "9", "nine"]


# the command


def test_two_files(repo, octavo):
    repo.put({"a.ipynb": notebook("x = 1"), "b.ipynb": notebook("x = 2")})
    code_, out, err = octavo("diff", "a.ipynb", "b.ipynb")
    assert (code_, err) == (1, "")
    assert out == ("--- a.ipynb\n+++ b.ipynb\n@@ code cell 1, changed: x = 2 @@\n-x = 1\n+x = 2\n")
    assert octavo("diff", "a.ipynb", "a.ipynb") == (0, "", "")


def test_a_notebook_and_its_text_are_the_same(repo, octavo):
    repo.put({"a.ipynb": notebook("x = 1", "y = 2")})
    octavo("convert", "a.ipynb", "--to", "md", "-q")
    assert octavo("diff", "a.ipynb", "a.md")[0] == 0


def test_revisions_files_and_the_working_tree(repo, octavo):
    repo.commit({"d/a.ipynb": notebook("x = 1"), "t.py": "# %%\n1\n", "plain.py": "1\n"})
    repo.commit({"d/a.ipynb": notebook("x = 2"), "t.py": "# %%\n2\n", "plain.py": "2\n"})
    repo.put({"d/a.ipynb": notebook("x = 3"), "README.md": "new"})
    _, out, _ = octavo("diff", "HEAD~1", "HEAD")
    assert [line for line in out.splitlines() if line.startswith("+++")] == [
        "+++ HEAD:d/a.ipynb", "+++ HEAD:t.py",
    ]  # fmt: skip
    assert "-x = 2\n+x = 3" in octavo("diff")[1]
    assert "-x = 1\n+x = 3" in octavo("diff", "HEAD~1", "d/a.ipynb")[1]
    assert "-x = 2\n+x = 3" in octavo("diff", "d/a.ipynb")[1]
    assert "-x = 1\n+x = 2" in octavo("diff", "HEAD~1:d/a.ipynb", "HEAD:d/a.ipynb")[1]
    assert octavo("diff", "HEAD~1", "HEAD", "--", "t.py")[1].count("+++") == 1


def test_ranges_folders_and_what_is_left_out(repo, octavo):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 1\n"
    os.symlink("d", repo.path / "link.ipynb")
    repo.commit(
        {"d/a.ipynb": notebook("x = 1"), "b.ipynb": notebook("y"), "l.ipynb": pointer.format(1)}
    )
    repo.git("branch", "base")
    repo.git("checkout", "-qb", "topic")
    (repo.path / "link.ipynb").unlink()
    os.symlink("e", repo.path / "link.ipynb")
    repo.commit({"d/a.ipynb": notebook("x = 2"), "l.ipynb": pointer.format(2)})
    repo.git("checkout", "-q", "main")
    repo.commit({"b.ipynb": notebook("z")})

    def names(*words):
        code, out, err = octavo("diff", *words)
        assert (err, code) == ("", bool(out))
        return [line[4:].rpartition(":")[2] for line in out.splitlines() if line.startswith("+++")]

    assert names("main..topic") == ["b.ipynb", "d/a.ipynb"]
    assert names("main...topic") == ["d/a.ipynb"]
    assert names("base..") == ["b.ipynb"]
    assert names("topic", "d") == ["d/a.ipynb"]
    assert names("base", "topic", "--", "b.ipynb") == []
    assert octavo("diff", "topic...nothing")[0] == 4


def test_two_folders(repo, octavo):
    repo.put(
        {
            "old/a.ipynb": notebook("1"),
            "old/s/b.ipynb": notebook("2"),
            "old/gone.ipynb": notebook("g"),
        }
    )
    repo.put({"new/a.ipynb": notebook("1"), "new/s/b.ipynb": notebook("3"), "new/plain.py": "x"})
    _, out, _ = octavo("diff", "old", "new")
    assert [line for line in out.splitlines() if line.startswith(("---", "+++"))] == [
        "--- old/gone.ipynb", "+++ (nothing)", "--- old/s/b.ipynb", "+++ new/s/b.ipynb",
    ]  # fmt: skip


@pytest.mark.parametrize("flags", [["--strip-outputs"], ["--convert", "md"]])
def test_what_a_filter_takes_away_is_no_difference(repo, octavo, flags):
    octavo("git", "install", "-q", *flags)
    repo.commit({"a.ipynb": notebook("x = 1", "y")})
    for words in ([], ["a.ipynb"], ["HEAD:a.ipynb", "a.ipynb"]):
        assert octavo("diff", *words) == (0, "", "")
    repo.put({"a.ipynb": notebook("x = 2", "y")})
    for words in ([], ["a.ipynb"], ["HEAD:a.ipynb", "a.ipynb"]):
        out = octavo("diff", *words)[1]
        assert (out.count("@@ code cell"), out.count("output")) == (1, 0)
    repo.commit()
    assert "-x = 1\n+x = 2" in octavo("diff", "HEAD~1..HEAD")[1]


def test_a_file_in_conflict_is_told_once(repo, octavo):
    repo.commit({"a.ipynb": notebook("x = 1")})
    repo.git("checkout", "-qb", "side")
    repo.commit({"a.ipynb": notebook("x = 2")})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.ipynb": notebook("x = 3")})
    octavo("git", "install", "-q")
    repo.raw("merge", "side", check=False)
    assert [line for line in octavo("diff")[1].splitlines() if line.startswith("+++")] == [
        "+++ a.ipynb"
    ]


def test_outputs_are_shown_on_request(repo, octavo):
    error = {
        "output_type": "error",
        "ename": "E",
        "evalue": "v",
        "traceback": ["\x1b[31mE\x1b[0m: v"],
    }
    old, new = json.loads(notebook("f()")), json.loads(notebook("f()"))
    old["cells"][0]["outputs"][0]["text"] = ["1\n", "2\n", "3\n"]
    new["cells"][0]["outputs"][0]["text"] = ["1\n", "two\n", "3\n"]
    new["cells"][0]["outputs"].append(error)
    repo.put({"a.ipynb": json.dumps(old), "b.ipynb": json.dumps(new)})
    _, out, _ = octavo("diff", "a.ipynb", "b.ipynb", "--outputs")
    assert out.splitlines()[3:] == [
        " > stdout, 3 lines", " >   1", "->   2", "+>   two", " >   3", "+> error E", "+>   E: v",
    ]  # fmt: skip


def test_added_deleted_and_renamed_notebooks(repo, octavo):
    repo.commit({"a.ipynb": notebook("x = 1", "y = 2", "z = 3"), "gone.ipynb": notebook("g" * 50)})
    repo.git("mv", "a.ipynb", "b.ipynb")
    repo.git("rm", "-q", "gone.ipynb")
    repo.commit({"new.ipynb": notebook(*"nmopq")})
    _, out, _ = octavo("diff", "HEAD~1", "HEAD")
    assert "--- (nothing)\n+++ HEAD:new.ipynb" in out
    assert "+++ (nothing)" in out
    assert "b.ipynb" not in out


def test_json(repo, octavo):
    repo.put({"a.ipynb": notebook("x = 1"), "b.ipynb": notebook("x = 1", "more")})
    code_, out, _ = octavo("diff", "a.ipynb", "b.ipynb", "--json")
    (record,) = json.loads(out)["files"]
    assert (code_, record["changed"]) == (1, True)
    assert record["cells"] == [
        {"status": "added", "kind": "code", "moved": False, "old": None,
         "new": {"number": 2, "id": "c1", "line": 0}, "source": {"old": None, "new": "more"}}
    ]  # fmt: skip


def test_color_marks_words_and_hostile_text_steers_no_terminal(repo, octavo):
    repo.put({"a.py": "# %%\nx = 1\n", "b.py": "# %%\nx = 2 \x1b[2J\n"})
    _, out, _ = octavo("diff", "a.py", "b.py", "--color", "always")
    assert "\x1b[31m-x = \x1b[7m1\x1b[27m\x1b[0m" in out
    assert "\x1b[2J" not in out
    assert "\\x1b[2J" in out


@pytest.mark.parametrize(
    ("words", "code_"),
    [
        (["nothing"], "OCT-V022"),
        (["a.ipynb", "HEAD"], "OCT-V023"),
        (["broken.ipynb", "a.ipynb"], "OCT-N"),
    ],
)
def test_what_cannot_be_compared(repo, octavo, words, code_):
    repo.commit({"a.ipynb": notebook("1"), "broken.ipynb": b"{"})
    code, _, err = octavo("diff", *words)
    assert code > 1
    assert code_ in err


def test_the_page_is_valid_and_harmless(repo, octavo):
    hostile = "<script>alert(1)</script>\n</pre>"
    picture = {"image/png": 'QUJD"><script>x</script>'}
    output = {"output_type": "display_data", "data": picture, "metadata": {}}
    old = document(code("a", "<b>out</b>"), Cell("code", "1", {}, [output]))
    new = document(code(hostile, "</pre><script>"), Cell("code", "2", {}, []), code("new"))
    found = diff(old, new, with_metadata=True)
    text = diff_html.page([diff_html.Entry(found, "<a>", "&b", "python")], "<h>")
    html5lib.HTMLParser(strict=True).parse(text)
    assert "<script" not in text


def pictured(source, picture):
    """Return a notebook of one cell with a picture."""
    found = json.loads(notebook(source))
    data = {"image/png": picture}
    found["cells"][0]["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data}]
    return json.dumps(found).encode()


def test_the_page_shows_both_versions_of_sources_and_pictures(repo, octavo):
    old, new = "iVBORw0KGgoAAAAB", "iVBORw0KGgoAAAAC"
    repo.put({"a.ipynb": pictured("total = price * 2", old)})
    repo.put({"b.ipynb": pictured("total = price * 3", new)})
    assert octavo("diff", "a.ipynb", "b.ipynb", "--html", "d.html")[0] == 1
    page = html5lib.parse((repo.path / "d.html").read_text(), namespaceHTMLElements=False)
    (minus,), (plus,) = page.findall(".//del"), page.findall(".//ins")
    assert ("".join(minus.itertext()), minus.find("mark").text) == ("total = price * 2", "2")
    assert ("".join(plus.itertext()), plus.find("mark").text) == ("total = price * 3", "3")
    addresses = [image.get("src") for image in page.findall(".//img")]
    assert addresses == [f"data:image/png;base64,{data}" for data in (old, new)]
    assert not page.findall(".//script") + page.findall(".//link")


def test_moved_and_edited_cells_without_ids_are_told_as_that(repo, octavo):
    cells = [f"# %%\nload_{n}(path)\nplot_{n}(x)\nshow()\n\n" for n in range(6)]
    edited = cells[1].replace("plot_1(x)", "plot_1(x, 2)"), cells[4].replace("path", "file")
    repo.put({"a.py": "".join(cells)})
    repo.put({"b.py": "".join([edited[1], cells[0], *cells[2:4], cells[5], edited[0]])})
    _, out, _ = octavo("diff", "a.py", "b.py")
    heads = [line for line in out.splitlines() if line.startswith("@@")]
    assert [head.split(", ")[2:] for head in heads] == [
        ["changed", "moved from 5: load_4(file) @@"], ["changed", "moved from 2: load_1(path) @@"],
    ]  # fmt: skip


def test_large_documents_take_linear_time():
    from octavo.testing import growth

    def work(size):
        old = document(*[code(f"x{n} = {n}") for n in range(size)])
        new = document(*[code(f"x{n} = {n}" + " + 1" * (n % 7 == 0)) for n in range(size)])
        return lambda: diff(old, new)

    assert growth(work, counted=200, timed=1500).is_linear
