"""Keep the prompts that members propose and a community approves, and the votes for them."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0041"
down_revision = "0039"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "communityprompt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id"), nullable=False, index=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        sa.Column("text", TEXT(), nullable=False),
        sa.Column("starter", TEXT(), nullable=False),
        sa.Column("category", TEXT(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "promptvote",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("prompt_id", sa.Integer(), sa.ForeignKey("communityprompt.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.UniqueConstraint("prompt_id", "person_id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("promptvote")
    op.drop_table("communityprompt")
