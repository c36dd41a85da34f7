"""Health: whether timers fire and messages are delivered, and retrying what failed.

`community` is one community, or None for all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select, update

from storage.communities.communities import Community
from storage.messaging.outbox import FAILED, SUPPRESSED, TO_SEND, WAITING, Outgoing
from storage.messaging.timers import WHEN, Timer


def _in_community(table: Any, community: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if community is None else (table.community_id == community,)


def overdue(session: Session, community: int | None, before: datetime) -> int:
    """Return how many timers were due before then and have not fired."""
    # The condition on `at` follows from the other, and is there for the index on it.
    late: tuple[Any, ...] = (*_in_community(Timer, community), Timer.at < before, WHEN < before)
    return session.exec(select(func.count()).select_from(Timer).where(*late)).one()


def oldest_due(session: Session, now: datetime, community: int | None) -> datetime | None:
    """Return since when the longest overdue timer has been due; None if none is."""
    return session.exec(
        select(func.min(WHEN)).where(*_in_community(Timer, community), Timer.at <= now, WHEN <= now)
    ).one()


def failing(session: Session, community: int | None, now: datetime) -> list[Timer]:
    """Return the timers whose work failed and is being retried."""
    retried: tuple[Any, ...] = (*_in_community(Timer, community), Timer.at <= now, Timer.attempts > 0)
    return list(session.exec(select(Timer).where(*retried)))


def count(session: Session, state: str, community: int | None) -> int:
    """Return how many messages are in this state."""
    query = (
        select(func.count()).select_from(Outgoing).where(Outgoing.state == state, *_in_community(Outgoing, community))
    )
    return session.exec(query).one()


def oldest_waiting(session: Session, now: datetime, community: int | None) -> datetime | None:
    """Return since when the longest waiting message has been due; None if none is."""
    may_go = (col(Outgoing.state).in_(TO_SEND), Outgoing.not_before <= now)
    return session.exec(select(func.min(Outgoing.not_before)).where(*may_go, *_in_community(Outgoing, community))).one()


def communities(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Community)).one()


def failed(session: Session, community: int) -> list[Outgoing]:
    """Return the messages that cannot be delivered unless somebody changes something, oldest first."""
    return list(
        session.exec(
            select(Outgoing)
            .where(Outgoing.community_id == community, Outgoing.state == FAILED)
            .order_by(col(Outgoing.id))
        )
    )


def retry(session: Session, community: int, now: datetime) -> int:
    """Send the failed messages of a community again. Returns how many."""
    rows = failed(session, community)
    for row in rows:
        row.state, row.attempts, row.problem, row.not_before = WAITING, 0, "", now
    return len(rows)


def drop(session: Session, community: int) -> int:
    """Delete the failed messages of a community. Returns how many."""
    rows = failed(session, community)
    for row in rows:
        session.delete(row)
    return len(rows)


def database(session: Session) -> tuple[str, str]:
    """Return (kind of database, revision of its tables or "")."""
    revision = MigrationContext.configure(session.connection()).get_current_revision()
    return session.get_bind().dialect.name, revision or ""


def set_aside(
    session: Session, platform: str, space: str, problem: str, communities: Sequence[int] | None = None
) -> int:
    """Fail all messages that wait for this space, because nothing can be delivered there. Returns how many.

    With `communities`, direct messages are failed only for those: other people in this space may be reached elsewhere.
    """
    in_space = (col(Outgoing.platform) == platform) & (col(Outgoing.space) == space)
    if communities is not None:
        in_space &= col(Outgoing.person_id).is_(None) | col(Outgoing.community_id).in_(communities)
    waiting = in_space & col(Outgoing.state).in_(TO_SEND)
    result = session.exec(update(Outgoing).where(waiting).values(state=FAILED, problem=problem))
    session.expire_all()
    return result.rowcount


def take_up(session: Session, platform: str, space: str, problem: str, since: datetime, now: datetime) -> int:
    """Send the messages after all that `set_aside` failed for `problem`. Returns how many.

    Those posted before `since` are suppressed as too late, unless they rewrite a message that was delivered.
    """
    in_space = (col(Outgoing.platform) == platform) & (col(Outgoing.space) == space)
    return _send_after_all(session, in_space, problem, since, now)


def take_up_channel(session: Session, community: int, where: str, problem: str, since: datetime, now: datetime) -> int:
    """Do what `take_up` does for one channel. `where` is how keys of messages name it."""
    in_channel = (col(Outgoing.community_id) == community) & col(Outgoing.key).endswith(f"@{where}", autoescape=True)
    return _send_after_all(session, in_channel, problem, since, now)


def _send_after_all(session: Session, there: ColumnElement[bool], problem: str, since: datetime, now: datetime) -> int:
    aside = there & (col(Outgoing.state) == FAILED) & (col(Outgoing.problem) == problem)
    late = aside & (col(Outgoing.receipt) == "") & (col(Outgoing.made_at) < since)
    session.exec(update(Outgoing).where(late).values(state=SUPPRESSED, problem="too late"))
    again = {"state": WAITING, "attempts": 0, "problem": "", "not_before": now}
    result = session.exec(update(Outgoing).where(aside).values(**again))
    session.expire_all()
    return result.rowcount
