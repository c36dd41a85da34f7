"""Timers: when the bot has to do something next, and what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint, col, delete, func, select, update

from storage.database.id_list import OneOf, listed

# Stands for no moment, since a database can't compare infinity everywhere.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
UNSYNCED: dict[str, Any] = {"synchronize_session": False}


class Timer(SQLModel, table=True):
    """One moment to come. Key: `kind`, `value` and community. Deleted in the transaction that does its work."""

    __table_args__ = (UniqueConstraint("kind", "value", "community_id"), Index("ix_timer_next", "at", "id"))
    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    kind: str
    value: str = ""
    at: datetime
    # When to try again after a failure. NEVER while the community can't be reached.
    retry_at: datetime | None = None
    attempts: int = 0
    reference: str = ""  # error code of the last failure


_TIMER = Timer.__table__  # type: ignore[attr-defined]
_FREE = select(_TIMER.c.id).where(OneOf(_TIMER.c.id)).with_for_update(skip_locked=True)
# SQLite has no row locks to skip.
_NAMED = {"sqlite": OneOf(_TIMER.c.id), "postgresql": _TIMER.c.id.in_(_FREE)}
TAKE = {
    name: delete(_TIMER).where(those).returning(_TIMER.c.id, _TIMER.c.kind, _TIMER.c.value, _TIMER.c.at)
    for name, those in _NAMED.items()
}


# Every timer that is set or fires runs these queries, so they are built once.
WHEN = func.coalesce(Timer.retry_at, Timer.at)
CLAIMED = select(Timer).where(Timer.id == bindparam("id")).with_for_update(skip_locked=True)
# The condition on `at` follows from the other, and is there for the index on it.
DUE = (
    select(Timer.id, Timer.kind, Timer.value, Timer.at, Timer.community_id)  # type: ignore[call-overload]
    .where(Timer.at <= bindparam("now"), WHEN <= bindparam("now"))
    .order_by(col(Timer.at), col(Timer.id))
    .limit(bindparam("most"))
)
FOUND = select(Timer).where(
    Timer.kind == bindparam("kind"), Timer.value == bindparam("value"), Timer.community_id == bindparam("community")
)
DROPPED = delete(Timer).where(
    col(Timer.kind) == bindparam("kind"),
    col(Timer.value) == bindparam("value"),
    col(Timer.community_id) == bindparam("community"),
)
COMING = select(func.min(Timer.at)).where(Timer.at > bindparam("now"))
# Few rows have an `at` in the past: those that are due, and those that failed and are retried.
PAST = select(func.min(WHEN)).where(Timer.at <= bindparam("now"))


class TimerChanged(Exception):
    """A timer was changed after it was read."""

    def __init__(self, id: int) -> None:
        super().__init__("moved")
        self.id = id


def put(session: Session, community: int | None, kind: str, value: str, at: datetime) -> Timer:
    """Set a timer, or move the one with the same kind and value. That also resets its retries."""
    row = find(session, community, kind, value)
    if row is None:
        row = Timer(community_id=community, kind=kind, value=value, at=at)
        session.add(row)
        session.flush()
    else:
        row.at, row.retry_at, row.attempts = at, None, 0
    return row


def replace(
    session: Session, community: int, kinds: Collection[str], wanted: Mapping[tuple[str, str], datetime], now: datetime
) -> None:
    """Make the community's future timers of `kinds` exactly `wanted`: moments by (kind, value).

    A timer that is overdue stays as it is, and fires whatever is planned now.
    """
    existing = {
        (row.kind, row.value): row
        for row in session.exec(select(Timer).where(Timer.community_id == community, col(Timer.kind).in_(kinds)))
    }
    for (kind, value), at in wanted.items():
        row = existing.get((kind, value))
        if row is None:
            session.add(Timer(community_id=community, kind=kind, value=value, at=at))
        elif row.at > now and row.at != at:
            row.at, row.retry_at, row.attempts = at, None, 0
    for key, row in existing.items():
        if row.at > now and key not in wanted:
            session.delete(row)
    session.flush()


def find(session: Session, community: int | None, kind: str, value: str) -> Timer | None:
    if community is not None:
        return session.exec(FOUND, params={"kind": kind, "value": value, "community": community}).first()
    return session.exec(
        select(Timer).where(Timer.kind == kind, Timer.value == value, Timer.community_id == community)
    ).first()


def drop(session: Session, community: int | None, kind: str, value: str) -> None:
    if community is not None:
        session.exec(DROPPED, params={"kind": kind, "value": value, "community": community})
        return
    session.exec(
        delete(Timer).where(col(Timer.kind) == kind, col(Timer.value) == value, col(Timer.community_id) == community)
    )


def rest(session: Session, community: int) -> None:
    """Let no timer of the community fire until `wake`."""
    session.exec(
        update(Timer).where(col(Timer.community_id) == community).values(retry_at=NEVER).execution_options(**UNSYNCED)
    )
    session.expire_all()


def wake(session: Session, community: int) -> bool:
    """Let the community's timers fire again, at once if they came due meanwhile. Returns whether any rested."""
    resting = (col(Timer.community_id) == community) & (col(Timer.retry_at) == NEVER)
    result = session.exec(update(Timer).where(resting).values(retry_at=None).execution_options(**UNSYNCED))
    session.expire_all()
    return result.rowcount > 0


