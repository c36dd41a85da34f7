"""Moments that come at once, each in a community of its own, are done in one commit: thousands at nine on a Monday."""

import logging
from collections.abc import Sequence
from time import monotonic

from sqlmodel import Session

from bot import metrics, watching
from bot.app import App
from bot.context import Context
from bot.events import Due
from bot.logs import another_event, one_event
from bot.permissions import Role, Standing
from bot.text import DEFAULT, speaking
from storage import communities, db, timers

lines = logging.getLogger(__name__)
FEW, MANY = 25, 400  # moments looked up with one question: more where they are quick
LONGEST = 0.1  # seconds after which somebody else gets a turn at the database


def fire(app: App, moments: Sequence[Due]) -> int:
    """Do the work of moments of different communities in one commit; where any fails, of each for itself.

    What does not fit into LONGEST is left as it is, to be fired next; so is what another process is busy with, or with
    something else in its community. Returns how many were done with.
    """
    stirred, fired = False, 0
    try:
        with app.turn, Session(app.engine, expire_on_commit=False) as session, session.begin():
            began, done, next = monotonic(), 0, FEW
            while done < len(moments) and (took := monotonic() - began) < LONGEST:
                next = min(MANY, next * 2) if done and took < LONGEST / 4 else next
                taken, posted = _fire(app, session, moments[done : done + next])
                fired, stirred, done = fired + taken, stirred or posted, done + next
    except Exception:  # a refusal too: nothing of the burst is kept, and each is told apart by trying it alone
        for moment in moments:
            app.handle(moment)
        return len(moments)
    if stirred:
        app.stirred()
    return fired


def _fire(app: App, session: Session, moments: Sequence[Due]) -> tuple[int, bool]:
    """How many it was, and whether something waits to be sent or woken for."""
    theirs = db.serialise_free(session, [m.community for m in moments if m.community])
    moments = [m for m in moments if m.community in theirs]
    taken = timers.take(session, {m.timer_id: (m.kind, m.value, m.at) for m in moments})
    known = {community.id: community for community in communities.among(session, sorted(theirs))}
    now, stirred = app.clock(), False
    with speaking(DEFAULT), one_event(kind="burst"), metrics.timed("Due", len(moments)):
        for moment in moments:
            if moment.timer_id not in taken:
                continue  # another process has fired it, or it was moved
            ctx = Context(session, now, app.root, found=known.get(moment.community), standing=Standing(Role.BOT))
            app.furnish(ctx)
            id = another_event(kind=moment.kind)
            with watching.span("event", kind=moment.kind, event_id=id):
                app.act(ctx, moment)
            if ctx.stirred:
                lines.info("handled")
            stirred |= ctx.stirred
    return len(taken), stirred
