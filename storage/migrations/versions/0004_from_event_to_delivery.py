"""Record which event posted a message, and index what retention looks for."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HAS_WORDS = sa.text("message <> '{}'")


def upgrade() -> None:
    op.add_column(
        "outgoing", sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
    )
    op.create_index("ix_outgoing_sent_at", "outgoing", ["sent_at"])
    op.create_index("ix_outgoing_words", "outgoing", ["sent_at"], sqlite_where=HAS_WORDS, postgresql_where=HAS_WORDS)
    op.create_index("ix_audit_at", "audit", ["at"])


def downgrade() -> None:
    op.drop_index("ix_audit_at", "audit")
    op.drop_index("ix_outgoing_words", "outgoing")
    op.drop_index("ix_outgoing_sent_at", "outgoing")
    op.drop_column("outgoing", "event_id")
