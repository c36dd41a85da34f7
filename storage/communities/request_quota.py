"""How often a community has been asked something: at most one request that the bot starts, in each of its weeks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select

LONG_AGO = timedelta(days=60)  # weeks that nobody asks about any more


class WeeklyRequest(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("community_id", "week"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    week: str  # ISO week of the community's own calendar, "2025-W41"
    what: str  # "prompts.due 12": which request has the week
    at: datetime


def week_of(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%G-W%V")


def taken(session: Session, community: int, week: str) -> WeeklyRequest | None:
    return session.exec(
        select(WeeklyRequest).where(WeeklyRequest.community_id == community, WeeklyRequest.week == week)
    ).first()


def claim(session: Session, community: int, week: str, what: str, now: datetime) -> bool:
    """Claim the community's week for a request; False when another has it. Claiming again for the same is True."""
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
