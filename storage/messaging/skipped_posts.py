"""Posts that facilitators chose to skip, remembered so that planning does not schedule them again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Index, Session, SQLModel, col, select

# A skip must still hold when its meeting moves by some days, and must not hold for the next repeat of the same
# request: in a long gap between meetings, repeats are three weeks apart.
NEAR = timedelta(days=10)


class Skip(SQLModel, table=True):
    """One skipped post: the timer that was dropped, and when it would have fired. Deleted when the skip is undone."""

    __table_args__ = (Index("ix_skip_when", "community_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    kind: str
    value: str
    at: datetime


def add(session: Session, community: int, kind: str, value: str, at: datetime) -> Skip:
    row = Skip(community_id=community, kind=kind, value=value, at=at)
    session.add(row)
    session.flush()
    return row


def get(session: Session, community: int, id: int) -> Skip | None:
    row = session.get(Skip, id)
    return row if row and row.community_id == community else None


def remove(session: Session, skip: Skip) -> None:
    session.delete(skip)
    session.flush()


def between(session: Session, community: int, start: datetime, end: datetime) -> Sequence[Skip]:
    """Return the skips of posts due from `start` on and before `end`, in order."""
    return session.exec(
        select(Skip)
        .where(Skip.community_id == community, Skip.at >= start, Skip.at < end)
        .order_by(col(Skip.at), col(Skip.id))
    ).all()


def covers(skips: Sequence[Skip], kind: str, value: str, at: datetime) -> bool:
    """Return whether one of `skips` is for this timer, within NEAR of this moment."""
    return any(s.kind == kind and s.value == value and abs(s.at - at) <= NEAR for s in skips)
