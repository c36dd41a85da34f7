"""Programs: several communities that conveners run together. Each joins by a convener's invitation and its own yes."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.communities.communities import Community
from storage.database.personal import DELETE, KEEP, personal


class Program(SQLModel, table=True):
    """Several communities that are run together. Key: `id`. Deleted when its last community has left."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    created_at: datetime


class Convener(SQLModel, table=True):
    """A person who runs a program: they invite communities, and can end a community's part in it.

    Key: program and person. Deleted when they step down, and with the program or the person.
    """

    __table_args__ = (UniqueConstraint("program_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="program.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP, label="programs convened"),
    )


class ProgramCommunity(SQLModel, table=True):
    """A community that was invited to a program, or belongs to it. Key: program and community.

    A community belongs to one program at most. Deleted when either side ends it.
    """

    __table_args__ = (UniqueConstraint("program_id", "community_id"),)
    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="program.id")
    community_id: int = Field(foreign_key="community.id", index=True)
    invited_at: datetime
    # None: it was invited, and nobody there has said yes.
    joined_at: datetime | None = None


def key(row: Program) -> int:
    assert row.id is not None
    return row.id


def create(session: Session, name: str, convener: int, now: datetime) -> Program:
    row = Program(name=name, created_at=now)
    session.add(row)
    session.flush()
    session.add(Convener(program_id=key(row), person_id=convener))
    session.flush()
    return row


def get(session: Session, id: int) -> Program | None:
    return session.get(Program, id)


def of(session: Session, community: int | None) -> Program | None:
    """Return the program that a community belongs to."""
    return session.exec(
        select(Program)
        .join(ProgramCommunity)
        .where(ProgramCommunity.community_id == community, col(ProgramCommunity.joined_at).is_not(None))
        .order_by(col(ProgramCommunity.id))
    ).first()


def name_of(session: Session, community: int | None) -> str:
    """Return the name of the program that a community belongs to; "" if it belongs to none."""
    found = of(session, community)
    return found.name if found else ""


def siblings(community: int | None) -> SelectOfScalar[int]:
    """Return a query for the ids of the other communities that belong to a community's program."""
    joined = col(ProgramCommunity.joined_at).is_not(None)
    own = select(ProgramCommunity.program_id).where(ProgramCommunity.community_id == community, joined)
    return select(ProgramCommunity.community_id).where(
        col(ProgramCommunity.program_id).in_(own), joined, ProgramCommunity.community_id != community
    )


def communities(session: Session, program: int) -> Sequence[tuple[ProgramCommunity, Community]]:
    """Return the communities of a program and those it has invited, in the order they were invited."""
    return session.exec(
        select(ProgramCommunity, Community)
        .join(Community)
        .where(ProgramCommunity.program_id == program)
        .order_by(col(ProgramCommunity.id))
    ).all()


def part(session: Session, program: int, community: int) -> ProgramCommunity | None:
    """Return the row of a community that belongs to a program or is invited to it."""
    return session.exec(
        select(ProgramCommunity).where(
            ProgramCommunity.program_id == program, ProgramCommunity.community_id == community
        )
    ).first()


def invitations(session: Session, community: int) -> Sequence[Program]:
    """Return the programs that a community is invited to, and has not joined."""
    return session.exec(
        select(Program)
        .join(ProgramCommunity)
        .where(ProgramCommunity.community_id == community, col(ProgramCommunity.joined_at).is_(None))
        .order_by(col(ProgramCommunity.id))
    ).all()


def invite(session: Session, program: int, community: int, now: datetime) -> ProgramCommunity:
    row = part(session, program, community)
    if row is None:
        row = ProgramCommunity(program_id=program, community_id=community, invited_at=now)
        session.add(row)
        session.flush()
    return row


def join(session: Session, row: ProgramCommunity, now: datetime) -> None:
    """Let an invited community belong to the program. It must not belong to another one."""
    row.joined_at = now
    session.flush()


def end(session: Session, row: ProgramCommunity) -> None:
    """Take a community out of a program, or its invitation back. The last one takes the program with it."""
    program = row.program_id
    session.delete(row)
    session.flush()
    _delete_if_empty(session, program)


def _delete_if_empty(session: Session, program: int) -> None:
    if not communities(session, program):
        session.exec(delete(Convener).where(col(Convener.program_id) == program))
        session.exec(delete(Program).where(col(Program.id) == program))
        session.flush()
        session.expire_all()


def delete_empty(session: Session) -> None:
    """Delete the programs whose communities have all been deleted."""
    with_communities = select(ProgramCommunity.program_id)
    for program in session.exec(select(Program).where(col(Program.id).not_in(with_communities))).all():
        _delete_if_empty(session, key(program))


def conveners(session: Session, program: int) -> Sequence[int]:
    """Return who convenes a program, longest first."""
    return session.exec(
        select(Convener.person_id).where(Convener.program_id == program).order_by(col(Convener.id))
    ).all()


def convened_by(session: Session, person: int) -> Sequence[Program]:
    """Return the programs that a person convenes, oldest first."""
    return session.exec(
        select(Program).join(Convener).where(Convener.person_id == person).order_by(col(Program.id))
    ).all()


def convene(session: Session, program: int, person: int) -> None:
    """Make a person a convener of a program."""
    known = select(Convener).where(Convener.program_id == program, Convener.person_id == person)
    if session.exec(known).first() is None:
        session.add(Convener(program_id=program, person_id=person))
        session.flush()


def step_down(session: Session, program: int, person: int) -> None:
    session.exec(delete(Convener).where(col(Convener.program_id) == program, col(Convener.person_id) == person))
    session.flush()
