"""Keep answers of which nobody can tell who wrote them: no person, no time, and nothing that ties two together."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    for name in ("openanswer", "anonymousanswer"):
        op.create_table(
            name,
            sa.Column("key", TEXT(), primary_key=True),
            sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), nullable=False, index=True),
            sa.Column("question", TEXT(), nullable=False),
            sa.Column("value", TEXT(), nullable=False),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "askedanonymously",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("has_answered", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("round_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.add_column("round", sa.Column("level", TEXT(), nullable=False, server_default="named"))
    op.add_column("round", sa.Column("anonymous_count", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("round", "anonymous_count")
    op.drop_column("round", "level")
    op.drop_table("askedanonymously")
    op.drop_table("anonymousanswer")
    op.drop_table("openanswer")
