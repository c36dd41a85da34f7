"""Opening the database: SQLite in a data folder by default, PostgreSQL by its address; the same code for both."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

MIGRATIONS = Path(__file__).parent / "migrations"
QUIET: dict[str, Any] = {"hide_parameters": True}  # an error that is logged must not hold what a person typed
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
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True, **QUIET)
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
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def serialise(session: Session, community: int) -> None:
    """Let no other event of this community run until this transaction ends (SQLite: one writer already)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:c)"), {"c": community})


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def revision(engine: Engine) -> tuple[str | None, str]:
    """(what the database is at, what this version of the bot needs). None: empty database."""
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return at, head or ""


def knows(revision: str) -> bool:
    """Whether this version of the bot has that revision in its history."""
    script = ScriptDirectory(str(MIGRATIONS))
    return any(step.revision == revision for step in script.walk_revisions())


def upgrade(engine: Engine) -> None:
    """Bring the tables up to this version of the bot. Raises Unusable for a database from a newer version."""
    with engine.connect() as connection:
        try:
            command.upgrade(_config(connection), "head")
            connection.commit()
        except CommandError as unknown:
            raise Unusable(
                "This database was last used by a newer version of Commonplace, and going back would lose "
                "data. Start the newer version, or restore a backup made by this one."
            ) from unknown


def downgrade(engine: Engine, to: str) -> None:
    """Take back the steps after revision `to` ("base": all of them), with what they held (for developers)."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), to)
        connection.commit()


def new_revision(engine: Engine, message: str) -> None:
    """Write the migration that takes the database to the tables as they are now in the code (for developers)."""
    with engine.connect() as connection:
        config = _config(connection)
        steps = len(list(ScriptDirectory.from_config(config).walk_revisions()))
        command.revision(config, message=message, autogenerate=True, rev_id=f"{steps + 1:04d}")
