"""No test module imports from another: shared helpers are in modules of their own."""

import ast
from pathlib import Path

import pytest


def imported(source: str) -> set[str]:
    """Return the dotted name of everything that a module imports, at any level."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return names | {f"{node.module}.{alias.name}" for node in froms for alias in node.names}


def from_test_modules(source: str) -> list[str]:
    return sorted(name for name in imported(source) if name.startswith("tests.") and ".test_" in name)


def test_no_module_imports_from_a_test_module() -> None:
    modules = sorted(Path("tests").rglob("*.py"))
    assert modules
    assert [str(m) for m in modules if from_test_modules(m.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "line", ["from tests.core.test_app import route", "import tests.core.test_app", "from tests.core import test_app"]
)
def test_import_from_a_test_module_is_found(line: str) -> None:
    assert from_test_modules(line) != []
