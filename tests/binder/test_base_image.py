"""Base images: what is written, and what the script in them does, in order."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octavo.binder import base_image, overlay
from octavo.binder.base_image import files, onbuild_name, simulate
from octavo.binder.errors import BinderError

NAME, START = "quay.io/school/course:2026.11", "quay.io/jupyter/base-notebook:2026-01-05"
START_SCRIPT = '#!/bin/sh\nexport A=1\nexec "$@"\n'


def folder(path, names):
    for name, content in names.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    path.mkdir(exist_ok=True)
    return os.fspath(path)


def words(rows, image):
    return [row.words for row in rows if row.image == image and row.user not in ("docker", "start")]


def test_files_are_the_same_each_time():
    written = files(NAME, START)
    assert written == files(NAME, START)
    assert sorted(written) == [
        "Dockerfile", "base/environment.yml", "child/Dockerfile", "octavo-overlay.py",
    ]  # fmt: skip
    assert written["child/Dockerfile"] == b"FROM quay.io/school/course-onbuild:2026.11\n"


def test_dockerfile_runs_no_shell():
    lines = files(NAME, START)["Dockerfile"].decode().split("\n")
    runs = [line.partition("RUN ")[2] for line in lines if "RUN " in line]
    assert len(runs) == 2
    assert all(isinstance(json.loads(run), list) for run in runs)
    assert [line for line in lines if line.startswith("ONBUILD")] == [
        "ONBUILD USER root",
        "ONBUILD COPY . /opt/octavo/child/",
        'ONBUILD RUN ["python3", "/opt/octavo/overlay.py", "build", "/opt/octavo/child"]',
        "ONBUILD USER 1000",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("course", "OCT-B140"),
        ("course:latest", "OCT-B140"),
        ("localhost:5000/course", "OCT-B140"),
        ("course:", "OCT-B141"),
        ("Course:1", "OCT-B141"),
        ("a b:1", "OCT-B141"),
        ("a:1\nRUN id", "OCT-B141"),
        ("a:1\n", "OCT-B141"),
        ("$(id):1", "OCT-B141"),
        ("a:1@sha256:12", "OCT-B141"),
        ("--platform=x a:1", "OCT-B141"),
    ],
)
def test_images_have_a_tag_that_stays(name, code):
    for call in (lambda: files(name, START), lambda: files(NAME, name)):
        with pytest.raises(BinderError) as caught:
            call()
        assert caught.value.code == code


def test_digest_pins_the_image_to_start_from_but_is_none_of_our_own():
    pinned = "quay.io/jupyter/base-notebook@sha256:" + "0" * 64
    assert f"FROM {pinned}\n" in files(NAME, pinned)["Dockerfile"].decode()
    with pytest.raises(BinderError, match="digest"):
        files(pinned, START)


def test_name_is_marked_once():
    assert onbuild_name("a-onbuild:1") == onbuild_name("a:1") == "a-onbuild:1"


def test_plan_of_base_and_child(tmp_path):
    base = folder(tmp_path / "base", {"environment.yml": "x", "start": START_SCRIPT})
    child = folder(tmp_path / "child", {
        "README.md": "", "apt.txt": "ignored: binder/ counts",
        "binder/apt.txt": "vim # editor\n\ngit=1:2.39\n", "binder/requirements.txt": "numpy",
        "binder/postBuild": "#!/bin/sh\n", "binder/start": START_SCRIPT, "binder/install.R": "",
    })  # fmt: skip
    rows = list(simulate(NAME, START, base, child))
    assert [row.words for row in rows if row.user == "docker"] == [
        ("FROM", START), ("COPY", "base/", "/opt/octavo/base/"),
        ("FROM", onbuild_name(NAME)), ("COPY", ".", "/opt/octavo/child/"),
    ]  # fmt: skip
    at = "/opt/octavo/child/binder"
    assert words(rows, "child") == [
        ("apt-get", "-qq", "update"),
        ("apt-get", "-qq", "install", "--yes", "--no-install-recommends", "--", "vim",
         "git=1:2.39"),
        ("apt-get", "-qq", "clean"),
        ("rm", "-rf", "--", "/var/lib/apt/lists"),
        ("python3", "-m", "pip", "install", "--no-cache-dir", "--requirement",
         f"{at}/requirements.txt"),
        ("Rscript", "--vanilla", f"{at}/install.R"),
        ("chmod", "755", "--", f"{at}/postBuild"),
        (f"{at}/postBuild",),
        ("install", "-D", "--mode=755", "--", f"{at}/start", "/opt/octavo/start.d/01"),
    ]  # fmt: skip
    assert rows[-1].words == (
        "/opt/octavo/start.d/00", "/opt/octavo/start.d/01", "jupyter", "lab",
    )  # fmt: skip


def test_only_the_child_is_applied_to_the_child(tmp_path):
    base = folder(tmp_path / "base", {"apt.txt": "vim", "postBuild": "#!/bin/sh\n"})
    child = folder(tmp_path / "child", {})
    assert words(list(simulate(NAME, START, base, child)), "child") == []


def test_lock_wins_over_environment_and_environment_over_requirements(tmp_path):
    names = ("conda-lock.yml", "environment.yml", "requirements.txt")
    programs = []
    for i in range(3):
        place = folder(tmp_path / str(i), dict.fromkeys(names[i:], ""))
        programs.append([step.words[0] for step in overlay.plan(place)])
    assert programs == [["conda-lock"], ["conda"], ["python3"]]


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ({"apt.txt": "vim\nfoo; rm -rf /\n"}, 2),
        ({"apt.txt": b"\xff"}, 0),
        ({"start": "#!/bin/sh\n"}, 0),
        ({"start": '#!/bin/sh\r\nexec "$@"\r\n'}, 1),
        ({"postBuild": "#!/bin/sh\r\n"}, 1),
        ({"binder/x": "", ".binder/x": ""}, 0),
        ({"apt.txt/x": ""}, 0),
    ],
)
def test_what_stops_the_build_is_told(tmp_path, names, line):
    child = folder(tmp_path / "child", names)
    with pytest.raises(BinderError) as caught:
        list(simulate(NAME, START, folder(tmp_path / "base", {}), child))
    assert (caught.value.code, caught.value.span.line) == ("OCT-B143", line)
    assert caught.value.span.file.startswith(child)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(alphabet="a;&|$()`'\"\\\n #<>*=:/-", max_size=30))
def test_contents_reach_no_command_but_checked_names_of_packages(tmp_path, text, odd):
    content = odd + text
    place = folder(tmp_path / "child", {
        "apt.txt": content, "environment.yml": content, "requirements.txt": content,
        "postBuild": "#!/bin/sh\n" + content,
    })  # fmt: skip
    before = files(NAME, START)
    try:
        steps = overlay.plan(place, at="/opt/octavo/child")
    except overlay.BuildError:
        return
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.:=~/_${}")
    for step in steps:
        for word in step.words:
            assert set(word) <= allowed, word
            assert "$" not in word or word == "${NB_PYTHON_PREFIX}"
    assert files(NAME, START) == before


def test_script_runs_alone_and_prints_the_same_plan(tmp_path):
    place = folder(tmp_path / "a b", {"binder/apt.txt": "vim\n", "binder/environment.yml": ""})
    script = tmp_path / "overlay.py"
    script.write_bytes(files(NAME, START)[base_image.SCRIPT])
    done = subprocess.run(
        [sys.executable, "-I", script, "plan", place], capture_output=True, text=True, check=True
    )
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    assert printed == [[step.user, *step.words] for step in overlay.plan(place)]


def test_script_tells_faults_and_its_usage(tmp_path, capsys):
    place = folder(tmp_path / "x", {"apt.txt": "a b"})
    assert overlay.main(["plan", place]) == 1
    assert "apt.txt:1: 'a b' is not the name" in capsys.readouterr().err
    for arguments in ([], ["build"], ["start"], ["other", "x"]):
        assert overlay.main(arguments) == 2


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "getuid"), reason="needs a Unix")
def test_build_runs_the_plan_and_start_chains_the_scripts(tmp_path, monkeypatch):
    if os.getuid() != 0:
        pytest.skip("only root can change to another user, as in an image")
    monkeypatch.setattr(overlay, "HOME", os.fspath(tmp_path / "octavo"))
    monkeypatch.setenv("NB_UID", "0")
    for i in range(2):
        place = folder(tmp_path / f"layer{i}", {
            "postBuild": '#!/bin/sh\nid -u >done; echo "$HOME" >>done\n',
            "start": f'#!/bin/sh\nexport CHAIN="${{CHAIN}}{i}"\nexec "$@"\n',
        })  # fmt: skip
        assert overlay.main(["build", place]) == 0
        assert (tmp_path / f"layer{i}/done").read_text().startswith("0\n")
    names = sorted(os.listdir(tmp_path / "octavo/start.d"))
    scripts = [os.fspath(tmp_path / "octavo/start.d" / name) for name in names]
    done = subprocess.run(
        overlay.start_words(scripts, ["sh", "-c", 'echo "$CHAIN" "$0"', "a b"]),
        capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stdout == "01 a b\n"
