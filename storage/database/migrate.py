"""Migrates the tables to the version of the bot that runs, with Alembic.

A start with nothing to migrate imports no Alembic. Revisions are the numbers that migration files begin with.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from storage.database import procrastinate_schema
from storage.database.engine import connect, for_reading
from storage.database.errors import UnusableDatabase
from storage.database.files import name_of

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def revision(engine: Engine) -> tuple[str | None, str]:
    """Return (revision of the database, revision that this version needs). The first is None for an empty database."""
    with for_reading(engine).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None, _known()[-1]
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar(), _known()[-1]


def connect_existing(url: str) -> Engine:
    """Return an engine for a database at this version's revision, without creating or migrating anything.

    Raises UnusableDatabase if there is none, it is empty, or it is at another revision.
    """
    engine = connect(url, create=False)
    at, wanted = revision(engine)
    if at == wanted:
        return engine
    engine.dispose()
    if at is None:
        raise UnusableDatabase(
            f"{name_of(url)} is empty. If that is the right database, cop run makes its tables; cop doctor says more."
        )
    if knows(at):
        raise UnusableDatabase(
            f"{name_of(url)} is at revision {at}, and this version needs {wanted}. "
            "Run cop db upgrade; cop doctor says more."
        )
    raise UnusableDatabase(
        f"{name_of(url)} was last used by a newer version of Commonplace. Start that one; cop doctor says more."
    )


def knows(revision: str) -> bool:
    """Return whether this version of the bot has that revision in its history."""
    return revision in _known()


def _known() -> list[str]:
    """Return the revisions of this version, oldest first."""
    return sorted(step.name.partition("_")[0] for step in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def upgrade(engine: Engine) -> None:
    """Migrate the tables to this version of the bot.

    Raises UnusableDatabase for a database that a newer version has used, or if PostgreSQL refuses to create a schema.
    """
    at, wanted = revision(engine)
    if at is not None and not knows(at):
        raise UnusableDatabase(
            "This database was last used by a newer version of Commonplace, and going back would lose "
            "data. Start the newer version, or restore a backup made by this one."
        )
    if engine.dialect.name == "postgresql":
        _upgrade_together(engine)
    elif at != wanted:
        _alembic(engine, "upgrade", "head")


def _upgrade_together(engine: Engine) -> None:
    """Migrate under an advisory lock: several processes may start at once, and the others wait for the first."""
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
    # Only installations on PostgreSQL need psycopg.
    from psycopg.errors import InsufficientPrivilege

    try:
        procrastinate_schema.upgrade(connection)
    except InsufficientPrivilege as refused:
        raise UnusableDatabase(
            f"The bot may not make its schema {procrastinate_schema.SCHEMA} in this database. "
            "Let its user do so: GRANT CREATE ON DATABASE name TO user"
        ) from refused


def downgrade(engine: Engine, to: str) -> None:
    """Undo the migrations after revision `to` ("base": all of them), and lose what they held. For developers."""
    _alembic(engine, "downgrade", to)


def new_revision(engine: Engine, message: str) -> None:
    """Write the migration from the database's tables to those in the code. For developers."""
    # Numbers can be left out, since several changes are made at the same time.
    number = f"{int(max(_known())) + 1:04d}"
    _alembic(engine, "revision", message=message, autogenerate=True, rev_id=number)


def _alembic(engine: Engine, command: str, *args: str, **options: Any) -> None:
    # Imported only when there is something to migrate, so that a usual start is faster and takes less memory.
    from alembic import command as commands
    from alembic.config import Config

    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        getattr(commands, command)(config, *args, **options)
        connection.commit()
