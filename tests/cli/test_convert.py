import errno
import json
import os
import subprocess
import sys

import pytest

from cli.samples import NOTEBOOK, TEXT


def cells_of(path):
    return json.loads(path.read_text("utf-8"))["cells"]


def source_of(cell):
    return "".join(cell["source"])


# Where the output goes


def test_output_goes_beside_the_input(octavo, script):
    result = octavo("convert", "a.py", "--to", "ipynb")
    assert result == (0, "", "a.py -> a.ipynb: created\n")
    assert [source_of(cell) for cell in cells_of(script.with_suffix(".ipynb"))] == [
        "# Title",
        "1 + 1",
    ]


def test_output_goes_where_it_is_told(octavo, notebook, folder):
    assert (
        octavo("convert", "a.ipynb", "--from", "ipynb", "--to", "py:percent", "-o", "b.py").code
        == 0
    )
    assert "# %% tags=" in (folder / "b.py").read_text("utf-8")


def test_suffix_of_the_output_tells_the_format(octavo, notebook, folder):
    assert octavo("convert", "a.ipynb", "-o", "b.py").code == 0
    assert "# %%" in (folder / "b.py").read_text("utf-8")


def test_script_keeps_its_format_when_only_a_file_is_named(octavo, folder):
    (folder / "a.py").write_text("# %%\n%time 1\n", "utf-8")
    assert octavo("convert", "a.py", "-o", "b.py").code == 0
    assert (folder / "b.py").read_text("utf-8") == "# %%\n%time 1\n"


def test_format_without_suffix_takes_that_of_the_output(octavo, notebook, folder):
    assert octavo("convert", "a.ipynb", "--to", "percent", "-o", "b.jl").code == 0
    assert (folder / "b.jl").exists()


def test_auto_is_the_suffix_of_the_language(octavo, notebook, folder):
    assert octavo("convert", "a.ipynb", "--to", "auto:percent").code == 0
    assert (folder / "a.py").exists()


def test_auto_is_the_suffix_of_the_script_when_nothing_tells_the_language(octavo, folder):
    (folder / "a.jl").write_text("# %%\n1 + 1\n", "utf-8")
    assert octavo("convert", "a.jl", "--to", "auto:hydrogen", "-o", "-").out == "# %%\n1 + 1\n"


def test_output_may_be_an_existing_folder(octavo, notebook, folder):
    (folder / "out").mkdir()
    assert octavo("convert", "a.ipynb", "--to", "py", "-o", "out").code == 0
    assert (folder / "out" / "a.py").exists()


def test_several_inputs_go_into_a_folder_that_is_made(octavo, notebook, folder):
    (folder / "b.ipynb").write_bytes(notebook.read_bytes())
    result = octavo("convert", "a.ipynb", "b.ipynb", "--to", "py", "-o", "x/y")
    assert result.code == 0
    assert sorted(os.listdir(folder / "x" / "y")) == ["a.py", "b.py"]
    assert result.errors[-1] == "octavo: 2 files: 2 created"


def test_several_inputs_cannot_share_a_file_or_stdout(octavo, notebook, script):
    for output in ("a.py", "-"):
        result = octavo("convert", "a.ipynb", "a.py", "--to", "md", "-o", output)
        assert result.code == 2
        assert "OCT-O024" in result.err


def test_inputs_that_would_write_one_file_are_an_error(octavo, notebook, folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "a.ipynb").write_bytes(notebook.read_bytes())
    result = octavo("convert", "a.ipynb", "sub/a.ipynb", "--to", "py", "-o", "out")
    assert result.code == 4
    assert "OCT-W012" in result.err
    assert "a.ipynb -> out/a.py: created" in result.err


def test_missing_folder_of_a_named_file_is_an_error(octavo, notebook, folder):
    result = octavo("convert", "a.ipynb", "-o", "no/b.py")
    assert result.code == 4
    assert result.errors == [
        "no/b.py: no such folder: no [OCT-W004] (hint: create the folder first)"
    ]


# stdin and stdout


def test_stdin_goes_to_stdout(octavo, folder):
    result = octavo("convert", "-", "--to", "py:percent", stdin=json.dumps(NOTEBOOK).encode())
    assert result.code == 0
    assert result.err == ""
    assert result.out.endswith('# %% tags=["a"]\n1 + 1\n')


