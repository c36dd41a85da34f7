"""Forgets what nobody needs any more, and what was promised to be forgotten, a little at a time."""

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
    """In many short transactions, so that nobody who writes meanwhile waits long."""
    now = app.clock()
    while _in_one(app, lambda session: retention.forget(session, now)):
        pass
    with Session(app.read_engine) as session:
        theirs = [communities.key(community) for community in communities.every(session)]
    expired = sum(_in_one(app, partial(_expire, id=id, now=now)) for id in theirs)
    if expired:
        log.info("answers deleted as promised", count=expired)


def _expire(session: Session, id: int, now: datetime) -> int:
    community = communities.get(session, id)
    return retention.expire(session, community, now) if community else 0


def _in_one(app: App, work: Callable[[Session], T]) -> T:
    with app.write_lock, Session(app.engine) as session, session.begin():
        return work(session)
