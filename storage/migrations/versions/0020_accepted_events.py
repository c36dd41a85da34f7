"""Save what is acknowledged before it is handled."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acceptedevent",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_acceptedevent_at", "acceptedevent", ["at"])
    op.create_index("ix_acceptedevent_person_id", "acceptedevent", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_acceptedevent_person_id", table_name="acceptedevent")
    op.drop_index("ix_acceptedevent_at", table_name="acceptedevent")
    op.drop_table("acceptedevent")
