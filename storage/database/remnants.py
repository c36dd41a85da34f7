"""Remnants: what stays readable in a database's files of rows that were deleted, and how it goes.

`secure_delete` (see `engine`) overwrites deleted rows where they were, but their earlier pages stay in the write-ahead
log until it is truncated. `truncate_after_commit` does that once a transaction that forgets somebody is committed.
PostgreSQL keeps them in the table until it is vacuumed, by and by, and while a transaction that began before is open
in whatever database of the server. So `rewrite_after_commit` gives a new file to tables whose old rows tell
what nobody should know.
What was deleted before `secure_delete` was on goes when the file is rebuilt, once.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock, Thread
from time import sleep

from sqlalchemy import Connection, Engine, Table, event, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from storage.database.files import file_of

FORGOT, REWRITES = "forgot", "rewrites"  # keys in Session.info
# Reading transactions keep the log from being truncated. They take milliseconds, so it is tried again soon.
AGAIN, TRIES = 0.25, 240
# The `user_version` of a file that has been rebuilt since `secure_delete` is on.
REBUILT = 1
# SQLite refuses one who truncates while another does, and nothing should wait for the next try because of that.
_truncating = Lock()


def truncate_after_commit(session: Session) -> None:
    """Truncate the write-ahead log once this transaction is committed. Does nothing on PostgreSQL."""
    session.info[FORGOT] = True


def rewrite_after_commit(session: Session, *models: type[SQLModel]) -> None:
    """Write these tables anew without what was deleted, in the order of their keys, once this transaction is committed.

    On SQLite that is done by `secure_delete` and by truncating the log. PostgreSQL locks the tables for that long, so
    they should be small, and no other table may refer to them.
    """
    session.info[FORGOT] = True
    session.info[REWRITES] = [SQLModel.metadata.tables[str(model.__tablename__)] for model in models]


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop(FORGOT, False):
        return
    tables = session.info.pop(REWRITES, [])
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    if tables and engine.dialect.name == "postgresql":
        # The transaction is committed. Where this fails, such as in a database that ends, PostgreSQL cleans up later.
        for table in tables:
            with suppress(SQLAlchemyError), engine.begin() as connection:
                _rewrite(connection, table)
    if (file := _file(engine)) and not truncate_log(file):
        # A thread that nothing waits for: if the process ends first, SQLite truncates the log at its end.
        Thread(target=_truncate_later, args=[file], name="truncating", daemon=True).start()


def _rewrite(connection: Connection, table: Table) -> None:
    connection.execute(text(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE"))
    rows = connection.execute(select(table).order_by(*table.primary_key)).mappings().all()
    # The old file is gone at the commit, whatever others may still be reading; VACUUM FULL would copy what they might.
    connection.execute(text(f"TRUNCATE {table.name}"))
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def truncate_log(file: Path) -> bool:
    """Move the log's pages into the file and empty the log. Returns False if that can't be done now.

    A reader may be keeping it from being done, or the disk is full. What is in the log is committed in any case.
    """
    try:
        with _truncating, closing(sqlite3.connect(file, timeout=0)) as connection:
            [(busy, _pages, _moved)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        return False
    return not busy


def rebuild_once(engine: Engine) -> None:
    """Rebuild a file whose rows may have been deleted without being overwritten; one that was rebuilt stays as it is.

    A disk without the room for that keeps it as it is until the next start.
    """
    if file := _file(engine):
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, isolation_level=None)) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] < REBUILT:
                connection.execute("VACUUM")
                connection.execute(f"PRAGMA user_version={REBUILT}")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _truncate_later(file: Path) -> None:
    for _try in range(TRIES):
        sleep(AGAIN)
        # The file may be gone by then.
        if not file.exists() or truncate_log(file):
            return


def _file(engine: Engine) -> Path | None:
    return file_of(str(engine.url)) if engine.dialect.name == "sqlite" else None
