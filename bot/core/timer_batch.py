"""Moments that come at once, each in a community of its own, are done in one commit: thousands at nine on a Monday."""

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
FEW, MANY = 25, 800  # moments looked up with one question: more where they are quick
LONGEST = 0.1  # seconds after which somebody else gets a turn at the database


class TimerFailed(Exception):
    """The work of one moment failed or was refused, or it was moved."""

    def __init__(self, moment: TimerFired) -> None:
        super().__init__(moment.kind)
        self.moment = moment


def run_batch(app: App, moments: Sequence[TimerFired]) -> int:
    """Do the work of moments of different communities in one commit. Returns how many were done with.

    Where one fails nothing of the commit is kept: those before it are done again together, and it by itself; 0 where
    nobody knows which it was. What comes after it, or does not fit into LONGEST, is left as it is, to be fired next; so
    is what another process is busy with, or with something else in its community.
    """
    try:
        return _together(app, moments)
    except TimerFailed as broke:
        before = moments[: moments.index(broke.moment)]
        app.handle(broke.moment)
        return 1 + (run_batch(app, before) if before else 0)
    except Exception:
        log.exception("moments could not be done together; they are tried one by one", count=len(moments))
        return 0


def _together(app: App, moments: Sequence[TimerFired]) -> int:
    queued, fired, most = False, 0, min(len(moments), database.most_serialised(app.engine))
    with app.write_lock, _undisturbed(), Session(app.engine, expire_on_commit=False) as session, session.begin():
        began, done, next = monotonic(), 0, FEW
        while done < most and (took := monotonic() - began) < LONGEST:
            next = min(MANY, next * 2, most - done) if done and took < LONGEST / 4 else min(next, most - done)
            taken, posted = _fire(app, session, moments[done : done + next])
            fired, queued, done = fired + taken, queued or posted, done + next
    if queued:
        app.on_work_queued()
    return fired


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Thousands of rows are gone in a moment: Python need not look through all there is for what can be let go."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _fire(app: App, session: Session, moments: Sequence[TimerFired]) -> tuple[int, bool]:
    """How many it was, and whether something waits to be sent or woken for."""
    theirs = database.serialise_free(session, [m.community for m in moments if m.community])
    moments = [m for m in moments if m.community in theirs]
    try:
        taken = timers.take(session, {m.timer_id: (m.kind, m.value, m.at) for m in moments})
    except timers.Moved as moved:
        raise TimerFailed(next(m for m in moments if m.timer_id == moved.id)) from moved
    known = {community.id: community for community in communities.among(session, sorted(theirs))}
    now, queued = app.clock(), False
    with speaking(DEFAULT), one_event(kind="burst"), metrics.timed("Due", len(moments)):
        for moment in moments:
            if moment.timer_id not in taken:
                continue  # another process has fired it, or it was moved
            metrics.late(moment.at, now)
            ctx = Context(
                session, now, app.root, community_or_none=known.get(moment.community), access=Access(Role.BOT)
            )
            app.attach_app_state(ctx)
            id = another_event(kind=moment.kind)
            with tracing.span("event", kind=moment.kind, event_id=id):
                try:
                    app.dispatch(ctx, moment)
                    session.flush()
                except Exception as fault:
                    raise TimerFailed(moment) from fault
            if ctx.work_queued:
                lines.info("handled")
            queued |= ctx.work_queued
    return len(taken), queued
