"""The layers of docs/adr/0001-layers.md, checked on the import graph of the package."""

import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent.parent

#: Folders whose files do not import each other, but for those whose name starts with `_`.
FOLDERS_OF_PEERS = ("octavo.formats", "octavo.transforms", "octavo.exporters")


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(
        "octavo",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )


def test_contracts_hold(monkeypatch, capsys):
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("folder", FOLDERS_OF_PEERS)
def test_peers_do_not_import_each_other(graph, folder):
    if folder not in graph.modules:
        pytest.skip(f"{folder} does not exist yet")
    peers = {module for module in graph.find_children(folder) if not _is_shared(module)}
    found = [
        f"{importer} imports {imported}"
        for importer in sorted(peers)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported in peers
    ]
    assert not found


def test_core_imports_only_the_standard_library(graph):
    core = {"octavo.core", *graph.find_descendants("octavo.core")}
    found = [
        f"{importer} imports {imported}"
        for importer in sorted(core)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported not in core and imported.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert not found


#: Modules that touch files, clocks, the environment, the network or processes.
EFFECTS = frozenset(
    "asyncio glob multiprocessing os pathlib shutil signal socket sqlite3 ssl subprocess tempfile "
    "threading time urllib http logging random".split()
)


def test_pure_layers_import_nothing_with_effects(graph):
    pure = {
        module
        for layer in ("core", "formats", "transforms", "exporters")
        if f"octavo.{layer}" in graph.modules
        for module in (f"octavo.{layer}", *graph.find_descendants(f"octavo.{layer}"))
    }
    found = [
        f"{importer} imports {imported}"
        for importer in sorted(pure)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported.partition(".")[0] in EFFECTS
    ]
    assert not found


def _is_shared(module: str) -> bool:
    return module.rpartition(".")[2].startswith("_")
