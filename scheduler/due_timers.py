"""Fires timers that are due: reads them, and passes each to the App as a TimerFired event."""

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
# Timers read at one time. A burst of them must not keep anything else waiting.
BATCH = 2_000
# Of a batch, the most that fire in a transaction of their own.
ALONE = 50
# Seconds after which a burst is interrupted, so that what it posted gets sent.
LONGEST = 0.25


def fire_burst(app: App, go_on: Callable[[], bool] = lambda: True) -> int:
    """Fire batch after batch while several timers are due, for at most LONGEST seconds. Returns how many."""
    until, total = monotonic() + LONGEST, 0
    while (fired := fire_due(app, go_on)) > 1 and monotonic() < until:
        total += fired
    return total + fired


def fire_due(app: App, go_on: Callable[[], bool] = lambda: True) -> int:
    """Fire at most one batch of what is due now, earliest first, while `go_on` returns True. Returns how many.

    The first timers of all communities fire together. A community's next one waits, because the first may move or
    cancel it.
    """
    with Session(app.read_engine) as session:
        due = [
            TimerFired(id, kind, value, at, community)
            for id, kind, value, at, community in timers.due(session, app.clock(), BATCH)
        ]
    first = {event.community: event for event in reversed(due)}
    batch = [event for event in due if event.community and first[event.community] is event]
    fired = 0
    if len(batch) > 1 and go_on():
        fired = timer_batch.run_batch(app, batch)
    # A community's second timer must not overtake a first one that is left for the next call.
    if 0 < fired < len(batch):
        return fired
    if fired:
        due = [event for event in due if first[event.community] is not event]
    for event in due[:ALONE]:
        if not go_on():
            break
        metrics.late(event.at, app.clock())
        app.handle(event)
    return fired + _count_done(app, due[:ALONE])


def _count_done(app: App, events: Sequence[TimerFired]) -> int:
    """Count the timers that are no longer due: done, or put off because they failed."""
    if not events:
        return 0
    with Session(app.read_engine) as session:
        return len(events) - timers.still_due(session, [event.timer_id for event in events], app.clock())


def next_moment(app: App) -> datetime | None:
    """Return when something is due next: a timer, or a message that waits for its time.

    Messages that may be sent now don't count: the worker has them.
    """
    with Session(app.read_engine) as session:
        now = app.clock()
        moments = [m for m in (timers.next_at(session, now), outbox_queue.next_after(session, now, app.running)) if m]
    return min(moments, default=None)
