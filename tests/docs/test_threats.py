"""Every test that the page about threats names exists."""

import ast
import re
from pathlib import Path

import pytest

PAGE = Path("docs/threats.md")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))))


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_named_test_exists(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in functions(Path(path))


def test_every_threat_has_a_control_and_a_test() -> None:
    rows = [row.split(" | ") for row in PAGE.read_text(encoding="utf-8").splitlines() if row.startswith("| ")]
    threats = [row for row in rows if len(row) == 3 and row[0] not in ("| Threat", "| ---")]
    assert len(threats) >= 40
    for row in threats:
        assert "::test_" in row[2], row[0]
