"""Opens the database: SQLite in the data folder by default, or PostgreSQL.

All other code is the same for both. On SQLite every transaction takes the write lock with its first statement, so
that one which reads and then writes never fails halfway; transactions of `for_reading` are the exception.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

# Errors are logged, and must not contain what a person typed.
QUIET: dict[str, Any] = {"hide_parameters": True}
READ_ONLY = "read_only"  # execution option
WROTE = "wrote"  # key in Connection.info
# How long a SQLite writer waits for another process, such as `cop export`, to finish.
BUSY_MS = 30_000


class UnusableDatabase(Exception):
    """The database cannot be used as it is. `str()` tells whoever runs the bot what is wrong, why, and what to do."""


def connect(url: str) -> Engine:
    """Return an engine for `url`: "sqlite:///data/commonplace.db", "sqlite://" (in memory) or "postgresql://…".

    Creates the folder of a SQLite file. Raises UnusableDatabase if that folder cannot be written to, or if the URL
    cannot be parsed or names another kind of database.
    """
    try:
        address = make_url(url)
    except Exception as bad:
        raise UnusableDatabase(
            "DATABASE_URL is not an address I can read. It looks like sqlite:///data/commonplace.db or "
            "postgresql://user:password@host/name."
        ) from bad
    if address.get_backend_name() == "postgresql":
        engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True, **QUIET)
        _track_writes(engine)
        return engine
    if address.get_backend_name() != "sqlite":
        raise UnusableDatabase("DATABASE_URL names a database I do not know. Use sqlite:///… or postgresql://…")
    options: dict[str, Any] = {**QUIET, "connect_args": {"check_same_thread": False, "timeout": BUSY_MS / 1000}}
    if address.database and address.database != ":memory:":
        _make_folder(Path(address.database).parent)
    else:
        # In memory, each connection would otherwise open an empty database of its own.
        options["poolclass"] = StaticPool
    engine = create_engine(address, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _track_writes(engine)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as why:
        raise UnusableDatabase(
            f"I cannot write to the data folder {folder} ({why.strerror}). Give this user the right to "
            "write there, or set COP_DATA to a folder that it may write to."
        ) from why


def _set_up_sqlite(connection: Any, _: Any) -> None:
    # SQLAlchemy begins and commits transactions, so the driver must not.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first could otherwise fail when it comes to write."""
    connection.exec_driver_sql("BEGIN" if READ_ONLY in connection.get_execution_options() else "BEGIN IMMEDIATE")


def for_reading(engine: Engine) -> Engine:
    """Return an engine for read-only transactions. Each sees one snapshot, and none waits for a writer."""
    return engine.execution_options(**{READ_ONLY: True, "postgresql_readonly": True})


def _track_writes(engine: Engine) -> None:
    event.listen(engine, "begin", _reset_wrote)
    event.listen(engine, "after_cursor_execute", _set_wrote)


def _reset_wrote(connection: Connection) -> None:
    connection.info.pop(WROTE, None)


def _set_wrote(connection: Connection, _cursor: Any, _sql: Any, _params: Any, context: Any, _many: bool) -> None:
    if context is not None and (context.isinsert or context.isupdate or context.isdelete):
        connection.info[WROTE] = True


def has_written(session: Session) -> bool:
    """Return whether this transaction has changed anything so far. Changes not yet flushed do not count."""
    return WROTE in session.connection().info
