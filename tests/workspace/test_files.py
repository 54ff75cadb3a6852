"""A file is replaced as a whole or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading

import pytest

import octavo
from octavo.core.document import Cell, Document
from octavo.core.errors import FileError, FormatError
from octavo.workspace import exchange, files

OLD = b"the old content\n"
NEW = b"new\n" * 1000
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(OLD)
    return path


def names_in(folder):
    return sorted(os.listdir(folder))


def fail_with(number):
    def fail(*arguments, **options):
        raise OSError(number, os.strerror(number))

    return fail


def test_new_file_is_written(tmp_path):
    assert files.replace_file(tmp_path / "new.txt", NEW)
    assert (tmp_path / "new.txt").read_bytes() == NEW
    assert names_in(tmp_path) == ["new.txt"]


def test_old_file_is_replaced(old_file):
    assert files.replace_file(old_file, NEW)
    assert old_file.read_bytes() == NEW
    assert names_in(old_file.parent) == ["file.txt"]


def test_equal_bytes_leave_the_file_untouched(old_file):
    os.utime(old_file, ns=(1, 1))
    inode = old_file.stat().st_ino
    assert not files.replace_file(old_file, OLD)
    assert (old_file.stat().st_mtime_ns, old_file.stat().st_ino) == (1, inode)


def test_same_size_with_other_bytes_is_replaced(old_file):
    assert files.replace_file(old_file, OLD.upper())
    assert old_file.read_bytes() == OLD.upper()


def test_empty_file_can_be_written(old_file):
    assert files.replace_file(old_file, b"")
    assert old_file.read_bytes() == b""


@posix_only
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_permissions_are_kept(old_file, mode):
    old_file.chmod(mode)
    files.replace_file(old_file, NEW)
    assert stat.S_IMODE(old_file.stat().st_mode) == mode


@posix_only
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_new_file_gets_what_the_umask_allows(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        files.replace_file(tmp_path / "new.txt", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_owner_is_kept(old_file):
    os.chown(old_file, 1234, 4321)
    files.replace_file(old_file, NEW)
    assert (old_file.stat().st_uid, old_file.stat().st_gid) == (1234, 4321)


@posix_only
def test_owner_that_cannot_be_kept_is_no_error(old_file, monkeypatch):
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(old_file, 1234, 4321)
    monkeypatch.setattr(os, "fchown", fail_with(errno.EPERM))
    assert files.replace_file(old_file, NEW)
    assert old_file.read_bytes() == NEW


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes on this system")
def test_extended_attributes_are_kept(old_file):
    try:
        os.setxattr(old_file, "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    files.replace_file(old_file, NEW)
    assert os.getxattr(old_file, "user.note") == b"kept"


@posix_only
def test_file_system_without_attributes_is_no_error(old_file, monkeypatch):
    monkeypatch.setattr(os, "listxattr", fail_with(errno.ENOTSUP), raising=False)
    assert files.replace_file(old_file, NEW)


@posix_only
def test_symbolic_link_stays_a_link(old_file):
    link = old_file.parent / "sub" / "link.txt"
    link.parent.mkdir()
    link.symlink_to("../file.txt")
    assert files.replace_file(link, NEW)
    assert link.is_symlink()
    assert old_file.read_bytes() == NEW
    assert names_in(link.parent) == ["link.txt"]


@posix_only
def test_link_to_nothing_makes_the_file_it_points_to(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to("missing.txt")
    assert files.replace_file(link, NEW)
    assert link.is_symlink()
    assert (tmp_path / "missing.txt").read_bytes() == NEW


@posix_only
def test_circle_of_links_is_an_error(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for action in (files.read_bytes, lambda path: files.replace_file(path, NEW)):
        with pytest.raises(FileError) as caught:
            action(tmp_path / "a")
        assert caught.value.code in ("OCT-W003", "OCT-W008")


def assert_whole(old_file):
    assert old_file.read_bytes() == OLD
    assert names_in(old_file.parent) == ["file.txt"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("function", ["write", "fsync"])
def test_full_disk_leaves_the_old_file_whole(old_file, monkeypatch, function, number):
    monkeypatch.setattr(os, function, fail_with(number))
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW)
    assert caught.value.code == "OCT-W006"
    assert caught.value.span.file == str(old_file)
    assert caught.value.hint
    assert_whole(old_file)


def test_disk_that_fills_up_in_the_middle_leaves_the_old_file_whole(old_file, monkeypatch):
    write, calls = os.write, []

    def write_little(fd, data):
        calls.append(fd)
        if len(calls) > 3:
            raise OSError(errno.ENOSPC, "full")
        return write(fd, data[:10])

    monkeypatch.setattr(os, "write", write_little)
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW)
    assert caught.value.code == "OCT-W006"
    assert_whole(old_file)


def test_bytes_that_go_out_in_pieces_all_arrive(old_file, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))
    files.replace_file(old_file, NEW)
    assert old_file.read_bytes() == NEW


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_device_is_written_through(tmp_path):
    assert files.replace_file("/dev/null", NEW)
    with pytest.raises(FileError) as caught:
        files.replace_file("/dev/full", NEW)
    assert caught.value.code == "OCT-W006"
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@posix_only
def test_pipe_is_written_through(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    assert files.replace_file(pipe, NEW)
    reader.join()
    assert received == [NEW]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix_only
def test_read_only_file_is_not_replaced(old_file):
    old_file.chmod(0o444)
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW)
    assert caught.value.code == "OCT-W005"
    assert "chmod" in caught.value.hint
    assert_whole(old_file)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_folder_that_cannot_be_written_is_an_error(old_file, monkeypatch, number):
    monkeypatch.setattr(os, "open", fail_with(number))
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW)
    assert caught.value.code == "OCT-W005"
    monkeypatch.undo()
    assert_whole(old_file)


@pytest.mark.parametrize("function", ["replace", "fsync", "write"])
def test_other_faults_leave_the_old_file_whole(old_file, monkeypatch, function):
    monkeypatch.setattr(os, function, fail_with(errno.EIO))
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW)
    assert caught.value.code == "OCT-W008"
    assert_whole(old_file)


@pytest.mark.parametrize("function", ["replace", "fsync", "write"])
def test_interrupt_leaves_no_temporary_file(old_file, monkeypatch, function):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, function, interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.replace_file(old_file, NEW)
    assert_whole(old_file)


def test_folder_that_cannot_be_synced_is_no_error(old_file, monkeypatch):
    fsync, calls = os.fsync, []

    def sync_files_only(fd):
        calls.append(fd)
        return fsync(fd) if len(calls) == 1 else fail_with(errno.EINVAL)()

    monkeypatch.setattr(os, "fsync", sync_files_only)
    assert files.replace_file(old_file, NEW)
    assert len(calls) == 2
    assert old_file.read_bytes() == NEW


KILLED = """
import os, signal, sys
from octavo.workspace import files

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(os, sys.argv[2], die)
files.replace_file(sys.argv[1], b"new" * 100_000)
"""


@posix_only
@pytest.mark.parametrize("function", ["fsync", "fchmod", "replace"])
def test_kill_in_the_middle_leaves_the_old_file_whole(old_file, function):
    done = subprocess.run([sys.executable, "-c", KILLED, str(old_file), function], check=False)
    assert done.returncode == -signal.SIGKILL
    assert old_file.read_bytes() == OLD
    assert files.replace_file(old_file, NEW)
    assert old_file.read_bytes() == NEW


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing/file.txt", "OCT-W004"),
        ("file.txt/file.txt", "OCT-W004"),
        (".", "OCT-W002"),
        ("x" * 300, "OCT-W007"),
        ("a\0b", "OCT-W007"),
    ],
)
def test_impossible_target_is_an_error_of_ours(old_file, name, code):
    with pytest.raises(FileError) as caught:
        files.replace_file(os.path.join(old_file.parent, name), NEW)
    assert caught.value.code == code
    assert caught.value.hint
    assert len(str(caught.value)) < 300
    assert_whole(old_file)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.txt", "OCT-W001"),
        (".", "OCT-W002"),
        ("x" * 300, "OCT-W007"),
        ("a\0b", "OCT-W007"),
        ("file.txt/file.txt", "OCT-W001"),
    ],
)
def test_impossible_source_is_an_error_of_ours(old_file, name, code):
    with pytest.raises(FileError) as caught:
        files.read_bytes(os.path.join(old_file.parent, name))
    assert caught.value.code == code


def test_file_that_cannot_be_read_is_an_error_of_ours(old_file, monkeypatch):
    monkeypatch.setattr("builtins.open", fail_with(errno.EACCES))
    with pytest.raises(FileError) as caught:
        files.read_bytes(old_file)
    assert (caught.value.code, caught.value.hint) == ("OCT-W003", "check its permissions")


def test_longest_possible_name_can_be_written(tmp_path):
    path = tmp_path / ("x" * 255)
    assert files.replace_file(path, NEW)
    assert files.replace_file(path, OLD)
    assert path.read_bytes() == OLD


def test_folder_is_made_with_those_above_it(tmp_path, old_file):
    files.make_folder(tmp_path / "a" / "b")
    files.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    with pytest.raises(FileError):
        files.make_folder(old_file)


# Documents


def test_document_comes_back_from_its_file(tmp_path):
    document = Document([Cell("markdown", "# Title"), Cell("code", "1 + 1")])
    assert octavo.write(document, tmp_path / "a.py")
    again = octavo.read(tmp_path / "a.py")
    assert [(cell.kind, cell.source) for cell in again.cells] == [
        ("markdown", "# Title"),
        ("code", "1 + 1"),
    ]


def test_writing_the_same_document_again_touches_nothing(tmp_path):
    document = Document([Cell("code", "1 + 1")])
    assert octavo.write(document, tmp_path / "a.py")
    assert not octavo.write(document, tmp_path / "a.py")


def test_document_is_written_in_the_format_it_was_read_from(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("# %% [markdown]\n# Title\n\n# %%\n# !ls\n!ls\n", "utf-8")
    document = octavo.read(path, "py:hydrogen")
    assert document.origin.format == "py:hydrogen"
    octavo.write(document, tmp_path / "b.py")
    assert (tmp_path / "b.py").read_text("utf-8") == path.read_text("utf-8")


@pytest.mark.parametrize(
    "text", ["# %%\r\n1 + 1\r\n", "\ufeff# %%\n1 + 1\n", "\ufeff# %%\r\n1\r\n"]
)
def test_newlines_and_byte_order_mark_are_kept(tmp_path, text):
    path = tmp_path / "a.py"
    path.write_bytes(text.encode("utf-8"))
    octavo.write(octavo.read(path), tmp_path / "b.py")
    assert (tmp_path / "b.py").read_bytes() == text.encode("utf-8")


def test_suffix_that_nobody_knows_is_guessed_from_the_content(tmp_path):
    path = tmp_path / "notebook.txt"
    path.write_text("# %% [markdown]\n# Title\n", "utf-8")
    assert octavo.read(path).cells[0].kind == "markdown"
    assert octavo.read(path, "percent").cells[0].kind == "markdown"


def test_wrong_byte_is_reported_with_its_place(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"# %%\nx = '\xe9'\n")
    with pytest.raises(FormatError) as caught:
        octavo.read(path)
    assert str(caught.value.span) == f"{path}:2:6"
    assert caught.value.code == "OCT-F001"


def test_half_a_surrogate_pair_stays_in_a_notebook_and_is_an_error_in_a_text(tmp_path):
    document = Document([Cell("code", "x = '\ud800'", {}, [], id="a")])
    octavo.write(document, tmp_path / "a.ipynb")
    assert octavo.read(tmp_path / "a.ipynb").cells[0].source == "x = '\ud800'"
    with pytest.raises(FormatError) as caught:
        octavo.write(document, tmp_path / "a.py")
    assert caught.value.code == "OCT-F002"
    assert not (tmp_path / "a.py").exists()


def test_previous_text_in_another_encoding_is_replaced(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"# caf\xe9\n")
    assert octavo.write(Document([Cell("code", "1 + 1")]), path)
    assert b"1 + 1" in path.read_bytes()


# Compare and swap

EDIT = b"somebody was here\n"


@pytest.fixture(params=["exchange", "link", "neither"])
def way(request, monkeypatch):
    """Let the system offer less and less."""
    if request.param != "exchange":
        monkeypatch.setattr(exchange, "exchange", lambda *_: False)
    if request.param == "neither":
        monkeypatch.setattr(os, "link", fail_with(errno.EPERM))
    return request.param


def edit_before_the_swap(monkeypatch, edit):
    """Let somebody do something after the new file was written, before it takes its place."""
    create = files._create

    def create_and_edit(*arguments):
        create(*arguments)
        edit()

    monkeypatch.setattr(files, "_create", create_and_edit)


def saved_by_rename(path, data):
    other = path.with_name("editor.tmp")
    other.write_bytes(data)
    os.replace(other, path)


def test_seen_file_is_replaced(old_file, way):
    assert files.replace_file(old_file, NEW, OLD)
    assert old_file.read_bytes() == NEW
    assert names_in(old_file.parent) == ["file.txt"]
    assert not files.replace_file(old_file, NEW, OLD)


def test_unseen_content_stays(old_file, way):
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW, b"something else")
    assert caught.value.code == "OCT-W015"
    assert_whole(old_file)


@pytest.mark.parametrize("save", [lambda path, data: path.write_bytes(data), saved_by_rename])
def test_edit_in_the_last_moment_stays(old_file, monkeypatch, way, save):
    edit_before_the_swap(monkeypatch, lambda: save(old_file, EDIT))
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW, OLD)
    assert caught.value.code == "OCT-W015"
    assert old_file.read_bytes() == EDIT
    assert names_in(old_file.parent) == ["file.txt"]


def test_file_that_was_removed_in_the_last_moment_stays_away(old_file, monkeypatch, way):
    edit_before_the_swap(monkeypatch, old_file.unlink)
    with pytest.raises(FileError) as caught:
        files.replace_file(old_file, NEW, OLD)
    assert caught.value.code == "OCT-W015"
    assert names_in(old_file.parent) == []


def test_file_that_was_missing_is_made(tmp_path, way):
    path = tmp_path / "new.txt"
    assert files.replace_file(path, NEW, None)
    assert path.read_bytes() == NEW
    assert names_in(tmp_path) == ["new.txt"]


def test_file_that_appeared_stays(tmp_path, monkeypatch, way):
    path = tmp_path / "new.txt"
    edit_before_the_swap(monkeypatch, lambda: path.write_bytes(EDIT))
    with pytest.raises(FileError) as caught:
        files.replace_file(path, NEW, None)
    assert caught.value.code == "OCT-W015"
    assert path.read_bytes() == EDIT
    assert names_in(tmp_path) == ["new.txt"]


def test_file_that_is_gone_is_not_made_again(tmp_path):
    with pytest.raises(FileError) as caught:
        files.replace_file(tmp_path / "gone.txt", NEW, OLD)
    assert caught.value.code == "OCT-W015"
    assert names_in(tmp_path) == []


def test_two_edits_in_the_last_moment_are_both_kept(old_file, monkeypatch):
    real, calls = exchange.exchange, []

    def exchange_and_edit(first, second):
        if not calls:
            old_file.write_bytes(EDIT)
        done = real(first, second)
        if not calls:
            old_file.write_bytes(b"a later edit")
        calls.append(done)
        return done

    monkeypatch.setattr(exchange, "exchange", exchange_and_edit)
    with pytest.raises(FileError):
        files.replace_file(old_file, NEW, OLD)
    if not all(calls):
        pytest.skip("this file system exchanges no files")
    assert old_file.read_bytes() == b"a later edit"
    (saved,) = set(names_in(old_file.parent)) - {"file.txt"}
    assert (old_file.parent / saved).read_bytes() == EDIT


def test_link_stays_a_link_when_its_file_is_swapped(old_file):
    link = old_file.with_name("link.txt")
    link.symlink_to(old_file.name)
    assert files.replace_file(link, NEW, OLD)
    assert link.is_symlink()
    assert old_file.read_bytes() == NEW


APPENDER = """
import sys
from octavo.core.errors import FileError
from octavo.workspace import files

path, mark = sys.argv[1:]
done = 0
while done < 60:
    seen = files.read_bytes(path)
    try:
        files.replace_file(path, seen + f"{mark}{done}\\n".encode(), seen)
    except FileError as error:
        assert error.code == "OCT-W015", error
        continue
    done += 1
"""


@posix_only
def test_processes_that_swap_at_once_lose_nothing(old_file):
    marks = "abc"
    runs = [
        subprocess.Popen([sys.executable, "-c", APPENDER, str(old_file), mark]) for mark in marks
    ]
    assert [run.wait(timeout=300) for run in runs] == [0] * len(marks)
    lines = old_file.read_text("utf-8").splitlines()[1:]
    assert sorted(lines) == sorted(f"{mark}{n}" for mark in marks for n in range(60))
    assert names_in(old_file.parent) == ["file.txt"]
