"""Opening the database: SQLite in a data folder by default, PostgreSQL by its address; the same code for both."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, make_url, text
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

from storage import lane_jobs

MIGRATIONS = Path(__file__).parent / "migrations"
QUIET: dict[str, Any] = {"hide_parameters": True}  # an error that is logged must not hold what a person typed
LOOKING = "looking"  # an execution option
WROTE = "wrote"  # in what a connection knows of its transaction
FREE = text("SELECT c, pg_try_advisory_xact_lock(c) FROM unnest(CAST(:all AS bigint[])) AS c")
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


def serialise(session: Session, community: int) -> None:
    """Let no other event of this community run until this transaction ends (SQLite: one writer already)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:c)"), {"c": community})


def serialise_free(session: Session, communities: Collection[int]) -> set[int]:
    """The same for those of the communities that nobody else holds at this moment; returns which these are."""
    if session.get_bind().dialect.name != "postgresql":
        return set(communities)
    held = session.connection().execute(FREE, {"all": sorted(communities)})
    return {community for community, got in held if got}


def most_serialised(engine: Engine) -> int:
    """How many communities one transaction may hold: a PostgreSQL as it comes has room for 6,400 locks in all."""
    return 500 if engine.dialect.name == "postgresql" else 1_000_000


def serialise_person(session: Session, platform: str, external: str) -> None:
    """The same for one account: what they do twice at once, such as a double click, is done one after the other.

    Always before `serialise`, so that nobody waits in a circle.
    """
    if session.get_bind().dialect.name == "postgresql":
        who = {"who": f"{platform} {external}"}
        session.connection().execute(text("SELECT pg_advisory_xact_lock(1, hashtext(:who))"), who)


def revision(engine: Engine) -> tuple[str | None, str]:
    """(what the database is at, what this version of the bot needs). None: empty database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None, _known()[-1]
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar(), _known()[-1]


def knows(revision: str) -> bool:
    """Whether this version of the bot has that revision in its history."""
    return revision in _known()


def _known() -> list[str]:
    """The revisions of this version, oldest first: the numbers that their files begin with."""
    return sorted(step.name.partition("_")[0] for step in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def upgrade(engine: Engine) -> None:
    """Bring the tables up to this version of the bot. Raises Unusable for a database from a newer version."""
    at, wanted = revision(engine)
    if at is not None and not knows(at):
        raise Unusable(
            "This database was last used by a newer version of Commonplace, and going back would lose "
            "data. Start the newer version, or restore a backup made by this one."
        )
    if engine.dialect.name == "postgresql":
        _upgrade_together(engine)
    elif at != wanted:
        _alembic(engine, "upgrade", "head")


def _upgrade_together(engine: Engine) -> None:
    """On PostgreSQL several processes may start at the same time; one does the work, the others wait for it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(2, 0)"))
        try:
            at, wanted = revision(engine)
            if at != wanted:
                _alembic(engine, "upgrade", "head")
            _upgrade_lane_jobs(connection)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(2, 0)"))


def _upgrade_lane_jobs(connection: Connection) -> None:
    from psycopg.errors import InsufficientPrivilege  # only on PostgreSQL

    try:
        lane_jobs.upgrade(connection)
    except InsufficientPrivilege as refused:
        raise Unusable(
            f"The bot may not make its schema {lane_jobs.SCHEMA} in this database. "
            "Let its user do so: GRANT CREATE ON DATABASE name TO user"
        ) from refused


def downgrade(engine: Engine, to: str) -> None:
    """Take back the steps after revision `to` ("base": all of them), with what they held (for developers)."""
    _alembic(engine, "downgrade", to)


def new_revision(engine: Engine, message: str) -> None:
    """Write the migration that takes the database to the tables as they are now in the code (for developers)."""
    number = f"{len(_known()) + 1:04d}"
    _alembic(engine, "revision", message=message, autogenerate=True, rev_id=number)


def _alembic(engine: Engine, command: str, *args: str, **options: Any) -> None:
    # Loaded only where there is something to change: a start with nothing to do is quicker and smaller.
    from alembic import command as commands
    from alembic.config import Config

    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        getattr(commands, command)(config, *args, **options)
        connection.commit()
