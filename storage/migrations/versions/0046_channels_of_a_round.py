"""Let a round go to some of the community's channels."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0046"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sqlmodel.sql.sqltypes.AutoString()
    column: sa.Column[str] = sa.Column("channels", kind, nullable=False, server_default="")
    op.add_column("round", column)


def downgrade() -> None:
    op.drop_column("round", "channels")
