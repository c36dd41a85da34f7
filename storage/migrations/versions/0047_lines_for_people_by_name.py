"""Let each line of a schedule that names people remember that it does, so that it isn't for everyone once they left."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """UPDATE touchpoint SET definition = replace(definition, '"groups": ', '"by_name": true, "groups": ')
        WHERE id IN (SELECT touchpoint_id FROM touchpointguest) AND definition NOT LIKE '%by_name%'"""
    )


def downgrade() -> None:
    op.execute(
        """UPDATE touchpoint SET definition = replace(definition, '"by_name": true, "groups": ', '"groups": ')"""
    )
