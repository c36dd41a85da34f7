"""Tentative meetings: only the month, the season of the year, or the year is known. Nothing is timed by them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

MONTH, SEASON, YEAR = "month", "season", "year"


class TentativeMeeting(SQLModel, table=True):
    """One tentative meeting. Key: `id`. Deleted when it gets a date, or is given up."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    title: str
    precision: str  # MONTH, SEASON or YEAR
    year: int  # 0: not said
    # The month from 1, or the season from 1, which is spring. 0 for YEAR.
    part: int = 0
    # The last day it may be on: for sorting, and to leave out past ones. Nobody sees it.
    until: date
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


def in_community(session: Session, community: int) -> Sequence[TentativeMeeting]:
    """Return a community's tentative meetings, in their likely order."""
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
