"""A database of any earlier version upgrades with everything in it, and downgrades again."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Table,
    inspect,
    text,
)

from bot.core.app import FORM
from bot.core.context import ADDRESS, MESSAGE
from bot.features.meetings.changes.proposal import ProposedChange
from storage import database
from storage.database import migrate
from tests.support import postgres

REVISIONS = sorted(path.name.partition("_")[0] for path in (migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))
# What a later revision renamed, by old name. Everything else must still be there under its old name.
RENAMED_TABLES = {
    "answer": "response",
    "ask": "weeklyrequest",
    "expected": "tentativemeeting",
    "handled": "processedevent",
    "helpedtoo": "endorsement",
    "reminded": "sentreminder",
    "takehome": "takeaway",
    "telling": "typeanswer",
    "trouble": "incident",
    "yousaid": "followup",
}
# By old name of the table: the new name of each column, by its old one.
RENAMED_COLUMNS = {
    "incident": {"doing": "event_name"},
    "meeting": {"own": "overridden_fields", "kind": "meeting_type"},
    "membership": {"always": "standing_reply"},
    "outgoing": {"ask": "is_request", "at_once": "ignores_quiet_hours"},
    "rsvp": {"always": "from_standing_reply"},
    "series": {"kind": "meeting_type"},
    "trouble": {"doing": "event_name"},
}
# By table: columns whose values moved to other tables, and come back from there.
MOVED_COLUMNS = {"answer": {"mood"}, "community": {"program"}}
# The kinds of draft in the two rows.
DRAFTS = "form", "meetings.change"
# What the two rows have in columns that hold JSON: with the names of today, and with the old ones. People typed words
# that look like those names.
JSON = {
    ("response", "answers"): (('{"mood": "4"}', '{"mood": "4"}'), ("", "")),
    ("outgoing", "address"): (
        ('{"parent":"p.1@2","broadcast":true,"kind":"thread"}', '{"under":"p.1@2","aloud":true,"kind":"thread"}'),
        ('{"channel":"C1","kind":"channel"}', '{"channel":"C1","kind":"channel"}'),
    ),
    ("outgoing", "message"): (
        (
            '{"parts":[{"body":"\\"happening\\":null, “é”\\n\\u0001","kind":"text"}],"title":"aloud",'
            '"actions":[],"replace":false,"attachment":null,"calendar_event":{"starts_at":"2025-10-08T13:00:00Z",'
            '"ends_at":"2025-10-08T14:00:00Z","where":"happening"}}',
            '{"parts":[{"body":"\\"happening\\":null, “é”\\n\\u0001","kind":"text"}],"title":"aloud",'
            '"actions":[],"replace":false,"attachment":null,"happening":{"starts_at":"2025-10-08T13:00:00Z",'
            '"ends_at":"2025-10-08T14:00:00Z","where":"happening"}}',
        ),
        ("{}", "{}"),
    ),
    ("draft", "body"): (
        (
            '{"form":{"id":"a.b","title":"most","fields":[{"name":"most","label":"A","long":false,"required":true,'
            '"initial":"most","hint":"","max_length":80,"kind":"text"},{"name":"b","label":"B","required":true,'
            '"initial":["7"],"hint":"","max_people":3,"kind":"people"},{"name":"c","label":"C","required":true,'
            '"initial":"","hint":"","kind":"channel"}],"value":"","submit":"Send","intro":""},"problems":{},"draft":""}',
            '{"form":{"id":"a.b","title":"most","fields":[{"name":"most","label":"A","long":false,"required":true,'
            '"initial":"most","hint":"","most":80,"kind":"text"},{"name":"b","label":"B","required":true,'
            '"initial":["7"],"hint":"","most":3,"kind":"people"},{"name":"c","label":"C","required":true,'
            '"initial":"","hint":"","kind":"channel"}],"value":"","submit":"Send","intro":""},"problems":{},"draft":""}',
        ),
        (
            '{"at":"2025-10-08T13:00:00+00:00","meeting":0,"sequence":0,"title":"expected","minutes":60,"place":"",'
            '"link":"","note":"","cancels":false,"tentative":4}',
            '{"at":"2025-10-08T13:00:00+00:00","meeting":0,"sequence":0,"title":"expected","minutes":60,"place":"",'
            '"link":"","note":"","cancels":false,"expected":4}',
        ),
    ),
}
NEW_JSON = {old: new for pairs in JSON.values() for new, old in pairs}

# Everything in the database that has a name.
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master UNION SELECT name FROM sqlite_sequence",
    "postgresql": "SELECT relname FROM pg_class UNION SELECT conname FROM pg_constraint",
}

COUNT_FROM_ONE = {"sqlite": text("DELETE FROM sqlite_sequence"), "postgresql": postgres.COUNT_FROM_ONE}

# By table, in the order of their keys, which are their first columns.
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def unmigrated(fresh_database: str) -> Iterator[Engine]:
    engine = database.connect(fresh_database)
    yield engine
    engine.dispose()


def a_value(column: Column[Any], number: int) -> Any:
    """Return what row `number` of two holds: no two rows and no two text columns hold the same."""
    if pair := JSON.get((column.table.name, column.name)):
        return pair[number - 1][is_before_0010(column.table)]
    if (column.table.name, column.name) == ("draft", "kind"):
        return DRAFTS[number - 1]
    match column.type:
        case Boolean():
            return number == 2
        case DateTime():
            return datetime(2025, 9, 20 + number, 13, 0, tzinfo=UTC)
        case Date():
            return date(2025, 9, 20 + number)
        case Integer():
            return number
    return f"{column.table.name}'s {column.name} {number} — é@1"


def is_before_0010(table: Table) -> bool:
    return "at_once" in table.metadata.tables["outgoing"].columns


def tables(engine: Engine) -> list[Table]:
    found = MetaData()
    found.reflect(engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(engine: Engine) -> None:
    """Add two rows to every table, numbered by the database. A foreign key points to the row with the same number."""
    found = tables(engine)
    with engine.begin() as connection:
        for table in found:
            for number in (1, 2):
                row = {column.name: a_value(column, number) for column in table.columns if column.name != "id"}
                connection.execute(table.insert().values(row))


def empty(engine: Engine) -> None:
    """Delete every row. The database numbers those that come next from 1 again."""
    found = tables(engine)
    with engine.begin() as connection:
        for table in reversed(found):
            connection.execute(table.delete())
        connection.execute(COUNT_FROM_ONE[engine.dialect.name])


def rows(engine: Engine) -> Rows:
    """Return every row as the driver gives it, which takes a fraction of what it takes to reflect every table."""
    with engine.connect() as connection:
        return {
            table: sorted(_rows(connection, table), key=lambda row: list(map(str, row.values())))
            for table in inspect(connection).get_table_names()
            if table != "alembic_version"
        }


def _rows(connection: Connection, table: str) -> Iterator[dict[str, Any]]:
    return map(dict, connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings())  # noqa: S608


def under_new_names(before: Rows) -> Rows:
    return {
        RENAMED_TABLES.get(table, table): [
            {
                RENAMED_COLUMNS.get(table, {}).get(column, column): NEW_JSON.get(value, value)
                for column, value in row.items()
                if column not in MOVED_COLUMNS.get(table, ())
            }
            for row in found
        ]
        for table, found in before.items()
    }


def renamed_by_now(before: Rows, after: Rows) -> Rows:
    """Return the rows of an earlier version under the names that the next version has for them."""
    return {
        (now := table if table in after else RENAMED_TABLES[table]): [
            {
                column if column in there else RENAMED_COLUMNS[table][column]: _renamed_inside(value, there.get(column))
                for column, value in row.items()
                if column in there or column not in MOVED_COLUMNS.get(table, ())
            }
            for row, there in zip(found, after[now], strict=True)
        ]
        for table, found in before.items()
    }


def _renamed_inside(value: Any, now: Any) -> Any:
    """Return JSON under the names of today, if it has them by now."""
    return now if value in NEW_JSON and NEW_JSON[value] == now else value


def test_database_of_the_oldest_version_is_upgraded_and_downgraded_with_every_row(unmigrated: Engine) -> None:
    migrate._alembic(unmigrated, "upgrade", REVISIONS[0])
    assert database.revision(unmigrated)[0] == REVISIONS[0]
    fill(unmigrated)
    before = rows(unmigrated)
    assert {len(found) for found in before.values()} == {2}
    database.upgrade(unmigrated)
    assert database.revision(unmigrated) == (REVISIONS[-1], REVISIONS[-1])
    after = rows(unmigrated)
    for table, wanted in under_new_names(before).items():
        assert len(after[table]) == len(wanted), table
        for row, expected in zip(after[table], wanted, strict=True):
            assert {column: row[column] for column in expected} == expected, table
    database.downgrade(unmigrated, REVISIONS[0])
    assert rows(unmigrated) == before


def test_each_step_up_and_down_again_keeps_every_row(unmigrated: Engine) -> None:
    """With rows in every table that the earlier version has."""
    migrate._alembic(unmigrated, "upgrade", REVISIONS[0])
    for revision, following in pairwise(REVISIONS):
        fill(unmigrated)
        before = rows(unmigrated)
        assert {len(found) for found in before.values()} == {2}, revision
        migrate._alembic(unmigrated, "upgrade", following)
        after = rows(unmigrated)
        for table, wanted in renamed_by_now(before, after).items():
            for row, expected in zip(after[table], wanted, strict=True):
                assert {column: row[column] for column in expected} == expected, (following, table)
        database.downgrade(unmigrated, revision)
        assert rows(unmigrated) == before, following
        migrate._alembic(unmigrated, "upgrade", following)
        empty(unmigrated)
    assert database.revision(unmigrated) == (REVISIONS[-1], REVISIONS[-1])


def _without(row: dict[str, Any], columns: set[str]) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column not in columns}


def test_downgrade_keeps_every_table_of_each_earlier_version(unmigrated: Engine) -> None:
    """With rows in every table: only what the earlier version has no table or column for is lost."""
    database.upgrade(unmigrated)
    fill(unmigrated)
    now = rows(unmigrated)
    for revision in reversed(REVISIONS[:-1]):
        database.downgrade(unmigrated, revision)
        for table, found in rows(unmigrated).items():
            names = RENAMED_COLUMNS.get(table, {})
            wanted = now[RENAMED_TABLES.get(table, table)]
            moved = MOVED_COLUMNS.get(table, set())
            assert under_new_names({"": [_without(row, moved) for row in found]})[""] == [
                {column: row[names.get(column, column)] for column in found[0] if column not in moved} for row in wanted
            ], (revision, table)


def test_upgrade_gives_no_id_a_second_time(unmigrated: Engine) -> None:
    """Old buttons hold ids, so a renamed table goes on counting where it was."""
    migrate._alembic(unmigrated, "upgrade", "0008")
    fill(unmigrated)
    database.upgrade(unmigrated)
    renamed = [table for table in tables(unmigrated) if table.name in RENAMED_TABLES.values() and "id" in table.columns]
    assert len(renamed) == 8
    with unmigrated.begin() as connection:
        for table in renamed:
            connection.execute(table.delete())
            row = {column.name: a_value(column, 2) for column in table.columns if column.name != "id"}
            connection.execute(table.insert().values(row))
    assert {rows(unmigrated)[table.name][0]["id"] for table in renamed} == {3}


def test_nothing_in_the_database_has_the_old_name_of_a_table(unmigrated: Engine) -> None:
    """Indexes, keys and counters are named for their table."""
    database.upgrade(unmigrated)
    with unmigrated.connect() as connection:
        named = set(connection.scalars(text(NAMES[unmigrated.dialect.name])))
    assert "takeaway" in named
    assert {name for name in named if name.removeprefix("ix_").partition("_")[0] in RENAMED_TABLES} == set()


def test_migrated_json_is_what_the_bot_writes() -> None:
    """Byte for byte, because a message that differs from its row would be delivered again."""
    for address, _old in JSON["outgoing", "address"]:
        assert ADDRESS.dump_json(ADDRESS.validate_json(address)).decode() == address
    [(message, _old), _emptied] = JSON["outgoing", "message"]
    assert MESSAGE.dump_json(MESSAGE.validate_json(message), exclude={"holds_until"}).decode() == message
    [(form, _old), (change, _old)] = JSON["draft", "body"]
    # Texts above fields and other ways to answer came later, and nothing compares a draft with what the bot writes.
    written = FORM.dump_json(FORM.validate_json(form)).decode()
    assert written.replace('"above":"",', "").replace('"other_way":"",', "") == form
    assert asdict(ProposedChange(**json.loads(change))) == json.loads(change)


def test_organizations_before_0014_are_not_confirmed_and_keep_what_was_shared(unmigrated: Engine) -> None:
    migrate._alembic(unmigrated, "upgrade", "0013")
    fill(unmigrated)
    database.upgrade(unmigrated)
    after = rows(unmigrated)
    assert [row["organization_confirmed"] for row in after["membership"]] == [False, False]
    private, shared = after["takeaway"]
    assert (private["shared"], private["organization"], private["shared_at"]) == (False, "", None)
    assert shared["organization"] == after["membership"][1]["organization"] != ""
    assert shared["shared_at"] == shared["written_at"]


def add_communities(engine: Engine, *where: tuple[str, tuple[str, ...]]) -> None:
    """Add communities to a database at 0016: for each the name of its program and the spaces it has a channel in."""
    found = {table.name: table for table in tables(engine)}
    with engine.begin() as connection:
        connection.execute(found["person"].insert().values(id=1, **_filled(found["person"])))
        for number, (program, spaces) in enumerate(where, 1):
            row = _filled(found["community"]) | {"program": program}
            connection.execute(found["community"].insert().values(id=number, **row))
            for space in spaces:
                row = {"community_id": number, "platform": "slack", "space": space, "channel": f"C{number}{space}"}
                connection.execute(found["channel"].insert().values(row))
            row = _filled(found["membership"]) | {"community_id": number, "person_id": 1, "role": 3, "left_at": None}
            connection.execute(found["membership"].insert().values(row))


def _filled(table: Table) -> dict[str, Any]:
    return {column.name: a_value(column, 1) for column in table.columns if column.name != "id"}


def test_programs_before_0017_join_communities_of_one_workspace_only(unmigrated: Engine) -> None:
    migrate._alembic(unmigrated, "upgrade", "0016")
    places = (("OST", ("T1",)), ("OST", ("T1",)), ("OST", ("T2",)), ("OST", ("T1", "T2")), ("OST", ()), ("", ("T1",)))
    add_communities(unmigrated, *places)
    before = rows(unmigrated)
    database.upgrade(unmigrated)
    after = rows(unmigrated)
    parts = [(row["program_id"], row["community_id"]) for row in after["programcommunity"]]
    assert parts == [(1, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    assert all(row["joined_at"] for row in after["programcommunity"])
    assert [row["name"] for row in after["program"]] == ["OST"] * 4
    assert [(row["program_id"], row["person_id"]) for row in after["convener"]] == [(n, 1) for n in range(1, 5)]
    database.downgrade(unmigrated, "0016")
    assert rows(unmigrated) == before


def test_recent_posts_that_promise_are_drawn_anew_after_the_upgrade(unmigrated: Engine) -> None:
    """They were posted before posts said when they end. Others, and those of long ago, stay as they are."""
    migrate._alembic(unmigrated, "upgrade", "0023")
    found = {table.name: table for table in tables(unmigrated)}
    now = datetime.now(UTC)
    posts = [
        ("feedback.card.7", "m1", now),
        ("feedback.card.8", "", now),
        ("rounds.nudge.9", "m2", now - timedelta(days=20)),
        ("rounds.card.1", "m3", now - timedelta(days=90)),
        ("resources.card.2", "m4", now),
    ]
    with unmigrated.begin() as connection:
        for name in ("community", "person"):
            row = {c.name: a_value(c, 1) for c in found[name].columns if c.name != "id"}
            connection.execute(found[name].insert().values(row))
        for number, (what, receipt, at) in enumerate(posts):
            row = {c.name: a_value(c, 1) for c in found["outgoing"].columns if c.name != "id"}
            row |= {"key": f"{what}@{number}", "what": what, "receipt": receipt, "sent_at": at, "state": "sent"}
            connection.execute(found["outgoing"].insert().values(row))
    database.upgrade(unmigrated)
    assert {(row["kind"], row["value"]) for row in rows(unmigrated)["timer"]} == {
        ("posts.ends", "feedback.card.7"),
        ("posts.ends", "rounds.nudge.9"),
    }
    database.downgrade(unmigrated, "0023")
    assert rows(unmigrated)["timer"] == []


def test_line_that_names_people_remembers_it_after_the_upgrade(unmigrated: Engine) -> None:
    """A line without guests is for everyone, and stays as it was."""
    migrate._alembic(unmigrated, "upgrade", "0046")
    found = {table.name: table for table in tables(unmigrated)}
    line = '{"private": true, "groups": [], "open_days": 3}'
    with unmigrated.begin() as connection:
        for name in ("community", "person"):
            row = {c.name: a_value(c, 1) for c in found[name].columns if c.name != "id"}
            connection.execute(found[name].insert().values(row))
        for what in ("checkin 1", "checkin 2"):
            row = {"community_id": 1, "what": what, "definition": line, "yields": "keep", "is_on": True}
            connection.execute(found["touchpoint"].insert().values(row))
        connection.execute(found["touchpointguest"].insert().values(touchpoint_id=1, person_id=1))
    database.upgrade(unmigrated)
    named, plain = (json.loads(row["definition"]) for row in rows(unmigrated)["touchpoint"])
    assert named == {"private": True, "by_name": True, "groups": [], "open_days": 3}
    assert plain == json.loads(line)
    database.downgrade(unmigrated, "0046")
    assert [row["definition"] for row in rows(unmigrated)["touchpoint"]] == [line, line]


@pytest.mark.anywhere
def test_migrations_form_a_single_line(unmigrated: Engine) -> None:
    for revision in REVISIONS:
        migrate._alembic(unmigrated, "upgrade", revision)
        assert database.revision(unmigrated)[0] == revision
    assert "installation" in inspect(unmigrated).get_table_names()
