"""Remember what a channel is called, and that the platform says it can't be reached."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COLUMNS = ("name", "unreachable")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("channel", sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("channel", name)
