"""Remember by which version of the rules the key of a resource's link was made."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The keys themselves are made anew by the library, when one is needed.
    op.add_column("resource", sa.Column("link_rules", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("resource", "link_rules")
