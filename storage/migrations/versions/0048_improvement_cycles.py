"""Keep improvement cycles: a change, a prediction, the result beside it, and the decision."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "improvementcycle",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("community_id", sa.Integer(), sa.ForeignKey("community.id"), nullable=False, index=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column(
            "parent_id",
            sa.Integer(),
            sa.ForeignKey("improvementcycle.id", ondelete="SET NULL"),
            nullable=True,
            index=True,
        ),
        sa.Column("trying", TEXT(), nullable=False),
        sa.Column("prediction", TEXT(), nullable=False),
        sa.Column("measure", TEXT(), nullable=False),
        sa.Column("do_on", sa.Date(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("result", TEXT(), nullable=False),
        sa.Column("lesson", TEXT(), nullable=False),
        sa.Column("decision", TEXT(), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("improvementcycle")
