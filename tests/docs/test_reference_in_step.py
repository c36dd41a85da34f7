"""The generated reference pages match the code."""

from pathlib import Path

import pytest

from bot.cli.offline import bare_app
from bot.devtools import reference_docs
from bot.settings import Settings

RENEW = "The code changed. Run `make docs` and commit what it writes."


def test_command_reference_is_in_step() -> None:
    written = reference_docs.COMMANDS.read_text(encoding="utf-8")
    assert written == reference_docs.commands_page(bare_app(Settings.model_construct())), RENEW


def test_terminal_reference_is_in_step() -> None:
    assert reference_docs.TERMINAL.read_text(encoding="utf-8") == reference_docs.terminal_page(), RENEW


@pytest.mark.parametrize("page", reference_docs.WITH_TABLES, ids=str)
def test_table_reference_is_in_step(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == reference_docs.with_tables(text), RENEW


def test_every_table_has_a_place_in_the_reference() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in reference_docs.WITH_TABLES)
    assert [name for name in reference_docs.TABLES if reference_docs.TABLES[name]() not in text] == []
