"""Check-ins that a community asks again and again: each has a name, and its questions in versions that never change.

A round opens one version, and what was answered keeps the words that were asked. `bot.domain.questions` reads and
writes the definition.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, func, select

from storage.database.personal import UNNAME, personal

PLANNED, IN_USE, RESTING, ARCHIVED = "draft", "in_use", "resting", "archived"  # states
# Until when only facilitators see answers and how many there are. Usually answers are hidden until the close, and how
# many there are isn't.
UNTIL_CLOSE, UNTIL_ANSWERED = "close", "answered"
NAMED, FACILITATORS_CAN_TELL, NOBODY_CAN_TELL = "named", "facilitators", "nobody"  # levels


class CheckIn(SQLModel, table=True):
    """A check-in of a community, by its name. Key: `id`."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    name: str
    state: str = PLANNED
    # Who can tell who wrote an answer.
    level: str = NAMED
    # "", UNTIL_CLOSE, or UNTIL_ANSWERED where answers have names.
    answer_first: str = ""
    # Facilitators read the summary first and can change it. It goes by itself the next working morning.
    is_reviewed: bool = False
    # None: the bot made it, or whoever did has gone.
    created_by: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="check-ins made"),
    )
    created_at: datetime


class CheckInVersion(SQLModel, table=True):
    """The questions of a check-in from one change to the next. Key: check-in and number, from 1 on."""

    __table_args__ = (UniqueConstraint("checkin_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    checkin_id: int = Field(foreign_key="checkin.id")
    number: int
    definition: str  # JSON
    saved_at: datetime
    saved_by: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME),
    )


def create(session: Session, community: int, name: str, definition: str, *, by: int | None, now: datetime) -> CheckIn:
    """Add a check-in with its first version."""
    row = CheckIn(community_id=community, name=name, created_by=by, created_at=now)
    session.add(row)
    session.flush()
    add_version(session, row, definition, by=by, now=now)
    return row


def add_version(
    session: Session, checkin: CheckIn, definition: str, *, by: int | None, now: datetime
) -> CheckInVersion:
    """Add the next version of a check-in. Rounds that are open keep theirs."""
    assert checkin.id is not None
    newest = newest_version(session, checkin.id)
    number = newest.number + 1 if newest else 1
    row = CheckInVersion(checkin_id=checkin.id, number=number, definition=definition, saved_at=now, saved_by=by)
    session.add(row)
    session.flush()
    return row


def get(session: Session, community: int, id: int) -> CheckIn | None:
    return session.exec(select(CheckIn).where(CheckIn.id == id, CheckIn.community_id == community)).first()


def of_community(session: Session, community: int) -> Sequence[CheckIn]:
    """Return the check-ins of a community that are not archived, by name."""
    query = select(CheckIn).where(CheckIn.community_id == community, CheckIn.state != ARCHIVED)
    return session.exec(query.order_by(col(CheckIn.name), col(CheckIn.id))).all()


def count_archived(session: Session, community: int) -> int:
    query = select(func.count()).select_from(CheckIn)
    return session.exec(query.where(CheckIn.community_id == community, CheckIn.state == ARCHIVED)).one()


def version(session: Session, id: int) -> CheckInVersion | None:
    return session.get(CheckInVersion, id)


def versions_with(session: Session, ids: Collection[int]) -> Mapping[int, CheckInVersion]:
    """Return the versions with these ids, by id."""
    query = select(CheckInVersion).where(col(CheckInVersion.id).in_(ids))
    return {row.id: row for row in session.exec(query) if row.id is not None}


def versions(session: Session, checkin: int) -> Sequence[CheckInVersion]:
    """Return the versions of a check-in, the newest first."""
    query = select(CheckInVersion).where(CheckInVersion.checkin_id == checkin)
    return session.exec(query.order_by(col(CheckInVersion.number).desc())).all()


def newest_version(session: Session, checkin: int) -> CheckInVersion | None:
    return next(iter(versions(session, checkin)), None)
