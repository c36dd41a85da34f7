"""Where several processes agree on who sends what: Procrastinate's tables, in a schema of their own (PostgreSQL)."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection, text

SCHEMA = "procrastinate"
NOTED = text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")


def upgrade(connection: Connection) -> None:
    """Bring them up to the Procrastinate that is installed. `connection` commits each statement by itself."""
    noted: str | None = connection.execute(NOTED, {"schema": SCHEMA}).scalar()
    steps = list(_steps())
    if noted is None:
        _run(connection, resources.files("procrastinate.sql").joinpath("schema.sql").read_text("utf-8"), steps[-1])
        return
    for step in steps:
        if step.name > noted:
            _run(connection, step.read_text("utf-8"), step)


def _steps() -> Iterator[Path]:
    """Procrastinate's migrations, oldest first; each is named by its version."""
    from procrastinate.schema import SchemaManager  # only on PostgreSQL

    return iter(sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")))


def _run(connection: Connection, sql: str, step: Path) -> None:
    """All of it or nothing: what is sent as one is one transaction. The driver takes several statements as they are."""
    before = f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}; SET LOCAL search_path TO {SCHEMA};"
    after = f"COMMENT ON SCHEMA {SCHEMA} IS '{step.name}'"
    cursor = connection.connection.cursor()
    cursor.execute(f"{before}\n{sql}\n;{after}")
    cursor.close()