def test_stdin_may_be_named_and_stored(octavo, folder):
    result = octavo("convert", "-", "--from", "py:percent", "-o", "b.ipynb", stdin=TEXT.encode())
    assert result == (0, "", "<stdin> -> b.ipynb: created\n")


def test_bytes_on_stdin_and_stdout_are_kept(octavo, folder):
    text = "\ufeff# %%\r\nx = 'é\u2028\x0c'\r\n"
    result = octavo(
        "convert", "-", "--from", "py:percent", "--to", "py:percent", stdin=text.encode()
    )
    assert result.out == text


def test_fault_on_stdin_is_placed(octavo, folder):
    result = octavo("convert", "-", "--from", "py:percent", "--to", "ipynb", stdin=b"# %%\n\xff\n")
    assert result.code == 3
    assert result.err.startswith("<stdin>:2:1: ")


# What stands at the target


def test_unchanged_file_is_not_touched(octavo, notebook, folder):
    octavo("convert", "a.ipynb", "--to", "py")
    os.utime(folder / "a.py", ns=(5, 5))
    assert octavo("convert", "a.ipynb", "--to", "py").err == "a.ipynb -> a.py: unchanged\n"
    assert (folder / "a.py").stat().st_mtime_ns == 5


@pytest.mark.parametrize("text", ["# %%\r\n1 + 1\r\n", "\ufeff# %%\n1 + 1\n"])
def test_newlines_and_byte_order_mark_of_the_target_are_kept(octavo, folder, text):
    (folder / "a.py").write_bytes(text.encode("utf-8"))
    assert octavo("convert", "a.py", "--to", "ipynb").code == 0
    result = octavo("convert", "a.ipynb", "--to", "py:percent", "-o", "a.py")
    assert result.err == "a.ipynb -> a.py: unchanged\n"


def test_one_edited_cell_changes_one_place(octavo, folder):
    text = '# %%  \n1\n\n\n\n#%% [md]\n"""\nhello\n"""\n\n# %%\n3\n'
    (folder / "a.py").write_text(text, "utf-8")
    octavo("convert", "a.py", "--to", "ipynb")
    notebook = folder / "a.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace('"3"', '"4"'), "utf-8")
    assert octavo("convert", "a.ipynb", "--to", "py:percent").code == 0
    assert (folder / "a.py").read_text("utf-8") == text.replace("3\n", "4\n")


def test_input_is_not_replaced_by_itself_in_another_format(octavo, script):
    for arguments in (["--to", "py:hydrogen"], ["--to", "py:hydrogen", "-o", "./a.py"]):
        result = octavo("convert", "a.py", *arguments)
        assert result.code == 4
        assert "OCT-W010" in result.err
    assert script.read_text("utf-8") == TEXT


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_input_is_not_replaced_through_a_link(octavo, script, folder):
    (folder / "link.py").symlink_to("a.py")
    assert octavo("convert", "a.py", "--to", "py:hydrogen", "-o", "link.py").code == 4
    assert script.read_text("utf-8") == TEXT


def test_force_replaces_the_input(octavo, folder):
    (folder / "a.py").write_text("# %%\n# %time 1\n", "utf-8")
    assert octavo("convert", "a.py", "--to", "py:hydrogen", "--force").code == 0
    assert (folder / "a.py").read_text("utf-8") == "# %%\n%time 1\n"


def test_input_may_be_rewritten_in_its_own_format(octavo, notebook):
    result = octavo("convert", "a.ipynb", "--to", "ipynb")
    assert result.err == "a.ipynb -> a.ipynb: unchanged\n"


# Outputs


def test_outputs_of_the_target_are_not_lost_unasked(octavo, notebook, script):
    before = notebook.read_bytes()
    result = octavo("convert", "a.py", "--to", "ipynb")
    assert result.code == 4
    assert "OCT-W011" in result.err
    assert "--update" in result.err
    assert notebook.read_bytes() == before


def test_update_keeps_outputs_counts_and_ids(octavo, notebook, script):
    script.write_text(TEXT.replace("Title", "New title"), "utf-8")
    assert octavo("convert", "a.py", "--to", "ipynb", "--update").code == 0
    title, code = cells_of(notebook)
    assert (source_of(title), title["id"]) == ("# New title", "m1")
    assert code["outputs"] == NOTEBOOK["cells"][1]["outputs"]
    assert (code["execution_count"], code["id"]) == (7, "c1")


