"""How Alembic reaches the database: through the connection that storage.database gives it."""

from alembic import context
from sqlmodel import SQLModel

import storage.database.metadata  # noqa: F401  every table, so that a comparison sees them

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table by copying it
    compare_type=False,  # SQLite and PostgreSQL name the same types differently
)
with context.begin_transaction():
    context.run_migrations()
