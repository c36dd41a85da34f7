"""Let a check-in have several questions, in versions, and a person what they have answered and not yet sent.

What was one answer is a person's response now, which holds an answer for each question. How it was going, which every
check-in asked beside its question, is one of these.
"""

import json

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
KEPT = "id, round_id, person_id, body, audience, skipped, written_at, edited_at"


def upgrade() -> None:
    op.create_table(
        "checkin",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id"), nullable=False, index=True),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("level", TEXT(), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "checkinversion",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("checkin_id", sa.Integer(), sa.ForeignKey("checkin.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", TEXT(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        sa.UniqueConstraint("checkin_id", "number"),
        sqlite_autoincrement=True,
    )
    # In SQL, because Alembic copies the whole table on SQLite.
    op.execute("ALTER TABLE round ADD COLUMN version_id INTEGER REFERENCES checkinversion (id)")
    op.create_index("ix_round_version_id", "round", ["version_id"])
    op.add_column("round", sa.Column("summary_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("body", TEXT(), nullable=False),
        sa.Column("answers", TEXT(), nullable=False),
        sa.Column("audience", TEXT(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("edited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.UniqueConstraint("round_id", "person_id", "state"),
        sqlite_autoincrement=True,
    )
    op.execute(
        f"""
        INSERT INTO response ({KEPT}, state, answers, is_late)
        SELECT {KEPT}, 'sent',
            CASE WHEN mood BETWEEN 1 AND 5 THEN '{{"mood": "' || CAST(mood AS TEXT) || '"}}' ELSE '' END,
            EXISTS (SELECT 1 FROM round WHERE round.id = answer.round_id AND round.closed_at < answer.written_at)
        FROM answer
        """  # noqa: S608
    )
    _count_on("answer", "response")
    op.drop_table("answer")


def downgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("body", TEXT(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=False),
        sa.Column("audience", TEXT(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("edited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.UniqueConstraint("round_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO answer ({KEPT}, mood) SELECT {KEPT}, 0 FROM response WHERE state <> 'draft'")  # noqa: S608
    several = op.get_bind().execute(sa.text("SELECT id, body, answers FROM response WHERE answers <> ''"))
    for id, body, answers in several.all():
        given = json.loads(answers)
        mood = int(given.pop("mood", 0))
        # The earlier version reads one answer in words, and nothing that somebody wrote is lost.
        words = "\n".join([*([body] if body else []), *map(_as_text, given.values())])
        changed = sa.text("UPDATE answer SET mood = :mood, body = :body WHERE id = :id")
        op.get_bind().execute(changed, {"id": id, "mood": mood, "body": words})
    _count_on("response", "answer")
    op.drop_table("response")
    op.drop_column("round", "summary_at")
    op.drop_index("ix_round_version_id", "round")
    op.execute("ALTER TABLE round DROP COLUMN version_id")
    op.drop_table("checkinversion")
    op.drop_table("checkin")


def _as_text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _count_on(old: str, new: str) -> None:
    """Number the rows of `new` from where `old` was, so that no id is given a second time."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"SELECT setval('{new}_id_seq', last_value, is_called) FROM {old}_id_seq")  # noqa: S608
        return
    counted = "SELECT :new, seq FROM sqlite_sequence WHERE name = :old"
    for sql in ("DELETE FROM sqlite_sequence WHERE name = :new", f"INSERT INTO sqlite_sequence (name, seq) {counted}"):
        op.get_bind().execute(sa.text(sql), {"new": new, "old": old})
