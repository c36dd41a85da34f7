"""The quota of requests: how many times the bot asks a community for something in a calendar week."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select

from storage.communities import schedules

# No code asks about weeks older than this.
LONG_AGO = timedelta(days=60)


class WeeklyRequest(SQLModel, table=True):
    """A request made in a community's week. Key: community, week and what.

    `record` deletes a community's rows after LONG_AGO.
    """

    __table_args__ = (UniqueConstraint("community_id", "week", "what"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    week: str  # ISO week in the community's zone, "2025-W41"
    what: str  # timer and its value, "prompts.due 12"
    at: datetime


def week_of(at: datetime, zone: str) -> str:
    """Return the ISO week of a moment in this zone: "2025-W41"."""
    return at.astimezone(ZoneInfo(zone)).strftime("%G-W%V")


def weeks_of(week: str, count: int) -> list[str]:
    """Return the `count` weeks that share one limit with this one, the first first.

    They are counted from one Monday on, whatever the year, as `bot.domain.between_meetings.period` counts them.
    """
    monday = date.fromisocalendar(int(week[:4]), int(week[-2:]), 1).toordinal()
    first = monday - (monday - 1) // 7 % count * 7
    return [date.fromordinal(first + 7 * n).strftime("%G-W%V") for n in range(count)]


def made(session: Session, community: int, week: str) -> Sequence[str]:
    """Return the requests of a week, and of those that share its limit, the first first."""
    weeks = weeks_of(week, schedules.limits(session, community).weeks)
    query = select(WeeklyRequest.what).where(
        WeeklyRequest.community_id == community, col(WeeklyRequest.week).in_(weeks)
    )
    return session.exec(query.order_by(col(WeeklyRequest.id))).all()


def claim(session: Session, community: int, week: str, what: str, now: datetime) -> bool:
    """Record a request if the community's weeks have room for it, or have it already. Returns whether it has.

    What the community wants no matter what always has room, and takes none.
    """
    if schedules.comes_anyway(session, community, what.partition(" ")[0]):
        return True
    before = made(session, community, week)
    if what not in before and len(before) < schedules.limits(session, community).requests:
        _add(session, community, week, what, now)
        return True
    return what in before


def record(session: Session, community: int, week: str, what: str, now: datetime) -> None:
    """Record a request that is made however many the week has, such as a facilitator's own question."""
    if what not in made(session, community, week):
        _add(session, community, week, what, now)


def _add(session: Session, community: int, week: str, what: str, now: datetime) -> None:
    session.exec(
        delete(WeeklyRequest).where(
            col(WeeklyRequest.community_id) == community, col(WeeklyRequest.at) < now - LONG_AGO
        )
    )
    session.add(WeeklyRequest(community_id=community, week=week, what=what, at=now))
    session.flush()
