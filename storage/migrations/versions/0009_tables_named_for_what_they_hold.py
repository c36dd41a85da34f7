"""Rename tables and columns after what they hold."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = {
    "ask": "weeklyrequest",
    "expected": "tentativemeeting",
    "handled": "processedevent",
    "helpedtoo": "endorsement",
    "reminded": "sentreminder",
    "takehome": "takeaway",
    "telling": "typeanswer",
    "trouble": "incident",
    "yousaid": "followup",
}
# By the old name of each table: the columns that have an index.
INDEXES = {
    "expected": ("community_id",),
    "handled": ("at",),
    "helpedtoo": ("person_id",),
    "reminded": ("person_id", "key"),
    "takehome": ("community_id", "person_id"),
    "telling": ("person_id",),
    "trouble": ("community_id", "at"),
    "yousaid": ("community_id", "meeting_id", "person_id"),
}
COLUMNS = (("meeting", "own", "overridden_fields"), ("membership", "always", "standing_reply"))


def upgrade() -> None:
    _rename_tables(TABLES, INDEXES)
    for table, old, new in COLUMNS:
        _rename_column(table, old, new)


def downgrade() -> None:
    for table, old, new in COLUMNS:
        _rename_column(table, new, old)
    _rename_tables({new: old for old, new in TABLES.items()}, {TABLES[old]: of for old, of in INDEXES.items()})


def _rename_column(table: str, old: str, new: str) -> None:
    # In SQL, because Alembic copies the whole table on SQLite.
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def _rename_tables(tables: Mapping[str, str], indexes: Mapping[str, tuple[str, ...]]) -> None:
    for old, new in tables.items():
        op.rename_table(old, new)
        for column in indexes.get(old, ()):
            op.drop_index(f"ix_{old}_{column}", new)
            op.create_index(f"ix_{new}_{column}", new, [column])
        if op.get_bind().dialect.name == "postgresql":
            _rename_what_postgresql_named(old, new)


def _rename_what_postgresql_named(old: str, new: str) -> None:
    """Rename the constraints and the id sequence, which PostgreSQL named after the table when it was created."""
    keys = sa.text("SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)")
    for key in op.get_bind().scalars(keys, {"table": new}).all():
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {key} TO {new}{key.removeprefix(old)}")
    op.execute(f"ALTER SEQUENCE IF EXISTS {old}_id_seq RENAME TO {new}_id_seq")
