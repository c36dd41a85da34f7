"""Add reminder steps, standing replies, attendance, the history of meetings, and tentative meetings."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT, MOMENT = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
TO_MEMBERSHIP = (
    ("remind_steps", TEXT(), ""),
    ("remind_open", sa.Boolean(), sa.false()),
    ("remind_last", sa.Boolean(), sa.false()),
    ("always", TEXT(), ""),
    ("shows_attendance", sa.Boolean(), sa.false()),
)


def upgrade() -> None:
    op.add_column("community", sa.Column("reminders", TEXT(), nullable=False, server_default="w d h"))
    for name, kind, first in TO_MEMBERSHIP:
        op.add_column("membership", sa.Column(name, kind, nullable=False, server_default=first))
    op.add_column("meeting", sa.Column("own", TEXT(), nullable=False, server_default=""))
    op.add_column("rsvp", sa.Column("note", TEXT(), nullable=False, server_default=""))
    op.add_column("rsvp", sa.Column("always", sa.Boolean(), nullable=False, server_default=sa.false()))
    _add_reminded()
    _add_attendance()
    _add_history()
    _add_expected()


def _add_reminded() -> None:
    op.create_table(
        "reminded",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", TEXT(), nullable=False),
        sa.Column("key", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "person_id", "sequence", "step"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminded_person_id", "reminded", ["person_id"])
    op.create_index("ix_reminded_key", "reminded", ["key"])


def _add_attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("how", TEXT(), nullable=False),
        sa.Column("answer", TEXT(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attendance_person_id", "attendance", ["person_id"])


def _add_history() -> None:
    op.create_table(
        "meetingchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("what", TEXT(), nullable=False),
        sa.Column("was_at", MOMENT(), nullable=True),
        sa.Column("is_at", MOMENT(), nullable=False),
        sa.Column("note", TEXT(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_meetingchange_meeting", "meetingchange", ["meeting_id", "at"])
    op.create_index("ix_meetingchange_person_id", "meetingchange", ["person_id"])


def _add_expected() -> None:
    op.create_table(
        "expected",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("title", TEXT(), nullable=False),
        sa.Column("precision", TEXT(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_expected_community_id", "expected", ["community_id"])


def downgrade() -> None:
    for table in ("expected", "meetingchange", "attendance", "reminded"):
        op.drop_table(table)
    op.drop_column("rsvp", "always")
    op.drop_column("rsvp", "note")
    op.drop_column("meeting", "own")
    for name, _kind, _first in reversed(TO_MEMBERSHIP):
        op.drop_column("membership", name)
    op.drop_column("community", "reminders")
