"""Say who may join a community, and what became of a person's request, invitation or removal."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENTS = ("requested_at", "declined_at", "invited_at", "removed_at")


def upgrade() -> None:
    # Until now anyone in the workspace or server could join. Existing communities let in whoever acts in their channel.
    op.add_column(
        "community",
        sa.Column("join_policy", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="channel"),
    )
    for name in MOMENTS:
        op.add_column("membership", sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column(
        "membership",
        sa.Column("removal_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("membership", "removal_reason")
    for name in reversed(MOMENTS):
        op.drop_column("membership", name)
    op.drop_column("community", "join_policy")
