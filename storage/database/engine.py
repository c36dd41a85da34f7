"""Opens the database: SQLite in the data folder by default, or PostgreSQL.

All other code is the same for both. On SQLite every transaction takes the write lock with its first statement, so
that one which reads and then writes never fails halfway; transactions of `for_reading` are the exception.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

from storage.database.errors import UnusableDatabase
from storage.database.files import address_of, file_of, make_private

# Errors are logged, and must not contain what a person typed.
QUIET: dict[str, Any] = {"hide_parameters": True}
READ_ONLY = "read_only"  # execution option
WROTE = "wrote"  # key in Connection.info
# How long a SQLite writer waits for another process, such as `cop export`, to finish.
BUSY_MS = 30_000
# secure_delete overwrites what is deleted, so that neither the file nor a copy of it holds what a person had deleted.
PRAGMAS = ("synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "secure_delete=ON")


def connect(url: str, *, create: bool = True) -> Engine:
    """Return an engine for `url`: "sqlite:///data/commonplace.db", "sqlite://" (in memory) or "postgresql://…".

    Creates a SQLite file and its folder, readable only by this user. With `create=False` it creates and changes
    nothing, and the file must exist. Raises UnusableDatabase if the folder cannot be written to, if the file must exist
    and doesn't, or if the URL cannot be parsed or names another kind of database.
    """
    address = address_of(url)
    if address.get_backend_name() == "postgresql":
        engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True, **QUIET)
        _track_writes(engine)
        return engine
    options: dict[str, Any] = {**QUIET, "connect_args": {"check_same_thread": False, "timeout": BUSY_MS / 1000}}
    file = file_of(url)
    if file is not None and create:
        make_private(file)
    elif file is not None and not file.exists():
        raise UnusableDatabase(f"There is no database at {file} yet. cop run makes it; cop doctor says more.")
    elif file is None:
        # In memory, each connection would otherwise open an empty database of its own.
        options["poolclass"] = StaticPool
    engine = create_engine(address, **options)
    # The mode is kept in the file, and setting it would write to one that is empty.
    event.listen(engine, "connect", _set_up_sqlite if file is None or create else _set_up_existing)
    event.listen(engine, "begin", _begin_sqlite)
    _track_writes(engine)
    return engine


def _set_up_sqlite(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    _set_up_existing(connection, record)


def _set_up_existing(connection: Any, _: Any) -> None:
    # SQLAlchemy begins and commits transactions, so the driver must not.
    connection.isolation_level = None
    for pragma in PRAGMAS:
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
