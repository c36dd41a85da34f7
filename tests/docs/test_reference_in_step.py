"""The reference says what the code says."""

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import reference
from bot.wiring.inspecting import bare_app

RENEW = "The code changed. Run `make docs` and commit what it writes."


def test_the_commands_are_in_step() -> None:
    written = reference.COMMANDS.read_text(encoding="utf-8")
    assert written == reference.commands_page(bare_app(Settings.model_construct())), RENEW


def test_the_terminal_page_is_in_step() -> None:
    assert reference.TERMINAL.read_text(encoding="utf-8") == reference.terminal_page(), RENEW


@pytest.mark.parametrize("page", reference.WITH_TABLES, ids=str)
def test_the_tables_are_in_step(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == reference.with_tables(text), RENEW


def test_every_table_stands_somewhere() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in reference.WITH_TABLES)
    assert [name for name in reference.TABLES if reference.TABLES[name]() not in text] == []