def test_update_without_a_notebook_just_writes(octavo, script, folder):
    result = octavo("convert", "a.py", "--to", "ipynb", "--update", "-o", "new.ipynb")
    assert result == (0, "", "a.py -> new.ipynb: created\n")


@pytest.mark.parametrize("arguments", [[], ["--update"]])
def test_empty_target_counts_as_none(octavo, script, folder, arguments):
    (folder / "a.ipynb").write_bytes(b"")
    assert octavo("convert", "a.py", "--to", "ipynb", *arguments).code == 0


def test_force_drops_the_outputs(octavo, notebook, script):
    assert octavo("convert", "a.py", "--to", "ipynb", "--force").code == 0
    assert cells_of(notebook)[1]["outputs"] == []


def test_notebook_without_outputs_is_replaced(octavo, script, folder):
    octavo("convert", "a.py", "--to", "ipynb")
    script.write_text("# %%\n2\n", "utf-8")
    assert octavo("convert", "a.py", "--to", "ipynb").err == "a.py -> a.ipynb: updated\n"


@pytest.mark.parametrize("arguments", [[], ["--update"]])
def test_broken_notebook_is_not_replaced_unasked(octavo, script, folder, arguments):
    (folder / "a.ipynb").write_bytes(b'{"cells": [<<<<<<< HEAD\n')
    result = octavo("convert", "a.py", "--to", "ipynb", *arguments)
    assert result.code == (3 if arguments else 4)
    assert (folder / "a.ipynb").read_bytes() == b'{"cells": [<<<<<<< HEAD\n'
    assert octavo("convert", "a.py", "--to", "ipynb", "--force").code == 0


def test_update_from_a_notebook_is_an_error(octavo, notebook, folder):
    (folder / "b.ipynb").write_bytes(notebook.read_bytes())
    result = octavo("convert", "a.ipynb", "--to", "ipynb", "-o", "b.ipynb", "--update")
    assert (result.code, "OCT-O027" in result.err) == (2, True)


# Options and metadata


def test_opt_sets_a_format_option(octavo, notebook):
    text = octavo(
        "convert", "a.ipynb", "--to", "py:percent", "--opt", 'cell_markers="""', "-o", "-"
    )
    assert '# %% [markdown]\n"""\n# Title\n"""\n' in text.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--cell-metadata-filter", "-all"],
        ["--cell-metadata-filter=-all"],
        ["--opt", "cell_metadata_filter=-all"],
        ["--opt", "cell-metadata-filter=-all"],
    ],
)
def test_filter_may_begin_with_a_dash(octavo, notebook, arguments):
    text = octavo("convert", "a.ipynb", "--to", "py:percent", *arguments, "-o", "-").out
    assert "tags" not in text.partition("\n# ---\n")[2]


