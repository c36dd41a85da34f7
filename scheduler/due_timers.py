"""Turns moments that have come into events."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic

import structlog
from sqlmodel import Session

from bot.core import timer_batch
from bot.core.app import App
from bot.core.events import TimerFired
from bot.telemetry import metrics
from storage.messaging import outbox_queue, timers

log = structlog.get_logger(__name__)
BATCH = 2_000  # looked at between two looks at the clock, so that a burst never keeps anything else waiting
ALONE = 50  # of them that take a transaction of their own
LONGEST = 0.25  # seconds after which what was posted must get on its way


def fire_burst(app: App, go_on: Callable[[], bool] = lambda: True) -> int:
    """Fire one batch after the other while several come at once, but no longer than LONGEST; returns how many."""
    until, all = monotonic() + LONGEST, 0
    while (fired := fire_due(app, go_on)) > 1 and monotonic() < until:
        all += fired
    return all + fired


def fire_due(app: App, go_on: Callable[[], bool] = lambda: True) -> int:
    """Fire at most one batch of what is due now, earliest first, while `go_on` says so; returns how many.

    The first moment of each community goes with the others'; what it does may move or cancel the next.
    """
    with Session(app.read_engine) as session:
        due = [
            TimerFired(id, kind, value, at, community)
            for id, kind, value, at, community in timers.due(session, app.clock(), BATCH)
        ]
    first = {moment.community: moment for moment in reversed(due)}
    burst = [moment for moment in due if moment.community and first[moment.community] is moment]
    fired = 0
    if len(burst) > 1 and go_on():
        fired = timer_batch.run_batch(app, burst)
    if 0 < fired < len(burst):
        return fired  # what is second in its community must not overtake a first that is left for next time
    if fired:
        due = [moment for moment in due if first[moment.community] is not moment]
    for moment in due[:ALONE]:
        if not go_on():
            break
        metrics.late(moment.at, app.clock())
        app.handle(moment)
    return fired + _gone(app, due[:ALONE])


def _gone(app: App, moments: Sequence[TimerFired]) -> int:
    """How many have been done, or put off because they failed."""
    if not moments:
        return 0
    with Session(app.read_engine) as session:
        return len(moments) - timers.still_due(session, [moment.timer_id for moment in moments], app.clock())


def next_moment(app: App) -> datetime | None:
    """When there is something to do next: a timer, or a message that waits for its time.

    Messages that may go already are with the worker, at their lane's pace.
    """
    with Session(app.read_engine) as session:
        now = app.clock()
        moments = [m for m in (timers.next_at(session, now), outbox_queue.next_after(session, now, app.running)) if m]
    return min(moments, default=None)
