"""The outbox as a queue: what is due now, what is due next, what is to be retried, what a dead process left behind."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select, tuple_

from storage.messaging.outbox import SENDING, TO_SEND, Outgoing

# How far `set_back` puts messages into the past, so that they are due also for code that read the clock slightly
# earlier.
A_MOMENT = timedelta(seconds=1)
DUE_IN = (
    select(col(Outgoing.platform), col(Outgoing.space))
    .where(
        col(Outgoing.state).in_(TO_SEND),
        Outgoing.not_before <= bindparam("now"),
        col(Outgoing.platform).in_(bindparam("platforms", expanding=True)),
    )
    .distinct()
)


def due_in(session: Session, now: datetime, platforms: Collection[str]) -> set[tuple[str, str]]:
    """Return (platform, space) of everything that may be sent now on these platforms.

    Messages for other platforms wait for a process that runs those, and must not take up room in the queue of this
    one meanwhile.
    """
    rows = session.exec(DUE_IN, params={"now": now, "platforms": tuple(platforms)})
    return {(platform, space) for platform, space in rows}


def due(
    session: Session, now: datetime, limit: int, among: Collection[tuple[str, str]]
) -> Sequence[tuple[int, str, str, str]]:
    """Return (id, platform, space, key) of what may be sent now in these (platform, space), longest waiting first."""
    rows = session.exec(
        select(col(Outgoing.id), col(Outgoing.platform), col(Outgoing.space), col(Outgoing.key))
        .where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before <= now)
        .where(tuple_(col(Outgoing.platform), col(Outgoing.space)).in_(tuple(among)))
        .order_by(col(Outgoing.not_before), col(Outgoing.id))
        .limit(limit)
    )
    return [(id, platform, space, key) for id, platform, space, key in rows if id is not None]


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


def set_back(session: Session, now: datetime) -> int:
    """Make messages due that wait only because the clock was set back: those posted "later" than now, and retries.

    Returns how many.
    """
    late = select(Outgoing).where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before > now)
    rows = session.exec(late.where((col(Outgoing.made_at) > now) | (col(Outgoing.problem) != ""))).all()
    for row in rows:
        row.not_before = now - A_MOMENT
    return len(rows)
