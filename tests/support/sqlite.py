"""A SQLite file for tests, new for each of them."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, Table, event
from sqlalchemy.ext.compiler import compiles

from storage import database


@contextmanager
def emptied(folder: Path) -> Iterator[Callable[[], Engine]]:
    """Create a file with every table. Yields a function that puts a fresh copy in place and returns its engine.

    Rows without an ORDER BY come newest first. SQLite would return them in the order they were inserted, which
    PostgreSQL needn't, and a test that passes only by that luck must fail here.
    """
    pattern, file = folder / "empty.db", folder / "commonplace.db"
    making = database.connect(f"sqlite:///{pattern}")
    database.upgrade(making)
    making.dispose()
    engine = database.connect(f"sqlite:///{file}")
    compiles(Select, "sqlite")(_unasked_newest_first)
    # Nobody needs these files after a power cut, so nothing waits for the disk.
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))

    def empty() -> Engine:
        engine.dispose()
        for left in folder.glob("commonplace.db*"):
            left.unlink()
        shutil.copy(pattern, file)
        return engine

    yield empty
    engine.dispose()


def _unasked_newest_first(asked: Select[Any], compiler: Any, **options: Any) -> Any:
    """Compile a query with the primary keys of its tables, descending, after whatever order it asks for itself."""
    if not compiler.stack:
        tables = [table for table in asked.columns_clause_froms if isinstance(table, Table)]
        asked = asked.order_by(*(key for table in tables for key in _newest_first(table)))
    return compiler.visit_select(asked, **options)


@cache
def _newest_first(table: Table) -> Sequence[ColumnElement[Any]]:
    return [key.desc() for key in table.primary_key]


def copy_rows(engine: Engine) -> Callable[[], None]:
    """Copy the whole database; returns what puts the copy in its place."""
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(engine.raw_connection()) as connection:
        connection.driver_connection.backup(copy)  # type: ignore[union-attr]

    def restore() -> None:
        with closing(engine.raw_connection()) as connection:
            copy.backup(connection.driver_connection)  # type: ignore[arg-type]

    return restore
