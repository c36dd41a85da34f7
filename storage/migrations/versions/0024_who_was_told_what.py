"""Add who was told which fact, and draw recent posts anew once, because they don't say yet when they end."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TEXT, MOMENT = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
# Beginnings of the keys of posts that promise something, as they were then.
PROMISING = (
    "agenda.call.",
    "agenda.published.",
    "agenda.tally.",
    "agenda.vote.",
    "feedback.card.",
    "kinds.invited.",
    "meetings.card.",
    "meetings.changed.",
    "meetings.holiday.",
    "meetings.missed.",
    "meetings.reminder.",
    "meetings.soon.",
    "meetings.told.",
    "rounds.card.",
    "rounds.nudge.",
    "rounds.summary.",
)
# Longer than feedback and questions are open.
RECENT = timedelta(days=60)


def upgrade() -> None:
    op.create_table(
        "toldfact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("place", TEXT(), nullable=False),
        sa.Column("fact", TEXT(), nullable=False),
        sa.Column("before", TEXT(), nullable=True),
        sa.Column("key", TEXT(), nullable=False),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "place"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_toldfact_community_id", "toldfact", ["community_id"])
    op.create_index("ix_toldfact_person_id", "toldfact", ["person_id"])
    op.create_index("ix_toldfact_at", "toldfact", ["at"])
    _draw_anew()


def _draw_anew() -> None:
    outgoing = sa.table(
        "outgoing",
        sa.column("community_id", sa.Integer),
        sa.column("what", TEXT),
        sa.column("receipt", TEXT),
        sa.column("sent_at", MOMENT),
    )
    timer = sa.table(
        "timer",
        sa.column("community_id", sa.Integer),
        sa.column("kind", TEXT),
        sa.column("value", TEXT),
        sa.column("at", MOMENT),
        sa.column("attempts", sa.Integer),
        sa.column("reference", TEXT),
    )
    now = datetime.now(UTC)
    promising = sa.or_(*(outgoing.c.what.startswith(prefix, autoescape=True) for prefix in PROMISING))
    there = (outgoing.c.receipt != "", outgoing.c.community_id.is_not(None), outgoing.c.sent_at > now - RECENT)
    posts = sa.select(outgoing.c.community_id, outgoing.c.what).where(promising, *there).distinct()
    rows = [
        {"community_id": community, "kind": "posts.ends", "value": what, "at": now, "attempts": 0, "reference": ""}
        for community, what in op.get_bind().execute(posts)
    ]
    if rows:
        op.bulk_insert(timer, rows)


def downgrade() -> None:
    op.execute("DELETE FROM timer WHERE kind = 'posts.ends'")
    op.drop_table("toldfact")
