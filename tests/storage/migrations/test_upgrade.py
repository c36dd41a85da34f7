"""A database of any earlier version, with people's words in it, comes up to this one with every word."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Engine, Integer, MetaData, Table, inspect, select
from sqlalchemy.types import TypeEngine

from storage import database
from storage.database import migrate
from tests.support import postgres

REVISIONS = sorted(path.name.partition("_")[0] for path in (migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))
VALUES: dict[type[TypeEngine[Any]], Any] = {
    Boolean: False,
    Date: date(2025, 9, 22),
    DateTime: datetime(2025, 9, 22, 13, 0, tzinfo=UTC),
    Integer: 1,
}
Rows = dict[str, dict[str, Any]]


@contextmanager
def nothing_yet(kind: str, folder: Path) -> Iterator[Engine]:
    if kind == "sqlite":
        engine = database.connect(f"sqlite:///{folder / 'old.db'}")
        try:
            yield engine
        finally:
            engine.dispose()
        return
    if not postgres.is_named():
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    with postgres.new_database() as url:
        engine = database.connect(url)
        try:
            yield engine
        finally:
            engine.dispose()


def a_value(column: Column[Any]) -> Any:
    kept = next((value for type, value in VALUES.items() if isinstance(column.type, type)), None)
    return f"{column.table.name}'s {column.name} — é@1" if kept is None else kept


def tables(engine: Engine) -> list[Table]:
    found = MetaData()
    found.reflect(engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(engine: Engine) -> None:
    """One row in every table; whatever points elsewhere points to the row there."""
    found = tables(engine)
    with engine.begin() as connection:
        for table in found:
            connection.execute(table.insert().values({column.name: a_value(column) for column in table.columns}))


def rows(engine: Engine) -> Rows:
    found = tables(engine)
    with engine.connect() as connection:
        return {table.name: dict(connection.execute(select(table)).mappings().one()) for table in found}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_database_of_an_earlier_version_is_upgraded_with_every_row(revision: str, kind: str, tmp_path: Path) -> None:
    with nothing_yet(kind, tmp_path) as engine:
        migrate._alembic(engine, "upgrade", revision)
        assert database.revision(engine)[0] == revision
        fill(engine)
        before = rows(engine)
        database.upgrade(engine)
        assert database.revision(engine) == (REVISIONS[-1], REVISIONS[-1])
        found = tables(engine)
        with engine.connect() as connection:
            for table in found:
                if table.name in before:
                    [row] = connection.execute(select(table)).mappings()
                    kept = {name: value for name, value in before[table.name].items() if name in row}
                    assert kept == {name: row[name] for name in kept}


def test_migrations_form_a_single_line(tmp_path: Path) -> None:
    with nothing_yet("sqlite", tmp_path) as engine:
        for revision in REVISIONS:
            migrate._alembic(engine, "upgrade", revision)
            assert database.revision(engine)[0] == revision
        assert "installation" in inspect(engine).get_table_names()
