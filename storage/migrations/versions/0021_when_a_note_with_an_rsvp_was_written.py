"""Remember when a note with an RSVP was written: those who facilitated then read it."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rsvp", sa.Column("noted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    # Until now a note had the time of its RSVP.
    op.execute(sa.text("UPDATE rsvp SET noted_at = at WHERE note <> ''"))


def downgrade() -> None:
    op.drop_column("rsvp", "noted_at")