def due(session: Session, now: datetime, limit: int) -> Sequence[tuple[int, str, str, datetime, int | None]]:
    """Return (id, kind, value, moment, community) of at most `limit` timers that are due, earliest first."""
    rows = session.execute(DUE, {"now": now, "most": limit})
    return [(id, kind, value, at, community) for id, kind, value, at, community in rows]


def claim(session: Session, id: int, kind: str, value: str, at: datetime) -> Timer | None:
    """Return the timer, locked, if it was not fired or moved since it was read and no other process has it locked."""
    row = session.exec(CLAIMED, params={"id": id}).first()
    return row if row and (row.kind, row.value, row.at) == (kind, value, at) else None


def claim_all(session: Session, wanted: Mapping[int, tuple[str, str, datetime]]) -> set[int]:
    """Delete these timers, given as (kind, value, moment) by id, and return the ids of those that were still there.

    On PostgreSQL, timers that another transaction has locked are left out. Raises TimerChanged if one was changed since
    it was read; the caller must then roll back, for it has been deleted too.
    """
    rows = session.connection().execute(TAKE[session.get_bind().dialect.name], listed(wanted))
    taken = {id: tuple(rest) for id, *rest in rows}
    if moved := next((id for id, now in taken.items() if wanted[id] != now), None):
        raise TimerChanged(moved)
    return set(taken)


def still_due(session: Session, ids: Sequence[int], now: datetime) -> int:
    """Return how many of these timers are still due, because nobody has fired or postponed them."""
    return session.exec(select(func.count()).select_from(Timer).where(col(Timer.id).in_(ids), WHEN <= now)).one()


def next_at(session: Session, now: datetime) -> datetime | None:
    """Return when the next timer is due, which is in the past if one is due already; None if there is none."""
    coming = session.exec(COMING, params={"now": now}).one()
    past = session.exec(PAST, params={"now": now}).one()
    return min((at for at in (coming, past) if at and at < NEVER), default=None)


def upcoming(session: Session, community: int, until: datetime) -> Sequence[Timer]:
    """Return the community's timers up to `until`, overdue ones included, in order."""
    return session.exec(
        select(Timer).where(Timer.community_id == community, Timer.at <= until).order_by(col(Timer.at), col(Timer.id))
    ).all()


def of_kinds(
    session: Session, community: int, kinds: Collection[str], after: datetime, until: datetime
) -> Sequence[tuple[str, str, datetime]]:
    """Return (kind, value, moment) of the community's timers of these kinds between two moments, in order."""
    query = select(Timer.kind, Timer.value, Timer.at).where(Timer.community_id == community)
    query = query.where(col(Timer.kind).in_(kinds), Timer.at > after, Timer.at <= until)
    return session.exec(query.order_by(col(Timer.at), col(Timer.id))).all()


def values(session: Session, community: int, kind: str, prefix: str) -> Sequence[str]:
    """Return the values of the community's timers of this kind that begin like this."""
    query = select(Timer.value).where(Timer.community_id == community, Timer.kind == kind)
    return session.exec(query.where(col(Timer.value).startswith(prefix, autoescape=True)).order_by(Timer.value)).all()


def soonest(session: Session, community: int, kind: str) -> Timer | None:
    """Return the community's earliest timer of this kind."""
    return session.exec(
        select(Timer).where(Timer.community_id == community, Timer.kind == kind).order_by(col(Timer.at), col(Timer.id))
    ).first()
