"""Timer batches: timers of different communities that are due together fire in one transaction.

At nine on a Monday thousands are due at once, and one commit for each would take too long.
"""

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

import structlog
from sqlmodel import Session

from bot.core.app import App
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.core.permissions import Access, Role
from bot.i18n import DEFAULT, speaking
from bot.telemetry import metrics, tracing
from bot.telemetry.logs import another_event, one_event
from storage import database
from storage.communities import communities
from storage.messaging import timers

log = structlog.get_logger(__name__)
lines = logging.getLogger(__name__)
# How many timers are looked up with one query: FEW at first, then twice as many each time while they are quick.
FEW, MANY = 25, 800
# Seconds after which the transaction ends, so that others get a turn at the database.
LONGEST = 0.1


class TimerFailed(Exception):
    """The handler of one timer in a batch failed or refused, or the timer was moved."""

    def __init__(self, event: TimerFired) -> None:
        super().__init__(event.kind)
        self.event = event


def run_batch(app: App, events: Sequence[TimerFired]) -> int:
    """Fire timers of different communities in one transaction. Returns how many are done.

    If one fails, the transaction is rolled back: those before it run again as a batch, and the failed one runs by
    itself. If it isn't known which one failed, returns 0.

    Some timers are left for the next call: those after a failed one, those that don't fit into LONGEST, and those whose
    timer or community another process has locked.
    """
    try:
        return _run_in_one_transaction(app, events)
    except TimerFailed as failed:
        before = events[: events.index(failed.event)]
        app.handle(failed.event)
        return 1 + (run_batch(app, before) if before else 0)
    except Exception:
        log.exception("moments could not be done together; they are tried one by one", count=len(events))
        return 0


def _run_in_one_transaction(app: App, events: Sequence[TimerFired]) -> int:
    queued, fired, most = False, 0, min(len(events), database.most_serialised(app.engine))
    with app.write_lock, _without_gc(), Session(app.engine, expire_on_commit=False) as session, session.begin():
        began, done, size = monotonic(), 0, FEW
        while done < most and (took := monotonic() - began) < LONGEST:
            size = min(MANY, size * 2, most - done) if done and took < LONGEST / 4 else min(size, most - done)
            taken, posted = _fire_timers(app, session, events[done : done + size])
            fired, queued, done = fired + taken, queued or posted, done + size
    if queued:
        app.on_work_queued()
    return fired


@contextmanager
def _without_gc() -> Iterator[None]:
    """Pause garbage collection: a batch makes thousands of short-lived rows, which would set off full collections."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _fire_timers(app: App, session: Session, events: Sequence[TimerFired]) -> tuple[int, bool]:
    """Return how many timers fired, and whether one of them posted a message or set a timer."""
    locked = database.serialise_free(session, [event.community for event in events if event.community])
    events = [event for event in events if event.community in locked]
    try:
        taken = timers.claim_all(session, {event.timer_id: (event.kind, event.value, event.at) for event in events})
    except timers.TimerChanged as moved:
        raise TimerFailed(next(event for event in events if event.timer_id == moved.id)) from moved
    known = {community.id: community for community in communities.among(session, sorted(locked))}
    now, queued = app.clock(), False
    with speaking(DEFAULT), one_event(kind="burst"), metrics.timed(TimerFired.__name__, len(events)):
        for event in events:
            # Another process has fired it, or it was moved.
            if event.timer_id not in taken:
                continue
            metrics.late(event.at, now)
            ctx = Context(session, now, app.root, community_or_none=known.get(event.community), access=Access(Role.BOT))
            app.attach_app_state(ctx)
            id = another_event(kind=event.kind)
            with tracing.span("event", kind=event.kind, event_id=id):
                try:
                    app.dispatch(ctx, event)
                    session.flush()
                except Exception as fault:
                    raise TimerFailed(event) from fault
            if ctx.work_queued:
                lines.info("handled")
            queued |= ctx.work_queued
    return len(taken), queued
