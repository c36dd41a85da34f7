"""Whether the bot's own work is getting done, for one community or for all."""

from datetime import datetime
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select, update

from storage.communities.communities import Community
from storage.messaging.outbox import FAILED, SUPPRESSED, TO_SEND, WAITING, Outgoing
from storage.messaging.timers import WHEN, Timer


def _of(table: Any, community: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if community is None else (table.community_id == community,)


def overdue(session: Session, community: int | None, before: datetime) -> int:
    """How many moments should have come before then and have not; of every community for None."""
    late: tuple[Any, ...] = (
        *_of(Timer, community),
        Timer.at < before,
        WHEN < before,
    )  # the first lets the index find them
    return session.exec(select(func.count()).select_from(Timer).where(*late)).one()


def oldest_due(session: Session, now: datetime, community: int | None) -> datetime | None:
    """Since when the moment that has been due for longest is so; None where nothing is due."""
    return session.exec(select(func.min(WHEN)).where(*_of(Timer, community), Timer.at <= now, WHEN <= now)).one()


def failing(session: Session, community: int | None, now: datetime) -> list[Timer]:
    """Moments whose work failed and is tried again."""
    failed: tuple[Any, ...] = (*_of(Timer, community), Timer.at <= now, Timer.attempts > 0)
    return list(session.exec(select(Timer).where(*failed)))


def count(session: Session, state: str, community: int | None) -> int:
    """How many messages are in a state."""
    asked = select(func.count()).select_from(Outgoing).where(Outgoing.state == state, *_of(Outgoing, community))
    return session.exec(asked).one()


def oldest_waiting(session: Session, now: datetime, community: int | None) -> datetime | None:
    """Since when the message that has waited for longest may go; None where none may."""
    may_go = (col(Outgoing.state).in_(TO_SEND), Outgoing.not_before <= now)
    return session.exec(select(func.min(Outgoing.not_before)).where(*may_go, *_of(Outgoing, community))).one()


def communities(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Community)).one()


def failed(session: Session, community: int) -> list[Outgoing]:
    """Messages that cannot be delivered until somebody changes something, oldest first."""
    return list(
        session.exec(
            select(Outgoing)
            .where(Outgoing.community_id == community, Outgoing.state == FAILED)
            .order_by(col(Outgoing.id))
        )
    )


def retry(session: Session, community: int, now: datetime) -> int:
    """Try again what could not be delivered; returns how many messages."""
    rows = failed(session, community)
    for row in rows:
        row.state, row.attempts, row.problem, row.not_before = WAITING, 0, "", now
    return len(rows)


def drop(session: Session, community: int) -> int:
    """Give up what could not be delivered; returns how many messages."""
    rows = failed(session, community)
    for row in rows:
        session.delete(row)
    return len(rows)


def database(session: Session) -> tuple[str, str]:
    """(the kind of database, the revision of its tables; "" for none)."""
    revision = MigrationContext.configure(session.connection()).get_current_revision()
    return session.get_bind().dialect.name, revision or ""


def set_aside(session: Session, platform: str, space: str, problem: str) -> int:
    """Nothing can be delivered in this space: nothing waits to be. Returns how many messages waited."""
    there = (col(Outgoing.platform) == platform) & (col(Outgoing.space) == space)
    waiting = there & col(Outgoing.state).in_(TO_SEND)
    done = session.exec(update(Outgoing).where(waiting).values(state=FAILED, problem=problem))
    session.expire_all()
    return done.rowcount


def take_up(session: Session, platform: str, space: str, problem: str, since: datetime, now: datetime) -> int:
    """What was set aside for `problem` is sent after all, unless it is new and older than `since`; returns how many."""
    there = (col(Outgoing.platform) == platform) & (col(Outgoing.space) == space)
    aside = there & (col(Outgoing.state) == FAILED) & (col(Outgoing.problem) == problem)
    late = aside & (col(Outgoing.receipt) == "") & (col(Outgoing.made_at) < since)
    session.exec(update(Outgoing).where(late).values(state=SUPPRESSED, problem="too late"))
    again = {"state": WAITING, "attempts": 0, "problem": "", "not_before": now}
    done = session.exec(update(Outgoing).where(aside).values(**again))
    session.expire_all()
    return done.rowcount
