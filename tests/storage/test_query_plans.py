"""Every query uses an index, however much a community has posted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlmodel import SQLModel

from bot.core.events import PlatformUser
from bot.operations.maintenance import housekeeping
from tests.support import promises
from tests.support.chat import Chat
from tests.support.community import ZONE, create_active_community
from tests.support.crawler import Crawler

# Tables that may be scanned, and why they stay small.
SMALL = {
    "draft": "kept for 14 days; read whole when somebody is deleted, since a draft may quote them",
    "community": "one row a community; read whole by what is done for every community",
    "accountlink": "two accounts that were linked in the last week",
    "linkrequest": "a code that was typed; gone a day after it stopped working",
    "linkcode": "the code that somebody is linking an account with; gone a day after it stops working",
}
SEEN_WHOLE = re.compile(r"SCAN (\w+)|Seq Scan on (\w+)")
WORDS = ("SELECT", "UPDATE", "DELETE", "INSERT")

# What each statement was last run with.
Asked = dict[str, Any]


@contextmanager
def listening(engine: Engine) -> Iterator[Asked]:
    asked: Asked = {}

    def record(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith(WORDS):
            asked[statement] = parameters[0] if isinstance(parameters, list) else parameters

    event.listen(engine, "before_cursor_execute", record)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", record)


def read_whole(connection: Connection, statement: str, parameters: Any) -> set[str]:
    """Return the tables that this statement scans from the first row to the last."""
    how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    cursor = connection.connection.cursor()
    cursor.execute(f"{how} {statement}", parameters)
    plan = "\n".join(str(row) for row in cursor.fetchall())
    called = dict(re.findall(r'(?:FROM|JOIN) "?(\w+)"? AS "?(\w+)"?', statement))
    names = {found[0] or found[1] for found in SEEN_WHOLE.findall(plan)}
    tables = {next((table for table, alias in called.items() if alias == name), name) for name in names}
    return tables & SQLModel.metadata.tables.keys()


@pytest.mark.slow
def test_no_query_scans_a_whole_table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    # The story's own look at every post is no query of the bot.
    monkeypatch.setattr(promises, "check", lambda *_of: None)
    chat = Chat(engine)
    with listening(engine) as asked:
        create_active_community(chat)
        who = PlatformUser("1001", "Ada", zone=ZONE, can_manage=True, groups=("r1",))
        Crawler(chat, who, "quiet arrivals", lambda _reply: None, max_tries=1).walk()
        chat.wait(days=40)
        chat.clock.move(chat.clock.now() + timedelta(days=300))
        housekeeping(chat.app)
    assert len(asked) > 300, "the story asks about everything"
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # What is still scanned then can't be read in any other way.
            connection.exec_driver_sql("SET enable_seqscan = off")
        found = {
            " ".join(statement.split()): names
            for statement, parameters in asked.items()
            if (names := read_whole(connection, statement, parameters) - SMALL.keys())
        }
    assert not found, "\n\n".join(f"{sorted(names)}: {statement}" for statement, names in found.items())


def test_every_foreign_key_is_found_by_an_index() -> None:
    """Deleting a row looks for all rows that refer to it, which no statement's plan shows."""
    missing = [
        str(column)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.foreign_keys and not _leads(table, column)
    ]
    assert missing == []


def _leads(table: Any, column: Any) -> bool:
    keys = [index.columns for index in table.indexes] + [rule.columns for rule in table.constraints if _orders(rule)]
    return any(next(iter(key)) is column for key in keys)


def _orders(rule: Any) -> bool:
    return type(rule).__name__ in ("UniqueConstraint", "PrimaryKeyConstraint")
