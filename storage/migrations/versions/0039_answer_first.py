"""Let a check-in hide what others answered until people have answered themselves, or until it closes."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0039"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("checkin", "round"):
        kind = sqlmodel.sql.sqltypes.AutoString()
        column: sa.Column[str] = sa.Column("answer_first", kind, nullable=False, server_default="")
        op.add_column(table, column)


def downgrade() -> None:
    for table in ("round", "checkin"):
        op.drop_column(table, "answer_first")
