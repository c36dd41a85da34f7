"""What is done with requests that came due while the bot was down: the newest is made, and the others are left out.

Otherwise a community would be asked several things in the minute in which the bot is back.
"""

from datetime import timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.domain.between_meetings import AFTER, REQUESTS, is_stale
from storage.messaging import timers

# A request later than this is one that the bot was down for.
LATE = timedelta(hours=2)


def is_overtaken(ctx: Context, event: TimerFired) -> bool:
    """Return whether a late request is left out: it is too late, or a newer one of the community is due as well.

    Facilitators get one note a day about all that is left out.
    """
    if ctx.now - event.at <= LATE:
        return False
    waiting = timers.upcoming(ctx.session, ctx.community_id, ctx.now)
    is_newest = not any(timer.kind in REQUESTS and timer.kind != AFTER and timer.at > event.at for timer in waiting)
    if is_newest and not is_stale(event.at, ctx.now):
        return False
    ctx.schedule_timer(signals.REQUEST_MISSED, ctx.now.date().isoformat(), at=ctx.now)
    return True
