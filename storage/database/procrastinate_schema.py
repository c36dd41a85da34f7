"""Procrastinate's tables, in a schema of their own: processes on PostgreSQL share out the lanes with them.

The name of Procrastinate's last migration is noted in the schema's comment.
"""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection, text

SCHEMA = "procrastinate"
VERSION = text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")


def upgrade(connection: Connection) -> None:
    """Migrate the schema to the installed version of Procrastinate. `connection` must be in autocommit mode."""
    version: str | None = connection.execute(VERSION, {"schema": SCHEMA}).scalar()
    steps = list(_steps())
    if version is None:
        _run(connection, resources.files("procrastinate.sql").joinpath("schema.sql").read_text("utf-8"), steps[-1])
        return
    for step in steps:
        if step.name > version:
            _run(connection, step.read_text("utf-8"), step)


def _steps() -> Iterator[Path]:
    """Yield Procrastinate's migrations, oldest first; the names begin with the version."""
    # Only installations on PostgreSQL need Procrastinate.
    from procrastinate.schema import SchemaManager

    return iter(sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")))


def _run(connection: Connection, sql: str, step: Path) -> None:
    """Run all of `sql` or nothing: PostgreSQL treats statements that are sent together as one transaction.

    Goes to the driver's cursor, which takes several statements at once.
    """
    before = f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}; SET LOCAL search_path TO {SCHEMA};"
    after = f"COMMENT ON SCHEMA {SCHEMA} IS '{step.name}'"
    cursor = connection.connection.cursor()
    cursor.execute(f"{before}\n{sql}\n;{after}")
    cursor.close()
