"""Index copies of a message, who opened a round, the meeting of a commitment, and the time of an incident."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A key contains one @, before the place that the message goes to.
PLACE = {"sqlite": "instr(key, '@')", "postgresql": "strpos(key, '@')"}


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    place = PLACE[op.get_bind().dialect.name]
    op.execute(f"UPDATE outgoing SET what = substr(key, 1, {place} - 1)")  # noqa: S608
    op.create_index("ix_outgoing_what", "outgoing", ["what"])
    op.create_index("ix_round_opened_by", "round", ["opened_by"])
    op.create_index("ix_commitment_meeting_id", "commitment", ["meeting_id"])
    op.create_index("ix_trouble_at", "trouble", ["at"])


def downgrade() -> None:
    op.drop_index("ix_trouble_at", "trouble")
    op.drop_index("ix_commitment_meeting_id", "commitment")
    op.drop_index("ix_round_opened_by", "round")
    op.drop_index("ix_outgoing_what", "outgoing")
    op.drop_column("outgoing", "what")
