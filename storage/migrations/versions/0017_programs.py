"""Make programs rows of their own, with conveners, and let communities join them.

Communities with the same program's name belonged together before. They still do where they live in the same
workspaces or servers; nothing is joined across those. Their admins become the conveners.
"""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXT, MOMENT = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
ADMIN = 3


def _table(name: str, *columns: str) -> Any:
    return sa.table(name, *(sa.column(c, MOMENT()) if c.endswith("_at") else sa.column(c) for c in columns))


COMMUNITY = _table("community", "id", "program", "created_at")
CHANNEL = _table("channel", "community_id", "platform", "space")
MEMBERSHIP = _table("membership", "id", "community_id", "person_id", "role", "left_at")
PROGRAM = _table("program", "id", "name", "created_at")
CONVENER = _table("convener", "program_id", "person_id")
PART = _table("programcommunity", "program_id", "community_id", "invited_at", "joined_at")


def upgrade() -> None:
    op.create_table(
        "program",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "convener",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("program_id", "person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_convener_person_id", "convener", ["person_id"])
    op.create_table(
        "programcommunity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", MOMENT(), nullable=False),
        sa.Column("joined_at", MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"]),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("program_id", "community_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_programcommunity_community_id", "programcommunity", ["community_id"])
    _make_programs(op.get_bind())
    op.drop_column("community", "program")


def _make_programs(connection: sa.Connection) -> None:
    spaces = defaultdict(set)
    for row in connection.execute(sa.select(CHANNEL)):
        spaces[row.community_id].add((row.platform, row.space))
    groups: dict[tuple[str, object], list[Any]] = defaultdict(list)
    named = sa.select(COMMUNITY).where(COMMUNITY.c.program != "").order_by(COMMUNITY.c.id)
    for row in connection.execute(named):
        groups[row.program, frozenset(spaces[row.id]) or row.id].append(row)
    for (name, _where), communities in groups.items():
        since = min(row.created_at for row in communities)
        connection.execute(PROGRAM.insert().values(name=name, created_at=since))
        program = connection.execute(sa.select(sa.func.max(PROGRAM.c.id))).scalar_one()
        ids = [row.id for row in communities]
        for id in ids:
            connection.execute(
                PART.insert().values(program_id=program, community_id=id, invited_at=since, joined_at=since)
            )
        admins = sa.select(MEMBERSHIP.c.person_id).where(
            MEMBERSHIP.c.community_id.in_(ids), MEMBERSHIP.c.role == ADMIN, MEMBERSHIP.c.left_at.is_(None)
        )
        for person in dict.fromkeys(connection.execute(admins.order_by(MEMBERSHIP.c.id)).scalars()):
            connection.execute(CONVENER.insert().values(program_id=program, person_id=person))


def downgrade() -> None:
    op.add_column("community", sa.Column("program", TEXT(), nullable=False, server_default=""))
    joined = sa.select(PART.c.community_id, PROGRAM.c.name).join(PROGRAM, PROGRAM.c.id == PART.c.program_id)
    connection = op.get_bind()
    for row in connection.execute(joined.where(PART.c.joined_at.is_not(None))).all():
        connection.execute(COMMUNITY.update().where(COMMUNITY.c.id == row.community_id).values(program=row.name))
    for table in ("programcommunity", "convener", "program"):
        op.drop_table(table)
