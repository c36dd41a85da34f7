"""The quota of requests: in each calendar week the bot starts at most one request in a community."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select

# No code asks about weeks older than this.
LONG_AGO = timedelta(days=60)


class WeeklyRequest(SQLModel, table=True):
    """The request that has a community's week. Key: community and week.

    `claim` deletes a community's rows after LONG_AGO.
    """

    __table_args__ = (UniqueConstraint("community_id", "week"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    week: str  # ISO week in the community's zone, "2025-W41"
    what: str  # timer and its value, "prompts.due 12"
    at: datetime


def week_of(at: datetime, zone: str) -> str:
    """Return the ISO week of a moment in this zone: "2025-W41"."""
    return at.astimezone(ZoneInfo(zone)).strftime("%G-W%V")


def taken(session: Session, community: int, week: str) -> WeeklyRequest | None:
    """Return the request that has the week, if any."""
    return session.exec(
        select(WeeklyRequest).where(WeeklyRequest.community_id == community, WeeklyRequest.week == week)
    ).first()


def claim(session: Session, community: int, week: str, what: str, now: datetime) -> bool:
    """Claim the community's week for a request. Returns False if another has it, and True if this one already has."""
    request = taken(session, community, week)
    if request is None:
        session.exec(
            delete(WeeklyRequest).where(
                col(WeeklyRequest.community_id) == community, col(WeeklyRequest.at) < now - LONG_AGO
            )
        )
        session.add(WeeklyRequest(community_id=community, week=week, what=what, at=now))
        session.flush()
        return True
    return request.what == what
