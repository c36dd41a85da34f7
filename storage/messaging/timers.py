"""Moments the bot asked to be woken at: the ledger that the clock reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint, col, delete, func, select

from storage.database.id_list import OneOf, listed


class Timer(SQLModel, table=True):
    """One moment to come. A fired timer is deleted in the transaction that does its work."""

    __table_args__ = (UniqueConstraint("kind", "value", "community_id"), Index("ix_timer_next", "at", "id"))
    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    kind: str
    value: str = ""
    at: datetime  # when it is to happen
    retry_at: datetime | None = None  # after a failure: when to try again
    attempts: int = 0
    reference: str = ""  # of the last failure


_TIMER = Timer.__table__  # type: ignore[attr-defined]
_FREE = select(_TIMER.c.id).where(OneOf(_TIMER.c.id)).with_for_update(skip_locked=True)
_NAMED = {"sqlite": OneOf(_TIMER.c.id), "postgresql": _TIMER.c.id.in_(_FREE)}  # SQLite locks no rows
TAKE = {
    name: delete(_TIMER).where(those).returning(_TIMER.c.id, _TIMER.c.kind, _TIMER.c.value, _TIMER.c.at)
    for name, those in _NAMED.items()
}


# Asked at every moment that comes or is set, so they are put together once.
WHEN = func.coalesce(Timer.retry_at, Timer.at)
CLAIMED = select(Timer).where(Timer.id == bindparam("id")).with_for_update(skip_locked=True)
DUE = (
    select(Timer.id, Timer.kind, Timer.value, Timer.at, Timer.community_id)  # type: ignore[call-overload]
    .where(Timer.at <= bindparam("now"), WHEN <= bindparam("now"))  # the first lets the index find them
    .order_by(col(Timer.at), col(Timer.id))
    .limit(bindparam("most"))
)
COMING = select(func.min(Timer.at)).where(Timer.at > bindparam("now"))
PAST = select(func.min(WHEN)).where(Timer.at <= bindparam("now"))  # few: due, or failed and tried again


class Moved(Exception):
    """A timer is no longer what it was read as."""

    def __init__(self, id: int) -> None:
        super().__init__("moved")
        self.id = id


def put(session: Session, community: int | None, kind: str, value: str, at: datetime) -> Timer:
    """Ask to be woken; asking again for the same kind and value moves the moment."""
    row = find(session, community, kind, value)
    if row is None:
        row = Timer(community_id=community, kind=kind, value=value, at=at)
        session.add(row)
        session.flush()
    else:
        row.at, row.retry_at, row.attempts = at, None, 0
    return row


def keep(
    session: Session, community: int, kinds: Collection[str], wanted: Mapping[tuple[str, str], datetime], now: datetime
) -> None:
    """Let exactly these moments, by kind and value, be those of their `kinds` to come.

    What is overdue stays: it fires first, whatever was planned since.
    """
    there = {
        (row.kind, row.value): row
        for row in session.exec(select(Timer).where(Timer.community_id == community, col(Timer.kind).in_(kinds)))
    }
    for (kind, value), at in wanted.items():
        row = there.get((kind, value))
        if row is None:
            session.add(Timer(community_id=community, kind=kind, value=value, at=at))
        elif row.at > now and row.at != at:
            row.at, row.retry_at, row.attempts = at, None, 0
    for key, row in there.items():
        if row.at > now and key not in wanted:
            session.delete(row)
    session.flush()


def find(session: Session, community: int | None, kind: str, value: str) -> Timer | None:
    return session.exec(
        select(Timer).where(Timer.kind == kind, Timer.value == value, Timer.community_id == community)
    ).first()


def drop(session: Session, community: int | None, kind: str, value: str) -> None:
    session.exec(
        delete(Timer).where(col(Timer.kind) == kind, col(Timer.value) == value, col(Timer.community_id) == community)
    )


def due(session: Session, now: datetime, limit: int) -> Sequence[tuple[int, str, str, datetime, int | None]]:
    """(id, kind, value, moment, community) of the earliest due."""
    rows = session.execute(DUE, {"now": now, "most": limit})
    return [(id, kind, value, at, community) for id, kind, value, at, community in rows]


def claim(session: Session, id: int, kind: str, value: str, at: datetime) -> Timer | None:
    """The timer, locked, if it is still there to fire and still that one: its moment may have been moved since."""
    row = session.exec(CLAIMED, params={"id": id}).first()
    return row if row and (row.kind, row.value, row.at) == (kind, value, at) else None


def take(session: Session, wanted: Mapping[int, tuple[str, str, datetime]]) -> set[int]:
    """Delete those of the timers that still are what is said of them, kind, value and moment; returns their ids.

    Raises Moved where one has become another since: what was deleted is then not to be kept so.
    """
    gone = session.connection().execute(TAKE[session.get_bind().dialect.name], listed(wanted))
    taken = {id: tuple(rest) for id, *rest in gone}
    if moved := next((id for id, now in taken.items() if wanted[id] != now), None):
        raise Moved(moved)
    return set(taken)


def still_due(session: Session, ids: Sequence[int], now: datetime) -> int:
    """How many of these nobody has fired or put off."""
    return session.exec(select(func.count()).select_from(Timer).where(col(Timer.id).in_(ids), WHEN <= now)).one()


def next_at(session: Session, now: datetime) -> datetime | None:
    """When the next is due; in the past where it is due already."""
    coming = session.exec(COMING, params={"now": now}).one()
    past = session.exec(PAST, params={"now": now}).one()
    return min((at for at in (coming, past) if at), default=None)


def upcoming(session: Session, community: int, until: datetime) -> Sequence[Timer]:
    return session.exec(
        select(Timer).where(Timer.community_id == community, Timer.at <= until).order_by(col(Timer.at), col(Timer.id))
    ).all()


def soonest(session: Session, community: int, kind: str) -> Timer | None:
    return session.exec(
        select(Timer).where(Timer.community_id == community, Timer.kind == kind).order_by(col(Timer.at), col(Timer.id))
    ).first()
