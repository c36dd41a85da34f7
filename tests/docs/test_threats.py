"""Every test that the pages about threats, privacy and other products name exists, and each row names one."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

THREATS, PRIVACY, COMPARE = (Path(f"docs/{name}.md") for name in ("threats", "privacy", "compare"))
NAME = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED = sorted(
    {found for page in (THREATS, PRIVACY, COMPARE) for found in NAME.findall(page.read_text(encoding="utf-8"))}
)


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


def test_every_row_of_the_comparison_has_a_test_or_says_that_there_is_none() -> None:
    lines = [line for line in COMPARE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    # Less the head. A cell is empty where a product's pages say nothing.
    compared = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert len(compared) >= 20
    for row in compared:
        assert len(row) == 7, row
        assert row[5] or row[6] == "–", row[0]
        assert NAME.search(row[6]) or row[6] == "–", row[0]
