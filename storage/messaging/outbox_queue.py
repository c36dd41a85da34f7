"""What waits in the outbox: due now, due next, to be tried again, or left in the middle by a process that is gone."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select, tuple_

from storage.messaging.outbox import SENDING, TO_SEND, Outgoing

A_MOMENT = timedelta(seconds=1)  # ago: due for those too who looked at the clock a little earlier than whoever set it
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
    """(platform, space) of everything that may be sent now on these platforms.

    What is for another platform waits for a process that carries it there, and takes nobody's place meanwhile.
    """
    there = session.exec(DUE_IN, params={"now": now, "platforms": tuple(platforms)})
    return {(platform, space) for platform, space in there}


def due(
    session: Session, now: datetime, limit: int, among: Collection[tuple[str, str]]
) -> Sequence[tuple[int, str, str, str]]:
    """(id, platform, space, key) of what may be sent now in these platforms' spaces, longest waiting first."""
    rows = session.exec(
        select(col(Outgoing.id), col(Outgoing.platform), col(Outgoing.space), col(Outgoing.key))
        .where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before <= now)
        .where(tuple_(col(Outgoing.platform), col(Outgoing.space)).in_(tuple(among)))
        .order_by(col(Outgoing.not_before), col(Outgoing.id))
        .limit(limit)
    )
    return [(id, platform, space, key) for id, platform, space, key in rows if id is not None]


def tried_again(
    session: Session, until: datetime, among: Collection[tuple[str, str]], passed_by: str
) -> Sequence[Outgoing]:
    """What is to be sent again at a time up to `until`, in the order decided on.

    Without what failed for the reason `passed_by`: other messages do not wait for that.
    """
    return session.exec(
        select(Outgoing)
        .where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before <= until)
        .where(col(Outgoing.problem).not_in(("", passed_by)))
        .where(tuple_(col(Outgoing.platform), col(Outgoing.space)).in_(tuple(among)))
        .order_by(col(Outgoing.id))
    ).all()


def next_after(session: Session, now: datetime, platforms: Collection[str] | None) -> datetime | None:
    """When the next message that has to wait may be sent; `platforms` are those that count, None for all."""
    query = select(func.min(Outgoing.not_before)).where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before > now)
    return session.exec(query if platforms is None else query.where(col(Outgoing.platform).in_(tuple(platforms)))).one()


def interrupted(session: Session) -> Sequence[Outgoing]:
    """Left in the middle of sending by a process that is gone, oldest first."""
    return session.exec(select(Outgoing).where(Outgoing.state == SENDING).order_by(col(Outgoing.id))).all()


def set_back(session: Session, now: datetime) -> int:
    """After the clock was set back: what was to go at once, or to be tried again, is due now. Returns how many."""
    late = select(Outgoing).where(col(Outgoing.state).in_(TO_SEND), Outgoing.not_before > now)
    rows = session.exec(late.where((col(Outgoing.made_at) > now) | (col(Outgoing.problem) != ""))).all()
    for row in rows:
        row.not_before = now - A_MOMENT
    return len(rows)