def test_flags_of_options_can_be_negated(octavo, folder):
    source = b"# %%\n%time 1\n"
    arguments = ["convert", "-", "--from", "py:hydrogen", "--to", "py:percent"]
    assert octavo(*arguments, stdin=source).out.endswith("# %%\n# %time 1\n")
    assert octavo(*arguments, "--no-comment-magics", stdin=source).out.endswith("# %%\n%time 1\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--opt", "split_at_headings=true"], "OCT-O001"),
        (["--opt", "split_at_heading=perhaps"], "OCT-O002"),
        (["--split-at-heading"], "OCT-O003"),
        (["--opt", "split_at_heading"], "OCT-O022"),
        (["--update-metadata", "{"], "OCT-O025"),
        (["--update-metadata", "[1]"], "OCT-O025"),
        (["--to", "py:precent"], "OCT-O010"),
        (["--to", "md:percent"], "OCT-O011"),
        (["--from", "ipynbb"], "OCT-O010"),
        (["--colour", "never"], "OCT-O020"),
        (["--color", "perhaps"], "OCT-O020"),
        (["--diff", "--check"], "OCT-O029"),
        (["-o", "-", "--json"], "OCT-O029"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(octavo, notebook, arguments, code):
    result = octavo("convert", "a.ipynb", "--to", "py:percent", *arguments)
    assert result.code == 2
    assert result.out == ""
    assert len(result.errors) == 1
    assert f"[{code}]" in result.err


@pytest.mark.parametrize(
    ("arguments", "code"), [(["a.ipynb"], "OCT-O028"), (["--to", "py"], "OCT-O023")]
)
def test_missing_arguments_are_wrong_usage(octavo, notebook, arguments, code):
    result = octavo("convert", *arguments)
    assert (result.code, f"[{code}]" in result.err) == (2, True)


def test_metadata_is_merged_and_deleted(octavo, notebook):
    changes = '{"jupytext": {"formats": "ipynb,py:percent"}, "language_info": {"name": null}}'
    assert octavo("convert", "a.ipynb", "--update-metadata", changes).code == 0
    metadata = json.loads(notebook.read_text("utf-8"))["metadata"]
    assert metadata == {
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": NOTEBOOK["metadata"]["kernelspec"],
        "language_info": {"file_extension": ".py"},
    }


def test_metadata_set_on_purpose_gives_a_text_its_header(octavo, script):
    change = '{"kernelspec": {"name": "k", "display_name": "K", "language": "python"}}'
    assert octavo("convert", "a.py", "--update-metadata", change).code == 0
    assert "#     name: k\n" in script.read_text("utf-8")
    assert script.read_text("utf-8").endswith(TEXT)
    assert (
        octavo("convert", "a.py", "--to", "ipynb", "-o", "-").json["metadata"]["kernelspec"]["name"]
        == "k"
    )


def test_header_that_was_there_keeps_its_filter(octavo, script):
    header = "# ---\n# jupyter:\n#   jupytext:\n#     notebook_metadata_filter: -all,a\n#   a: 1\n# ---\n\n"
    script.write_text(header + TEXT, "utf-8")
    assert octavo("convert", "a.py", "--update-metadata", '{"a": 2, "b": 3}').code == 0
    assert "#   a: 2\n" in script.read_text("utf-8")
    assert "b:" not in script.read_text("utf-8")


# Bad input


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"cells": [',
        b"[]",
        b'"text"',
        b"null",
        b"{}",
        b'{"cells": 1, "nbformat": 4}',
        b'{"cells": [1], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        b'{"nbformat": 99}',
        b"\xff\xfe",
        b'{"cells": [\xff]}',
        b"\x00",
        b"[" * 100_000,
    ],
)
def test_what_is_no_notebook_is_a_format_error(octavo, folder, content):
    (folder / "bad.ipynb").write_bytes(content)
    result = octavo("convert", "bad.ipynb", "--to", "py")
    assert result.code == 3
    assert len(result.errors) == 1
    assert result.err.startswith("bad.ipynb")
    assert not (folder / "bad.py").exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [("missing.ipynb", "OCT-W001"), (".", "OCT-W002"), ("x" * 300, "OCT-W007")],
)
def test_file_that_cannot_be_read_is_a_file_error(octavo, folder, name, code):
    result = octavo("convert", name, "--to", "py")
    assert result.code == 4
    assert f"[{code}]" in result.err


def test_errors_do_not_stop_the_others_and_are_summed_up(octavo, notebook, folder):
    (folder / "bad.ipynb").write_text("{", "utf-8")
    result = octavo("convert", "bad.ipynb", "missing.ipynb", "a.ipynb", "--to", "py")
    assert result.code == 4
    assert (folder / "a.py").exists()
    assert [line.partition(":")[0] for line in result.errors] == [
        "bad.ipynb",
        "missing.ipynb",
        "a.ipynb -> a.py",
        "octavo",
    ]
    assert result.errors[-1] == "octavo: 3 files: 1 created, 2 failed"


def test_quiet_prints_errors_only(octavo, notebook, folder):
    assert octavo("convert", "a.ipynb", "--to", "py", "-q") == (0, "", "")
    result = octavo("convert", "a.ipynb", "missing.ipynb", "--to", "py", "-q")
    assert result.errors[-1] == "octavo: 2 files: 1 failed, 1 unchanged"


def test_nul_characters_are_content(octavo, folder):
    (folder / "a.py").write_bytes(b"# %%\nx = '\0'\n")
    assert octavo("convert", "a.py", "--to", "ipynb").code == 0
    assert source_of(cells_of(folder / "a.ipynb")[0]) == "x = '\0'"


