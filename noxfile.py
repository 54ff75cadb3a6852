"""The Python matrix: `make matrix` runs the tests on every version that we support."""

import nox

nox.options.default_venv_backend = "uv|virtualenv"


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run the tests; arguments after `--` go to pytest."""
    pyproject = nox.project.load_toml("pyproject.toml")
    session.install("--constraint", "constraints.txt", "--editable", ".")
    session.install(
        "--constraint", "constraints.txt", *nox.project.dependency_groups(pyproject, "test")
    )
    session.run("python", "-m", "pytest", *session.posargs)
