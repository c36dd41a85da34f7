"""What facilitators chose not to have the bot post, so that planning again does not bring it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Index, Session, SQLModel, col, select

# The repeats of one request in a long gap are three weeks apart, so a skip holds for the one nearest to it,
# also when its meeting moves by some days.
NEAR = timedelta(days=10)


class Skip(SQLModel, table=True):
    __table_args__ = (Index("ix_skip_when", "community_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    kind: str  # of the timer that was dropped
    value: str
    at: datetime  # when it would have been


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
    """Skips of what would have been posted from `start` on and before `end`, in order."""
    return session.exec(
        select(Skip)
        .where(Skip.community_id == community, Skip.at >= start, Skip.at < end)
        .order_by(col(Skip.at), col(Skip.id))
    ).all()


def covers(skips: Sequence[Skip], kind: str, value: str, at: datetime) -> bool:
    """Whether one of `skips` is of this timer at this moment."""
    return any(s.kind == kind and s.value == value and abs(s.at - at) <= NEAR for s in skips)
