"""Keep what somebody was told about a subject once for each community, because two may use the same word for one."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# As PostgreSQL names them.
OLD, NEW = "toldfact_subject_place_key", "toldfact_community_id_subject_place_key"


def upgrade() -> None:
    _replace(OLD, NEW, ["community_id", "subject", "place"])


def downgrade() -> None:
    _replace(NEW, OLD, ["subject", "place"])


def _replace(old: str, new: str, columns: list[str]) -> None:
    # SQLite knows no name for the old one, and makes the table anew.
    with op.batch_alter_table(
        "toldfact", naming_convention={"uq": old}, table_kwargs={"sqlite_autoincrement": True}
    ) as table:
        table.drop_constraint(old, type_="unique")
        table.create_unique_constraint(new, columns)
