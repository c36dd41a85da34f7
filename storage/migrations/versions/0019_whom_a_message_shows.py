"""Remember whom each message shows, also those that were posted before."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# The key of a message without its last part, the table of what people gave, and which of its columns says for what.
SHOWN = (
    ("feedback.card.", "feedback", "meeting_id"),
    ("feedback.closed.", "feedback", "meeting_id"),
    ("meetings.card.", "attendance", "meeting_id"),
    ("meetings.card.", "meetingtask", "meeting_id"),
    ("meetings.card.", "rsvp", "meeting_id"),
    ("reflections.shared.", "reflection", "id"),
    ("reflections.told.", "reflection", "id"),
    ("resources.card.", "endorsement", "resource_id"),
    ("resources.card.", "resource", "id"),
    ("rounds.card.", "answer", "round_id"),
    ("rounds.summary.", "answer", "round_id"),
)


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("must_redraw", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "postsubject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("outgoing_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_postsubject_person_id"), "postsubject", ["person_id"])
    for key, table, column in SHOWN:
        # A message to the person themselves is theirs.
        op.execute(
            f"""
            INSERT INTO postsubject (outgoing_id, person_id)
            SELECT DISTINCT outgoing.id, shown.person_id
            FROM outgoing JOIN {table} AS shown ON outgoing.what = '{key}' || shown.{column}
            WHERE shown.person_id IS NOT NULL AND shown.person_id <> COALESCE(outgoing.person_id, 0)
            AND NOT EXISTS (
                SELECT 1 FROM postsubject AS known
                WHERE known.outgoing_id = outgoing.id AND known.person_id = shown.person_id
            )
            """  # noqa: S608
        )


def downgrade() -> None:
    op.drop_table("postsubject")
    op.drop_column("outgoing", "must_redraw")