def test_fault_of_ours_is_one_line_and_does_not_stop_the_others(
    octavo, notebook, folder, monkeypatch
):
    from octavo.formats import ipynb

    (folder / "b.ipynb").write_bytes(notebook.read_bytes())
    read, calls = ipynb.FORMAT.read, []

    def fail_once(*arguments):
        calls.append(1)
        if len(calls) == 1:
            raise LookupError("surprise")
        return read(*arguments)

    monkeypatch.setattr(ipynb.FORMAT, "read", fail_once)
    monkeypatch.delenv("OCTAVO_DEBUG", raising=False)
    result = octavo("convert", "a.ipynb", "b.ipynb", "--to", "py")
    assert result.code == 70
    assert "Traceback" not in result.err
    assert "please report" in result.errors[0]
    assert (folder / "b.py").exists()
    calls.clear()
    monkeypatch.setenv("OCTAVO_DEBUG", "1")
    assert "Traceback" in octavo("convert", "a.ipynb", "--to", "py").err


def test_full_disk_is_reported_and_the_others_go_on(octavo, notebook, folder, monkeypatch):
    (folder / "b.ipynb").write_bytes(notebook.read_bytes())
    fsync, calls = os.fsync, []

    def fail_once(fd):
        calls.append(1)
        if len(calls) == 1:
            raise OSError(errno.ENOSPC, "full")
        return fsync(fd)

    monkeypatch.setattr(os, "fsync", fail_once)
    result = octavo("convert", "a.ipynb", "b.ipynb", "--to", "py")
    assert result.code == 4
    assert "OCT-W006" in result.errors[0]
    assert sorted(os.listdir(folder)) == ["a.ipynb", "b.ipynb", "b.py"]


