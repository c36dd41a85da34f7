"""Let a community have a schedule of its own, a week several requests, and a member mute what is scheduled.

Without a row in `schedule` a community has the usual schedule, so that those from before keep their dates.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("preset", TEXT(), nullable=False),
        sa.Column("requests_a_week", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    )
    op.create_table(
        "touchpoint",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id"), nullable=False),
        sa.Column("what", TEXT(), nullable=False),
        sa.Column("definition", TEXT(), nullable=False),
        sa.Column("yields", TEXT(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), nullable=True, index=True),
        sa.UniqueConstraint("community_id", "what"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "touchpointguest",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("touchpoint_id", sa.Integer(), sa.ForeignKey("touchpoint.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.UniqueConstraint("touchpoint_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "touchpointmute",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("what", TEXT(), nullable=False),
        sa.UniqueConstraint("community_id", "person_id", "what"),
        sqlite_autoincrement=True,
    )
    _replace_requests("community_id", "week", "what")


def downgrade() -> None:
    _replace_requests("community_id", "week")
    for table in ("touchpointmute", "touchpointguest", "touchpoint", "schedule"):
        op.drop_table(table)


def _replace_requests(*unique: str) -> None:
    """Make the table anew with another constraint, which SQLite can't alter. It holds a few weeks for each community.

    Of what is no longer unique, the first stays.
    """
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT community_id, week, what, at FROM weeklyrequest ORDER BY id")).all()
    op.drop_table("weeklyrequest")
    table = op.create_table(
        "weeklyrequest",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id"), nullable=False),
        sa.Column("week", TEXT(), nullable=False),
        sa.Column("what", TEXT(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.UniqueConstraint(*unique),
        sqlite_autoincrement=True,
    )
    kept = {tuple(row[:2]) if len(unique) == 2 else tuple(row[:3]): row for row in reversed(rows)}
    saved = [
        {"community_id": community, "week": week, "what": what, "at": _moment(at)}
        for community, week, what, at in reversed(kept.values())
    ]
    if saved:
        op.bulk_insert(table, saved)


def _moment(at: object) -> object:
    """Return a moment as a column of moments takes it: SQLite keeps text, which plain SQL returns as it is."""
    return datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at
