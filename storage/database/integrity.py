"""Whether the database is whole."""

import sqlite3

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from storage.database.engine import for_reading


def problem(engine: Engine) -> str:
    """Read the whole database and return what is damaged, in SQLite's words; "" if nothing is.

    PostgreSQL keeps its own checksums, so there each table is only read once.
    """
    with for_reading(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            try:
                [found] = connection.exec_driver_sql("PRAGMA integrity_check(1)").fetchone() or ("ok",)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
            except DBAPIError as fault:
                if not isinstance(fault.orig, sqlite3.DatabaseError):
                    raise
                return str(fault.orig)
            return str(found).replace("\n", " ") if found != "ok" else _dangling(broken)
        for table in SQLModel.metadata.sorted_tables:
            connection.execute(text(f'SELECT count(*) FROM "{table.name}"'))  # noqa: S608  our own names
    return ""


def _dangling(broken: object) -> str:
    return "rows point to rows that are not there" if broken else ""
