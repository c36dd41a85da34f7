"""Say whether people from other companies can join, and which account of a user is the one at home."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("community", sa.Column("other_companies", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "account",
        sa.Column("home_external", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    )
    op.create_index(op.f("ix_account_home_external"), "account", ["home_external"])


def downgrade() -> None:
    op.drop_index(op.f("ix_account_home_external"), table_name="account")
    op.drop_column("account", "home_external")
    op.drop_column("community", "other_companies")
