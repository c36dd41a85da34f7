"""Ask both accounts before linking them, and remember for a while how to undo it."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TEXT, MOMENT = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.add_column("linkcode", sa.Column("made", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("linkcode", sa.Column("made_until", MOMENT(), nullable=True))
    op.create_table(
        "linkrequest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_linkrequest_owner_id", "linkrequest", ["owner_id"])
    op.create_index("ix_linkrequest_asker_id", "linkrequest", ["asker_id"], unique=True)
    op.create_table(
        "accountlink",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", MOMENT(), nullable=False),
        sa.Column("other", TEXT(), nullable=False),
        sa.Column("moved", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_accountlink_person_id", "accountlink", ["person_id"])
    op.create_table(
        "replacedrow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("table_name", TEXT(), nullable=False),
        sa.Column("before", TEXT(), nullable=False),
        sa.Column("after", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["accountlink.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    for column in ("link_id", "person_id", "community_id"):
        op.create_index(f"ix_replacedrow_{column}", "replacedrow", [column])


def downgrade() -> None:
    for table in ("replacedrow", "accountlink", "linkrequest"):
        op.drop_table(table)
    op.drop_column("linkcode", "made_until")
    op.drop_column("linkcode", "made")
