"""Opening the database: SQLite in a data folder by default, PostgreSQL by its address; the same code for both."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

QUIET: dict[str, Any] = {"hide_parameters": True}  # an error that is logged must not hold what a person typed
LOOKING = "looking"  # an execution option
WROTE = "wrote"  # in what a connection knows of its transaction
BUSY_MS = 30_000  # how long a SQLite writer waits for another process, such as `cop export`, to finish


class Unusable(Exception):
    """The database cannot be used as it is. The text is for the person who runs the bot: what, why, what to do."""


def connect(url: str) -> Engine:
    """An engine for `url` ("sqlite:///data/commonplace.db", "sqlite://" in memory, "postgresql://…").

    Raises Unusable when a SQLite file's folder cannot be written or the address cannot be read.
    """
    try:
        address = make_url(url)
    except Exception as bad:
        raise Unusable(
            "DATABASE_URL is not an address I can read. It looks like sqlite:///data/commonplace.db or "
            "postgresql://user:password@host/name."
        ) from bad
    if address.get_backend_name() == "postgresql":
        engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True, **QUIET)
        _watch_for_writing(engine)
        return engine
    if address.get_backend_name() != "sqlite":
        raise Unusable("DATABASE_URL names a database I do not know. Use sqlite:///… or postgresql://…")
    options: dict[str, Any] = {**QUIET, "connect_args": {"check_same_thread": False, "timeout": BUSY_MS / 1000}}
    if address.database and address.database != ":memory:":
        _make_folder(Path(address.database).parent)
    else:
        options["poolclass"] = StaticPool  # one connection, or each would see an empty database of its own
    engine = create_engine(address, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_for_writing)
    _watch_for_writing(engine)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as why:
        raise Unusable(
            f"I cannot write to the data folder {folder} ({why.strerror}). Give this user the right to "
            "write there, or set COP_DATA to a folder that it may write to."
        ) from why


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins and commits; the driver must not
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_for_writing(connection: Connection) -> None:
    """One writer at a time from the first statement: a transaction that reads and then writes never fails."""
    connection.exec_driver_sql("BEGIN" if LOOKING in connection.get_execution_options() else "BEGIN IMMEDIATE")


def for_looking(engine: Engine) -> Engine:
    """The same database for transactions that only read: they see one moment of it, and wait for no writer."""
    return engine.execution_options(**{LOOKING: True, "postgresql_readonly": True})


def _watch_for_writing(engine: Engine) -> None:
    event.listen(engine, "begin", _has_not_written)
    event.listen(engine, "after_cursor_execute", _note_writing)


def _has_not_written(connection: Connection) -> None:
    connection.info.pop(WROTE, None)


def _note_writing(connection: Connection, _cursor: Any, _sql: Any, _params: Any, context: Any, _many: bool) -> None:
    if context is not None and (context.isinsert or context.isupdate or context.isdelete):
        connection.info[WROTE] = True


def has_written(session: Session) -> bool:
    """Whether this transaction has changed anything so far (what is not flushed does not count)."""
    return WROTE in session.connection().info
