"""Remember since when somebody has a role, so that a new facilitator does not read what was written before."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.Column("from_platform", sa.Boolean(), nullable=False),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appointment_community_id", "appointment", ["community_id"])
    op.create_index("ix_appointment_person_id", "appointment", ["person_id"])
    # Nobody knows since when those who facilitate today do, so they go on reading what they could read until now.
    op.execute(
        sa.text(
            "INSERT INTO appointment (community_id, person_id, role, since, from_platform, handed_over) "
            "SELECT m.community_id, m.person_id, 2, c.created_at, :no, :no FROM membership m "
            "JOIN community c ON c.id = m.community_id "
            "WHERE m.left_at IS NULL AND (m.role = 2 OR m.facilitates)"
        ).bindparams(sa.bindparam("no", False, sa.Boolean()))
    )


def downgrade() -> None:
    op.drop_table("appointment")
