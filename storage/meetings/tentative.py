"""Meetings of which only the month, the season or the year is known. They have no day, so nothing is timed by them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

MONTH, SEASON, YEAR = "month", "season", "year"


class TentativeMeeting(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    title: str
    precision: str  # MONTH, SEASON or YEAR
    year: int  # 0 where none was said
    part: int = 0  # of the year: the month from 1; the season, spring first, from 1
    until: date  # the last day it may mean: what is in order goes by it, and it is shown to nobody
    at: datetime


def add(
    session: Session, community: int, *, title: str, precision: str, year: int, part: int, until: date, now: datetime
) -> TentativeMeeting:
    row = TentativeMeeting(
        community_id=community, title=title, precision=precision, year=year, part=part, until=until, at=now
    )
    session.add(row)
    session.flush()
    return row


def of(session: Session, community: int) -> Sequence[TentativeMeeting]:
    """In the order they are likely to come."""
    return session.exec(
        select(TentativeMeeting)
        .where(TentativeMeeting.community_id == community)
        .order_by(col(TentativeMeeting.until), col(TentativeMeeting.id))
    ).all()


def get(session: Session, community: int, id: int) -> TentativeMeeting | None:
    row = session.get(TentativeMeeting, id) if id else None
    return row if row and row.community_id == community else None


def remove(session: Session, row: TentativeMeeting) -> None:
    session.delete(row)
    session.flush()
