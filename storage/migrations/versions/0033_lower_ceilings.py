"""Let a community ask less often than once a week, and its members less often than twice."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("schedule", sa.Column("weeks_each", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("schedule", sa.Column("private_a_week", sa.Integer(), nullable=False, server_default="2"))


def downgrade() -> None:
    op.drop_column("schedule", "private_a_week")
    op.drop_column("schedule", "weeks_each")
