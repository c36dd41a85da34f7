"""Have organizations confirmed before they open anything. No organization is confirmed yet.

What was shared with colleagues stays shared with those of the organization that its writer belongs to now.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXT, MOMENT = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
OF_THE_WRITER = """
    SELECT membership.organization FROM membership
    WHERE membership.community_id = takeaway.community_id AND membership.person_id = takeaway.person_id
"""


def upgrade() -> None:
    op.add_column(
        "membership", sa.Column("organization_confirmed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("membership", sa.Column("organization_asked_at", MOMENT(), nullable=True))
    op.add_column("takeaway", sa.Column("organization", TEXT(), nullable=False, server_default=""))
    op.add_column("takeaway", sa.Column("shared_at", MOMENT(), nullable=True))
    takeaway = sa.table("takeaway", *map(sa.column, ("shared", "organization", "shared_at", "written_at")))
    writers = sa.func.coalesce(sa.text(f"({OF_THE_WRITER})"), "")
    op.execute(
        takeaway.update()
        .where(takeaway.c.shared == sa.true())
        .values(organization=writers, shared_at=takeaway.c.written_at)
    )


def downgrade() -> None:
    op.drop_column("takeaway", "shared_at")
    op.drop_column("takeaway", "organization")
    op.drop_column("membership", "organization_asked_at")
    op.drop_column("membership", "organization_confirmed")
