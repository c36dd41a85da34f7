"""Add meeting types, preparations and tasks, notes of meetings, and follow-ups on feedback."""

from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT, MOMENT = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
COMMUNITY, MEETING, PERSON = {"community_id": "community"}, {"meeting_id": "meeting"}, {"person_id": "person"}


def _table(name: str, *columns: sa.Column[Any], points: dict[str, str], unique: tuple[str, ...] = ()) -> None:
    """Create a table. `points` maps columns to the tables they point to.

    Such a column gets an index, unless the unique key begins with it.
    """
    keys: list[Any] = [sa.ForeignKeyConstraint([column], [f"{table}.id"]) for column, table in points.items()]
    if unique:
        keys.append(sa.UniqueConstraint(*unique))
    first = sa.Column("id", sa.Integer(), nullable=False)
    op.create_table(name, first, *columns, *keys, sa.PrimaryKeyConstraint("id"), sqlite_autoincrement=True)
    for column in points:
        if column not in unique[:1]:
            op.create_index(f"ix_{name}_{column}", name, [column])


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, TEXT(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT(), nullable=nullable)


def upgrade() -> None:
    op.add_column("series", sa.Column("kind", TEXT(), nullable=False, server_default="call"))
    op.add_column("meeting", sa.Column("kind", TEXT(), nullable=False, server_default="call"))
    # In SQL, because SQLite takes a reference with a new column only so, without copying the table.
    op.execute("ALTER TABLE meeting ADD COLUMN host_id INTEGER REFERENCES meeting (id)")
    op.create_index("ix_meeting_host_id", "meeting", ["host_id"])
    _table(
        "meetingnotes",
        *map(_number, ("community_id", "meeting_id")),
        _number("person_id", nullable=True),
        *map(_text, ("decisions", "resources", "commitments", "said")),
        _number("version"),
        _moment("written_at"),
        _moment("shared_at", nullable=True),
        points=COMMUNITY | MEETING | PERSON,
        unique=("meeting_id",),
    )
    _table(
        "telling",
        *map(_number, ("meeting_id", "person_id")),
        *map(_text, ("question", "words")),
        _moment("written_at"),
        points=MEETING | PERSON,
        unique=("meeting_id", "person_id", "question"),
    )
    _table(
        "yousaid",
        *map(_number, ("community_id", "meeting_id")),
        _number("person_id", nullable=True),
        *map(_text, ("said", "did")),
        _moment("at"),
        points=COMMUNITY | MEETING | PERSON,
    )
    _table(
        "preparation",
        *map(_number, ("community_id", "meeting_id")),
        *map(_text, ("name", "words")),
        points=COMMUNITY | MEETING,
        unique=("meeting_id", "name"),
    )
    _table(
        "meetingtask",
        *map(_number, ("community_id", "meeting_id")),
        _number("person_id", nullable=True),
        _text("words"),
        sa.Column("done", sa.Boolean(), nullable=False),
        points=COMMUNITY | MEETING | PERSON,
    )


def downgrade() -> None:
    for table in ("meetingtask", "preparation", "yousaid", "telling", "meetingnotes"):
        op.drop_table(table)
    op.drop_index("ix_meeting_host_id", "meeting")
    for table, column in (("meeting", "host_id"), ("meeting", "kind"), ("series", "kind")):
        op.drop_column(table, column)
