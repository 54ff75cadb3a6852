"""A server with JupyterLab for all tests of this folder, a page for each file of tests."""

import pytest

from end_to_end import jupyter_lab


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory):
    jupyter_lab.require()
    with jupyter_lab.serve(tmp_path_factory.mktemp("lab") / "server") as server:
        yield server


@pytest.fixture(scope="module")
def chromium(lab_server):
    # Playwright's loop runs as long as it is open, and other tests want one of their own.
    with jupyter_lab.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def lab_page(lab_server, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield jupyter_lab.Lab(lab_server, context)
    context.close()


@pytest.fixture
def lab(lab_page):
    """The page of JupyterLab, without documents; a test fails when the console shows errors."""
    lab_page.close_all()
    lab_page.errors.clear()
    yield lab_page
    lab_page.close_all()
    assert lab_page.errors == []
