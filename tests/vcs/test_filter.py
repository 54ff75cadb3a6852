"""The filter that git keeps running: real git, and the protocol by itself."""

import io
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.vcs.filter_process import Filter, Rules, clean, smudge
from vcs.git_sandbox import notebook

STRIP = Rules(outputs=True)


def packet(line):
    return b"%04x" % (len(line) + 4) + line


def talk(*requests, rules=STRIP, capabilities=("clean", "smudge")):
    """Speak to a filter as git does; return its answers as a list of packets."""
    parts = [packet(b"git-filter-client\n"), packet(b"version=2\n"), b"0000"]
    parts += [packet(f"capability={name}\n".encode()) for name in capabilities] + [b"0000"]
    for lines, content in requests:
        parts += [packet(line.encode() + b"\n") for line in lines] + [b"0000"]
        if content is not None:
            for at in range(0, len(content), 65516):
                parts.append(packet(content[at : at + 65516]))
            parts.append(b"0000")
    target, told = io.BytesIO(), []
    filter_ = Filter(io.BytesIO(b"".join(parts)), target, rules, told.append)
    assert filter_.greet()
    assert filter_.answer() == 0
    answer, found = io.BytesIO(target.getvalue()), []
    while head := answer.read(4):
        size = int(head, 16)
        found.append(answer.read(size - 4) if size else b"")
    return found, told


def test_the_greeting_and_a_file():
    found, told = talk((["command=clean", "pathname=n.ipynb"], notebook("1")))
    assert found[:6] == [b"git-filter-server\n", b"version=2\n", b"", b"capability=clean\n",
                         b"capability=smudge\n", b""]  # fmt: skip
    assert found[6:8] == [b"status=success\n", b""]
    assert json.loads(b"".join(found[8:]))["cells"][0]["outputs"] == []
    assert told == []


def test_content_of_many_packets():
    big = notebook("1", "x" * 200_000)
    found, _ = talk((["command=clean", "pathname=n.ipynb"], big))
    assert b"".join(found[8:]) == clean(big, STRIP)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\x00", b"[1]", b"<<<<<<< ours\n{}\n"])
def test_what_is_no_notebook_goes_through(data):
    found, told = talk((["command=clean", "pathname=n.ipynb"], data))
    assert found[6:8] == [b"status=success\n", b""]
    assert b"".join(found[8:]) == data
    assert len(told) == 1
    assert told[0].startswith("n.ipynb: goes through as it is: ")
    assert "[OCT-N" in told[0]


def test_an_unknown_command_is_an_error_and_the_filter_goes_on():
    found, _ = talk(
        (["command=dance", "pathname=a"], b"x"), (["command=clean", "pathname=b"], notebook("1"))
    )
    assert b"status=error\n" in found
    assert found.count(b"status=success\n") == 1


def test_delayed_files_are_fetched_later():
    rules = Rules(format="md")
    kept = clean(notebook("1"), rules)
    found, _ = talk(
        (["command=smudge", "pathname=n.ipynb", "can-delay=1"], kept),
        (["command=list_available_blobs"], None),
        (["command=smudge", "pathname=n.ipynb"], b""),
        (["command=list_available_blobs"], None),
        rules=rules, capabilities=("clean", "smudge", "delay"),
    )  # fmt: skip
    delayed, listed, fetched = found[7:9], found[9:13], found[13:]
    assert delayed == [b"status=delayed\n", b""]
    assert listed == [b"pathname=n.ipynb\n", b"", b"status=success\n", b""]
    assert fetched[:2] == [b"status=success\n", b""]
    assert json.loads(fetched[2])["cells"]
    assert fetched[3:] == [b"", b"", b"", b"status=success\n", b""]


def test_somebody_else_than_git_is_told(capsys, monkeypatch):
    from octavo.cli import main

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["git", "filter"]) == 2
    assert "git starts this command" in capsys.readouterr().err


sources = st.lists(st.text("ab\n=1#%`é ", max_size=12), max_size=4)


@given(sources, st.booleans(), st.sampled_from(["", "md", "py:percent"]))
def test_cleaning_twice_is_cleaning_once(cells, outputs, fmt):
    rules = Rules(outputs=outputs, counts=True, format=fmt)
    once = clean(notebook(*cells), rules)
    assert clean(once, rules) == once
    assert clean(smudge(once, rules), rules) == once


def test_a_notebook_without_outputs_keeps_its_bytes():
    odd = notebook("1", outputs=False).replace(b"\n ", b"\n   ")
    assert clean(odd, STRIP) == odd


def test_git_add_status_stash_and_checkout(repo, octavo):
    octavo("git", "install", "-q", "--strip-outputs")
    repo.put({"n.ipynb": notebook("x = 1"), "broken.ipynb": b"{"})
    done = subprocess.run(
        ["git", "-C", str(repo.path), "add", "-A"], capture_output=True, text=True, check=True
    )
    assert "broken.ipynb: goes through as it is" in done.stderr
    assert b'"outputs": []' in repo.raw("show", ":n.ipynb")
    assert repo.raw("show", ":broken.ipynb") == b"{"
    assert (repo.path / "n.ipynb").read_bytes() == notebook("x = 1")
    repo.commit()
    assert repo.git("status", "--porcelain") == ""
    repo.put({"n.ipynb": notebook("x = 2")})
    repo.git("stash")
    repo.git("stash", "pop")
    repo.git("worktree", "add", "-q", "../other")
    assert repo.git("diff", "--stat").startswith("n.ipynb")


