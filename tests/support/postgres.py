"""Databases on the PostgreSQL that TEST_DATABASE_URL names, created and dropped as tests need them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from uuid import uuid4

from sqlalchemy import URL, Engine, make_url, select, text
from sqlmodel import SQLModel

import storage.database.metadata  # noqa: F401  every table
from storage import database

COUNT_FROM_ONE = text(
    "SELECT setval(oid::regclass, 1, false) FROM pg_class "
    "WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace"
)
# `last_value` is NULL where nothing was counted yet.
COUNTS = text("SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = current_schema()")
COUNT_ON = text("SELECT setval(:name, :last, :is_used)")


def is_named() -> bool:
    return bool(os.environ.get("TEST_DATABASE_URL"))


@contextmanager
def new_database() -> Iterator[str]:
    """Create an empty database, yield its URL, and drop it. The user in TEST_DATABASE_URL needs CREATEDB."""
    server, name = make_url(os.environ["TEST_DATABASE_URL"]), f"cop_test_{uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name}")
    yield _address(server.set(database=name))
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def open_transaction() -> Iterator[None]:
    """Keep a transaction open in another database of the same server, as a neighbour's long report does."""
    with new_database() as url:
        engine = database.connect(url)
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_current_xact_id()"))
            yield
        engine.dispose()


@contextmanager
def emptied() -> Iterator[Callable[[], Engine]]:
    """Create a database with every table. Yields a function that empties it and returns its engine.

    It deletes rows, because a test leaves few, while TRUNCATE creates the file of every table and index anew.
    """
    with new_database() as url:
        engine = database.connect(url)
        database.upgrade(engine)

        def empty() -> Engine:
            with engine.begin() as connection:
                connection.exec_driver_sql(_delete_everything())
                connection.execute(COUNT_FROM_ONE)
            return engine

        yield empty
        engine.dispose()


def copy_rows(engine: Engine) -> Callable[[], None]:
    """Copy the rows of every table, and where each id counts on; returns what puts them back."""
    with engine.begin() as connection:
        copies = [
            (table, connection.execute(select(table).order_by(*table.primary_key)).mappings().all())
            for table in SQLModel.metadata.sorted_tables
        ]
        counts = connection.execute(COUNTS).all()

    def restore() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(_delete_everything())
            for table, rows in copies:
                if rows:
                    connection.execute(table.insert(), [dict(row) for row in rows])
            for name, last in counts:
                connection.execute(COUNT_ON, {"name": name, "last": last or 1, "is_used": last is not None})

    return restore


@cache
def _delete_everything() -> str:
    """Return one statement for all tables. Those that refer to others come first."""
    tables = reversed(SQLModel.metadata.sorted_tables)
    return "; ".join(f'DELETE FROM "{table.name}"' for table in tables)  # noqa: S608


def _execute(server: URL, order: str) -> None:
    engine = database.connect(_address(server)).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(order))
    engine.dispose()


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)
