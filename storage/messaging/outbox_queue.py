"""The outbox as a queue: what is due now, what is due next, what is to be retried, what a dead process left behind.

The order within a channel is that of the rows' ids, never of their times: a clock may be set back between two posts,
and several processes have several clocks. So a message that nothing has put off needs no time to come.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, false
from sqlmodel import Session, col, func, select, tuple_

from storage.messaging.outbox import SENDING, TO_SEND, Outgoing

# How far `set_back` puts messages into the past, so that they are due also for code that read the clock slightly
# earlier.
A_MOMENT = timedelta(seconds=1)
# By how much two clocks may differ, or one may be set back, without `set_back`.
SKEW = timedelta(minutes=1)
# Nothing has put the message off: a first post at once, or an edit. The sender checks everything else.
NOT_PUT_OFF = (col(Outgoing.problem) == "") & (
    (col(Outgoing.not_before) <= col(Outgoing.made_at)) | (col(Outgoing.receipt) != "")
)
# The first condition follows from the second, and is there for the index.
DUE: tuple[ColumnElement[bool], ...] = (
    col(Outgoing.not_before) <= bindparam("soon"),
    (col(Outgoing.not_before) <= bindparam("now")) | NOT_PUT_OFF,
)
DUE_IN = (
    select(col(Outgoing.platform), col(Outgoing.space))
    .where(
        col(Outgoing.state).in_(TO_SEND),
        *DUE,
        col(Outgoing.platform).in_(bindparam("platforms", expanding=True)),
    )
    .distinct()
)


def due_in(session: Session, now: datetime, platforms: Collection[str]) -> set[tuple[str, str]]:
    """Return (platform, space) of everything that may be sent now on these platforms.

    Messages for other platforms wait for a process that runs those, and must not take up room in the queue of this
    one meanwhile.
    """
    rows = session.exec(DUE_IN, params=_by(now) | {"platforms": tuple(platforms)})
    return {(platform, space) for platform, space in rows}


def due(
    session: Session, now: datetime, limit: int, among: Collection[tuple[str, str]]
) -> Sequence[tuple[int, str, str, str]]:
    """Return (id, platform, space, key) of what may be sent now in these (platform, space), as it was posted."""
    rows = session.exec(
        select(col(Outgoing.id), col(Outgoing.platform), col(Outgoing.space), col(Outgoing.key))
        .where(col(Outgoing.state).in_(TO_SEND), *DUE)
        .where(tuple_(col(Outgoing.platform), col(Outgoing.space)).in_(tuple(among)))
        .order_by(col(Outgoing.id))
        .limit(limit),
        params=_by(now),
    )
    return [(id, platform, space, key) for id, platform, space, key in rows if id is not None]


def _by(now: datetime) -> dict[str, object]:
    return {"now": now, "soon": now + SKEW}


def is_due(row: Outgoing, now: datetime) -> bool:
    """Return whether the message may be sent now, as DUE does."""
    put_off = row.problem != "" or (row.not_before > row.made_at and not row.receipt)
    return row.not_before <= now or (not put_off and row.not_before <= now + SKEW)


def pending_retries(
    session: Session, until: datetime, among: Collection[tuple[str, str]], passed_by: str
) -> Sequence[Outgoing]:
    """Return the retries that are due up to `until`, in the order they were first posted.

    Those that failed with the problem `passed_by` are left out: other messages do not wait for them.
    """
    return session.exec(
        select(Outgoing)
        .where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before <= until)
        .where(col(Outgoing.problem).not_in(("", passed_by)))
        .where(tuple_(col(Outgoing.platform), col(Outgoing.space)).in_(tuple(among)))
        .order_by(col(Outgoing.id))
    ).all()


def next_after(session: Session, now: datetime, platforms: Collection[str] | None) -> datetime | None:
    """Return when the next message that is not due yet may be sent; on these platforms, or with None on all."""
    query = select(func.min(Outgoing.not_before)).where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before > now)
    return session.exec(query if platforms is None else query.where(col(Outgoing.platform).in_(tuple(platforms)))).one()


def interrupted(session: Session) -> Sequence[Outgoing]:
    """Return the messages in SENDING, oldest first. When nobody runs their lane, a dead process left them."""
    return session.exec(select(Outgoing).where(Outgoing.state == SENDING).order_by(col(Outgoing.id))).all()


def set_back(session: Session, now: datetime, *, retries: bool = True) -> int:
    """Make messages due that wait only because the clock was set back: those posted "later" than now.

    With `retries`, also those that wait to be retried. Returns how many.
    """
    late = select(Outgoing).where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before > now)
    retried = col(Outgoing.problem) != "" if retries else false()
    rows = session.exec(late.where((col(Outgoing.made_at) > now) | retried)).all()
    for row in rows:
        row.not_before = now - A_MOMENT
    return len(rows)
