"""The parts of the labextension that need no browser: their own tests pass in Node.js."""

import shutil
import subprocess
from pathlib import Path

import pytest

COMPILED = Path(__file__).parents[2] / "labextension/lib"


def test_the_tests_of_the_typescript_pass():
    node = shutil.which("node")
    tests = sorted(COMPILED.rglob("*.test.js"))
    if not (node and tests):
        pytest.skip("the extension of JupyterLab is not built (`make labextension`)")
    ran = subprocess.run(
        [node, "--test", *map(str, tests)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
