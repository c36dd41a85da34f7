"""Every test that the pages about threats and privacy name exists, and each row of theirs names one."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

THREATS, PRIVACY = Path("docs/threats.md"), Path("docs/privacy.md")
NAME = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED = sorted({found for page in (THREATS, PRIVACY) for found in NAME.findall(page.read_text(encoding="utf-8"))})


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def rows(text: str, columns: int) -> list[list[str]]:
    """Return the rows of the tables with so many columns, without their heads."""
    found = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ")]
    return [row for row in found if len(row) == columns and row[-1] not in ("Shown by", "---")]


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_named_test_exists(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in functions(Path(path))


def test_every_threat_has_a_control_and_a_test() -> None:
    threats = rows(THREATS.read_text(encoding="utf-8"), 3)
    assert len(threats) >= 40
    for row in threats:
        assert NAME.search(row[2]), row[0]


def test_every_promise_of_privacy_has_a_test() -> None:
    promises = rows(PRIVACY.read_text(encoding="utf-8").partition("## How we know")[2], 2)
    assert len(promises) >= 20
    for row in promises:
        assert NAME.search(row[1]), row[0]
