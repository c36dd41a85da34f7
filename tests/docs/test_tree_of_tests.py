"""Tests are in the same folders as the code they test, so that each is found from the other."""

from pathlib import Path

import pytest

TESTS = Path("tests")
# What runs the whole bot or reads the whole repository belongs to no room.
WHOLE = {"browser", "chaos", "conformance", "docs", "fuzz", "soak", "stories"}
FOLDERS = sorted({page.parent.relative_to(TESTS) for page in TESTS.rglob("test_*.py")})


@pytest.mark.parametrize("folder", [f for f in FOLDERS if not WHOLE & {*f.parts[:1]}], ids=str)
def test_folder_of_tests_has_the_name_of_a_room(folder: Path) -> None:
    assert folder.is_dir() or Path("bot", folder).is_dir()


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_folder_for_the_whole_bot_exists(name: str) -> None:
    assert (TESTS / name).is_dir()
