"""Say where somebody has the role of the platform by which they facilitate, so that it is known when they lose it."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # It isn't known of those that are under way. Such a time ends where somebody acts without the role, and another
    # begins where they act with it.
    for name in ("platform", "space"):
        op.add_column(
            "appointment", sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )


def downgrade() -> None:
    op.drop_column("appointment", "space")
    op.drop_column("appointment", "platform")
