"""Who may import whom, and that importing does nothing: the rules of the design as tests."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ingestion", "enrichment", "warehouse", "orchestration")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
DRAWERS = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_belongs_in_it(path):
    if path.read_text("utf-8").strip():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path
    assert path.name not in DRAWERS


@pytest.mark.parametrize("package", ["ingestion", "enrichment", "warehouse"])
def test_dagster_stays_in_orchestration(package):
    for path in (ROOT / package).rglob("*.py"):
        assert not {name for name in _imports(path) if name.split(".")[0].startswith("dagster")}


@pytest.mark.parametrize("package", ["ingestion", "enrichment"])
def test_pure_packages_see_only_contracts_of_the_warehouse(package):
    allowed = {"warehouse", "warehouse.settings", "warehouse.contracts", "warehouse.vocabulary"}
    for path in (ROOT / package).rglob("*.py"):
        seen = {name for name in _imports(path) if name.split(".")[0] == "warehouse"}
        assert seen <= allowed, path


def test_only_delta_imports_the_table_library():
    importers = [
        path for path in SOURCES if "deltalake" in {n.split(".")[0] for n in _imports(path)}
    ]
    assert [path.relative_to(ROOT).as_posix() for path in importers] == ["warehouse/delta.py"]


def test_no_pickle_anywhere():
    for path in SOURCES:
        assert not _imports(path) & {"pickle", "joblib", "cloudpickle", "dill"}, path


def test_importing_a_package_touches_neither_files_nor_network(tmp_path):
    """Every module of the pure packages imports in an empty folder without writing there."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] != "orchestration" and "training" not in path.parts
    ]
    code = (
        "import socket, importlib\n"
        "def refuse(*a, **k): raise RuntimeError('network at import')\n"
        "socket.socket.connect = refuse\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_query_does_not_wait_for_heavy_libraries():
    """`lakehouse query` must start at once, so the command line imports nothing heavy."""
    code = (
        "import sys, orchestration.cli\n"
        "heavy = {'dagster', 'sklearn', 'spacy', 'deltalake', 'duckdb', 'pyarrow', 'pandas'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
