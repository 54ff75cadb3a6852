"""What every test gets: the guard of the values, the hypothesis profiles, the corpus."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from octavo.core.document import Cell, Document, Origin

ROOT = Path(__file__).parent.parent

# Time says nothing on a busy machine, so no example has a deadline: growth is tested by counting.
# The examples are the same in every run; HYPOTHESIS_PROFILE=thorough looks for new ones.
settings.register_profile("dev", deadline=None, derandomize=True)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", deadline=None, max_examples=5000)
settings.register_profile("quick", deadline=None, max_examples=10, phases=[Phase.generate])
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept",
        action="store_true",
        help="write what came out into the transcripts and fixtures (read the diff before you "
        "commit it)",
    )


def pytest_configure(config: pytest.Config) -> None:
    for value in (Cell, Document, Origin):
        _guard(value)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "end_to_end" in item.path.parts:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether expected results are to be rewritten instead of compared."""
    return request.config.getoption("--accept")


@pytest.fixture(scope="session", autouse=True)
def _kernels_leave_no_trace(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let kernels write their files where nobody else looks, and read no one's settings."""
    folder = tmp_path_factory.mktemp("jupyter")
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        os.environ[name] = str(folder / name.lower())


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the conformance corpus: notebooks, and the text that each must become."""
    folder = Path(os.environ.get("OCTAVO_CORPUS") or ROOT.parent / "shared/corpus/text-notebooks")
    if not folder.is_dir():
        pytest.skip(f"no conformance corpus at {folder} (set OCTAVO_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of the example notebooks."""
    return ROOT / "examples"


def _guard(value: type) -> None:
    """Make a second assignment of a slot fail: a Cell or a Document is never changed."""

    def assign_once(self: object, name: str, new: object) -> None:
        try:
            object.__getattribute__(self, name)
        except AttributeError:
            object.__setattr__(self, name, new)
        else:
            message = f"{value.__name__}.{name} is assigned twice: use with_({name}=...)"
            raise AttributeError(message)

    def delete(self: object, name: str) -> None:
        message = f"{value.__name__}.{name} is deleted: a value is never changed"
        raise AttributeError(message)

    value.__setattr__ = assign_once  # type: ignore[method-assign,assignment]
    value.__delattr__ = delete  # type: ignore[method-assign,assignment]
