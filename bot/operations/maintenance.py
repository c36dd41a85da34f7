"""Housekeeping: deletes what is no longer needed, and what retention says must go, a little at a time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog
from sqlmodel import Session

from bot.core.app import App
from storage.communities import communities
from storage.privacy import retention

log = structlog.get_logger(__name__)
T = TypeVar("T")


def housekeeping(app: App) -> None:
    """Run all housekeeping, in many short transactions so that no other writer waits long."""
    now = app.clock()
    while _in_transaction(app, lambda session: retention.forget(session, now)):
        pass
    with Session(app.read_engine) as session:
        ids = [communities.key(community) for community in communities.every(session)]
    expired = sum(_in_transaction(app, partial(_expire, id=id, now=now)) for id in ids)
    if expired:
        log.info("answers deleted as promised", count=expired)


def _expire(session: Session, id: int, now: datetime) -> int:
    community = communities.get(session, id)
    return retention.expire(session, community, now) if community else 0


def _in_transaction(app: App, work: Callable[[Session], T]) -> T:
    with app.write_lock, Session(app.engine) as session, session.begin():
        return work(session)
