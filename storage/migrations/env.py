"""Alembic's environment: runs migrations on the connection that `storage.database.migrate` passes in."""

from alembic import context
from sqlmodel import SQLModel

# Imported for its effect: Alembic compares the database with the tables it knows.
import storage.database.metadata  # noqa: F401

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    # To change a column on SQLite, Alembic must copy the table.
    render_as_batch=connection.dialect.name == "sqlite",
    # SQLite and PostgreSQL have different names for the same types.
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
