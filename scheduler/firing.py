"""Turns moments that have come into events."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlmodel import Session

from bot import metrics
from bot.app import App
from bot.events import Due
from storage import outbox, timers

log = structlog.get_logger(__name__)
BATCH = 100  # fired between two looks at the clock, so that a burst never keeps anything else waiting


def fire_due(app: App, go_on: Callable[[], bool] = lambda: True) -> int:
    """Fire at most one batch of what is due now, earliest first, while `go_on` says so; returns how many were due."""
    with Session(app.engine) as session:
        moments = [
            Due(row.id or 0, row.kind, row.value, row.at, row.community_id)
            for row in timers.due(session, app.clock(), BATCH)
        ]
    for moment in moments:
        if not go_on():
            break
        metrics.LATE.observe(max(0.0, (app.clock() - moment.at).total_seconds()))
        app.handle(moment)
    return len(moments)


def next_moment(app: App) -> datetime | None:
    """When there is something to do next: a timer, or a message that waits for its time.

    Messages that may go already are with the sender, at their lane's pace.
    """
    with Session(app.engine) as session:
        now = app.clock()
        moments = [m for m in (timers.next_at(session, now), outbox.next_after(session, now)) if m]
    return min(moments, default=None)