def test_interrupt_ends_with_130_and_leaves_nothing(octavo, notebook, folder, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    assert octavo("convert", "a.ipynb", "--to", "py") == (130, "", "")
    assert os.listdir(folder) == ["a.ipynb"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_termination_leaves_nothing(notebook, folder):
    code = (
        "import os, signal\n"
        "os.fsync = lambda fd: os.kill(os.getpid(), signal.SIGTERM)\n"
        "import sys\nfrom octavo.cli import main\n"
        "sys.argv = ['octavo', 'convert', 'a.ipynb', '--to', 'py']\nsys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (143, b"")
    assert os.listdir(folder) == ["a.ipynb"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX pipes")
def test_broken_pipe_ends_with_0(folder):
    (folder / "a.py").write_text("# %%\n" + "x = 1\n" * 100_000, "utf-8")
    command = [sys.executable, "-m", "octavo", "convert", "a.py", "--to", "ipynb", "-o", "-"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(1)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), errors) == (0, b"")


# Notices


def test_notices_of_the_reader_are_warnings_with_a_place(octavo, notebook, folder, monkeypatch):
    from octavo.core.errors import Notice, Span
    from octavo.formats import ipynb

    read = ipynb.FORMAT.read

    def read_with_notices(*arguments):
        notices = [
            Notice("OCT-F900", "odd", Span("", 3, 4), hint="look"),
            Notice("OCT-F901", "odder", Span("x", 1)),
        ]
        return read(*arguments).with_(notices=notices)

    monkeypatch.setattr(ipynb.FORMAT, "read", read_with_notices)
    result = octavo("convert", "a.ipynb", "--to", "py")
    assert result.errors[:2] == [
        "a.ipynb:3:4: odd [OCT-F900] (hint: look)",
        "x:1: odder [OCT-F901]",
    ]
    warning = octavo("convert", "a.ipynb", "--to", "py", "--json").json["files"][0]["warnings"][0]
    assert warning == {
        "code": "OCT-F900", "message": "odd", "file": "a.ipynb", "line": 3, "column": 4, "hint": "look",
    }  # fmt: skip


# Reports


def test_dry_run_tells_and_writes_nothing(octavo, notebook, folder):
    result = octavo("convert", "a.ipynb", "--to", "py", "--dry-run")
    assert result == (0, "a.ipynb -> a.py: would be created\n", "")
    assert os.listdir(folder) == ["a.ipynb"]
    octavo("convert", "a.ipynb", "--to", "py")
    assert octavo("convert", "a.ipynb", "--to", "py", "-n").out == "a.ipynb -> a.py: unchanged\n"
    (folder / "a.py").write_text("# %%\n2\n", "utf-8")
    assert (
        octavo("convert", "a.ipynb", "--to", "py", "-n").out
        == "a.ipynb -> a.py: would be updated\n"
    )
    assert (folder / "a.py").read_text("utf-8") == "# %%\n2\n"


def test_dry_run_makes_no_folder(octavo, notebook, folder):
    assert octavo("convert", "*.ipynb", "--to", "py", "-o", "out", "--dry-run").code == 0
    assert not (folder / "out").exists()


def test_diff_shows_the_change_and_writes_nothing(octavo, script, folder):
    octavo("convert", "a.py", "--to", "ipynb")
    (folder / "b.py").write_text(TEXT.replace("1 + 1", "1 + 2"), "utf-8")
    result = octavo("convert", "a.ipynb", "--to", "py:percent", "-o", "b.py", "--diff")
    assert result.code == 0
    assert "\n-1 + 2\n+1 + 1\n" in result.out
    assert "1 + 2" in (folder / "b.py").read_text("utf-8")
    assert octavo("convert", "a.ipynb", "--to", "py:percent", "-o", "a.py", "--diff").out == ""


@pytest.mark.parametrize(
    ("arguments", "variables", "is_colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {}, False),
    ],
)
def test_colour_of_the_diff(octavo, notebook, monkeypatch, arguments, variables, is_colored):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = octavo("convert", "a.ipynb", "--to", "py", "--diff", *arguments)
    assert ("\x1b[32m+" in result.out) == is_colored


@pytest.mark.parametrize(
    ("variables", "is_colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colour_on_a_terminal(monkeypatch, variables, is_colored):
    from octavo.cli import _output

    class Terminal:
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert _output.has_color("auto", Terminal()) == is_colored


def test_json_tells_everything(octavo, notebook, folder):
    (folder / "bad.ipynb").write_text("{", "utf-8")
    result = octavo("convert", "a.ipynb", "bad.ipynb", "--to", "py", "--json")
    assert (result.code, result.err) == (3, "")
    good, bad = result.json["files"]
    assert good == {
        "input": "a.ipynb",
        "output": "a.py",
        "status": "created",
        "from": "ipynb",
        "to": "py:percent",
        "warnings": [],
        "error": None,
    }
    assert bad["status"] == "failed"
    assert set(bad["error"]) == {"code", "message", "file", "line", "column", "hint"}
    assert bad["error"]["file"] == "bad.ipynb"
    assert result.json["summary"] == {"files": 2, "created": 1, "failed": 1}


def test_json_of_a_diff_holds_the_diff(octavo, notebook):
    result = octavo("convert", "a.ipynb", "--to", "py", "--diff", "--json", "--color", "always")
    assert result.json["files"][0]["diff"].startswith("--- a.py (now)\n+++ a.py (converted)\n@@")


def test_counter_is_shown_on_a_terminal_only(octavo, notebook, folder, monkeypatch):
    from octavo.cli import _output

    for i in range(25):
        (folder / f"n{i:02}.ipynb").write_bytes(notebook.read_bytes())
    assert "\r" not in octavo("convert", "n*.ipynb", "--to", "py").err
    monkeypatch.setattr(_output, "is_terminal", lambda stream: True)
    assert "\r\x1b[K25/25 n24.ipynb\r\x1b[K" in octavo("convert", "n*.ipynb", "--to", "py").err
    assert "\r" not in octavo("convert", "n*.ipynb", "--to", "py", "--quiet").err


def test_edit_in_the_last_moment_is_not_overwritten(octavo, notebook, folder, monkeypatch):
    from octavo.workspace import files

    octavo("convert", "a.ipynb", "--to", "py:percent")
    create, edits = files._create, [0]

    def create_and_edit(*arguments):
        create(*arguments)
        if edits.pop() == 0:
            path = folder / "a.ipynb"
            path.write_text(path.read_text("utf-8").replace("two", "three"), "utf-8")
            edits.extend([1, 1, 1])

    text = (folder / "a.py").read_text("utf-8")
    (folder / "a.py").write_text(text + "\n# %%\nnew = 1\n", "utf-8")
    monkeypatch.setattr(files, "_create", create_and_edit)
    result = octavo("convert", "a.py", "--to", "ipynb", "--update")
    assert (result.code, result.err) == (0, "a.py -> a.ipynb: updated\n")
    notebook = (folder / "a.ipynb").read_text("utf-8")
    assert "new = 1" in notebook
    assert "three" in notebook
