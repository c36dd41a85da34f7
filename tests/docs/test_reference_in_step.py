"""The generated reference pages match the code."""

from pathlib import Path

import pytest

from bot.cli.offline import bare_app
from bot.devtools import permission_table, reference_docs
from bot.settings import Settings

RENEW = "The code changed. Run `make docs` and commit what it writes."


def test_command_reference_is_in_step() -> None:
    written = reference_docs.COMMANDS.read_text(encoding="utf-8")
    assert written == reference_docs.commands_page(bare_app(Settings.model_construct())), RENEW


def test_permission_table_is_in_step() -> None:
    app = bare_app(Settings.model_construct())
    assert permission_table.PAGE.read_text(encoding="utf-8") == permission_table.page(app), RENEW


def test_permission_table_has_every_route_and_who_reads_it() -> None:
    """Rows by example, one of each kind: what is found in the source of a handler is what it posts."""
    app = bare_app(Settings.model_construct())
    rows = {(row.kind, row.name): row for row in permission_table.permissions(app)}
    routes = app.routes
    names = [*routes.by_name, *routes.clicks, *routes.forms, *routes.shortcuts, *routes.timers, *routes.pages]
    assert len(rows) == len(names)
    assert rows["form", "rounds.answer"].readers == "you, the channel, the facilitators"
    assert rows["click", "rounds.read"].readers == "you, more as a facilitator"
    assert rows["click", "members.accept"].readers == "you, the facilitators, one person, privately"
    assert rows["timer", "rounds.nudge"].readers == "one person, privately"
    assert rows["command", "home"].readers == "you"
    assert rows["page", "reports.season"].least == "facilitators and admins"


def test_terminal_reference_is_in_step() -> None:
    assert reference_docs.TERMINAL.read_text(encoding="utf-8") == reference_docs.terminal_page(), RENEW


@pytest.mark.parametrize("page", reference_docs.WITH_TABLES, ids=str)
def test_table_reference_is_in_step(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == reference_docs.with_tables(text), RENEW


def test_every_table_has_a_place_in_the_reference() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in reference_docs.WITH_TABLES)
    assert [name for name in reference_docs.TABLES if reference_docs.TABLES[name]() not in text] == []
