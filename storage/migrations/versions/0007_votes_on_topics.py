"""Add votes on topics, merged topics, and facilitators' notes about topics."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("begins_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closes_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_vote_community_id", "vote", ["community_id"])
    op.create_table(
        "dot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"]),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("vote_id", "person_id", "place"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dot_topic_id", "dot", ["topic_id"])
    op.create_index("ix_dot_person_id", "dot", ["person_id"])
    op.create_table(
        "topicnote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("topic_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_topicnote_community_id", "topicnote", ["community_id"])
    op.create_index("ix_topicnote_person_id", "topicnote", ["person_id"])
    # In SQL, because SQLite takes a reference with a new column only so, without copying the table.
    op.execute("ALTER TABLE topic ADD COLUMN merged_into INTEGER REFERENCES topic (id)")
    op.add_column("topic", sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""))
    op.add_column("topic", sa.Column("dots", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("topic", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_topic_merged_into", "topic", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_topic_merged_into", "topic")
    for column in ("place", "dots", "reason", "merged_into"):
        op.drop_column("topic", column)
    for table in ("topicnote", "dot", "vote"):
        op.drop_table(table)
