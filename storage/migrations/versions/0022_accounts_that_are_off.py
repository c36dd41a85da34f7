"""Remember which accounts are switched off, and who is away because of that."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("off_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("person", sa.Column("away_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "away_since")
    op.drop_column("account", "off_since")