def test_texts_in_git_and_notebooks_in_the_working_tree(repo, octavo):
    octavo("git", "install", "-q", "--convert", "md")
    files = {f"n{n}.ipynb": notebook(f"x = {n}") for n in range(5)}
    repo.commit(files)
    assert repo.git("show", "HEAD:n1.ipynb").endswith("```python\nx = 1\n```")
    for name in files:
        (repo.path / name).unlink()
    repo.git("checkout", "-q", ".")
    for n in range(5):
        cells = json.loads((repo.path / f"n{n}.ipynb").read_bytes())["cells"]
        assert "".join(cells[0]["source"]) == f"x = {n}"
    assert repo.git("status", "--porcelain") == ""


def ran(data):
    """Return the sources of a notebook, with what running them gave."""
    keys = ("source", "outputs", "execution_count")
    return [[cell[key] for key in keys] for cell in json.loads(data)["cells"]]


def test_outputs_of_notebooks_kept_as_text_come_back_from_a_store(repo, octavo):
    octavo("git", "install", "-q", "--convert", "md")
    first, second = notebook("x = 1", "y = 1"), notebook("x = 1", "y = 2", "z")
    repo.commit(
        {"octavo.toml": 'outputs = "store"\n', "d/n.ipynb": first, ".gitignore": ".octavo\n"}
    )
    repo.commit({"d/n.ipynb": second})
    assert "output" not in repo.git("show", "HEAD:d/n.ipynb")
    for revision, data in (("HEAD~1", first), ("main", second)):
        repo.git("checkout", "-q", revision)
        assert ran((repo.path / "d/n.ipynb").read_bytes()) == ran(data)
    (repo.path / "d/n.ipynb").unlink()
    repo.git("checkout", "-q", ".")
    assert ran((repo.path / "d/n.ipynb").read_bytes()) == ran(second)
    assert repo.git("status", "--porcelain") == ""


def test_a_store_that_cannot_be_written_keeps_nothing_from_git(repo, octavo):
    octavo("git", "install", "-q", "--convert", "md")
    repo.put(
        {"octavo.toml": 'outputs = "store"\noutputs_folder = ".."\n', "n.ipynb": notebook("x")}
    )
    done = subprocess.run(
        ["git", "-C", str(repo.path), "add", "-A"], capture_output=True, text=True, check=True
    )
    assert "n.ipynb: its outputs are not kept: " in done.stderr
    assert "[OCT-C" in done.stderr
    assert repo.git("show", ":n.ipynb").endswith("```python\nx\n```")


def test_git_asks_again_for_files_that_are_delayed(repo, octavo):
    octavo("git", "install", "-q", "--convert", "md")
    repo.commit({f"n{n}.ipynb": notebook(f"x = {n}") for n in range(3)})
    for n in range(3):
        (repo.path / f"n{n}.ipynb").unlink()
    told = subprocess.run(
        ["git", "-C", str(repo.path), "checkout", "-q", "."], check=True, capture_output=True,
        text=True, env={**os.environ, "GIT_TRACE_PACKET": "1"},
    ).stderr  # fmt: skip
    assert told.count("status=delayed") == 3
    assert json.loads((repo.path / "n2.ipynb").read_bytes())["cells"][0]["source"] == ["x = 2"]


FIFTY = 50_000_000
#: Starts Octavo and writes its largest memory (of its own image, not of what started it).
MEASURED = """#!{python}
import atexit, re, sys

def tell():
    with open("/proc/self/status") as fp, open({peak!r}, "w") as out:
        out.write(re.search(r"VmHWM:\\s+(\\d+)", fp.read()).group(1))

atexit.register(tell)
from octavo.cli import main
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory is read from /proc")
@pytest.mark.parametrize(
    "flags", [["--strip-outputs"], ["--convert", "md"]], ids=["strip", "convert"]
)
def test_a_notebook_of_fifty_megabytes_is_in_memory_about_once(repo, octavo, tmp_path, flags):
    octavo("git", "install", "-q", *flags)
    config, peak = repo.path / ".git/config", tmp_path / "peak"
    config.write_text(config.read_text().replace(sys.executable, "/no/such/python"))
    program = tmp_path / "bin/octavo"
    program.write_text(MEASURED.format(python=sys.executable, peak=os.fspath(peak)))
    big = json.loads(notebook("1"))
    picture = {"image/png": "A" * FIFTY}
    big["cells"][0]["outputs"] = [{"data": picture, "metadata": {}, "output_type": "display_data"}]
    data = (json.dumps(big, indent=1) + "\n").encode()
    repo.put({"big.ipynb": data})
    repo.git("add", "-A")
    assert len(repo.raw("show", ":big.ipynb")) < 2000
    assert (repo.path / "big.ipynb").read_bytes() == data
    assert 1024 * int(peak.read_text()) < 1.7 * FIFTY
