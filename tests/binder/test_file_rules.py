"""What may stand in apt.txt, runtime.txt, start and Dockerfile."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.binder import file_rules, overlay


@pytest.mark.parametrize(
    "name", ["vim", "g++", "libstdc++6", "a.b", "vim:amd64", "git=1:2.39~x+deb12", "vim/stable", "7zip"]
)  # fmt: skip
def test_packages(name):
    assert not list(file_rules.apt_faults(f"# c\n\n{name} # d\r\n"))
    assert file_rules.apt_packages(f"{name} # d\r\n") == [name]


@pytest.mark.parametrize(
    "name", ["a", "Vim", "vim nano", "vim;id", "$(id)", "`id`", "vim&", "-y", "--yes", "vim>x",
             "vim\u00a0x", "ü", "vim=", "vim|x", "'vim'", "a\\", "vim\x0bnano"]
)  # fmt: skip
def test_what_is_no_package(name):
    assert [line for line, _ in file_rules.apt_faults(f"ok-name\n{name}\n")] == [2]


@given(st.text())
def test_names_that_pass_hold_nothing_that_a_shell_reads(text):
    faults = dict(file_rules.apt_faults(text))
    if not faults:
        for name in file_rules.apt_packages(text):
            assert re.fullmatch(r"[a-zA-Z0-9+.:=~/-]+", name)
            assert not name.startswith("-")


def test_image_and_branch_have_the_same_rule():
    for name in ("_PACKAGE", "_EXEC", "_SHELL"):
        assert getattr(overlay, name).pattern == getattr(file_rules, name)._pattern


@pytest.mark.parametrize(
    "text",
    ['#!/bin/sh\nexec "$@"\n', 'exec "${@}"', '#!/usr/bin/env bash\nexec tini -- "$@" # end\n',
     'if x; then exec "$@"; fi', "#!/usr/bin/env python3\nimport os\n"],
)  # fmt: skip
def test_start_scripts_that_start_the_server(text):
    assert not list(file_rules.start_faults(text))


@pytest.mark.parametrize(
    "text", ["", "#!/bin/bash\n", '# exec "$@"', "exec $@", '#!/usr/bin/env -S dash\n"$@"', "exec"]
)
def test_start_scripts_that_do_not(text):
    assert list(file_rules.start_faults(text))


@pytest.mark.parametrize("text", ["python-3.12\n", "python-3", "python-3.12.1", "r-4.4-2026-01-31", "r-2026-01-31", "r-4.4"])  # fmt: skip
def test_runtimes(text):
    assert not list(file_rules.runtime_faults(text))


@pytest.mark.parametrize("text", ["", "python", "python3.12", "python-3.x", "python-2026-01-31", "r-4.4-2026-1-31", "python-3.12\npython-3.11", "ruby-3"])  # fmt: skip
def test_what_is_no_runtime(text):
    assert list(file_rules.runtime_faults(text))


def test_images_of_a_dockerfile():
    text = (
        "# FROM no\nARG X=1\nFROM --platform=linux/amd64 a:1 AS one\nfrom one\n"
        "FROM b AS two\nFROM scratch\nFROM ${BASE}\n  FROM host:5000/c@sha256:12\n"
    )
    assert list(file_rules.images(text)) == [
        (3, "a:1"), (5, "b"), (8, "host:5000/c@sha256:12"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("image", "is_pinned"),
    [("a", False), ("a:latest", False), ("a:1", True), ("h:5000/a", False), ("h:5000/a:1", True),
     ("a@sha256:00", True)],
)  # fmt: skip
def test_pinned_images(image, is_pinned):
    assert file_rules.is_pinned(image) is is_pinned
