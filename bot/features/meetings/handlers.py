"""The timer that brings meetings, their timers and their posts in step, and what draws each kind of post anew.

The timer fires whenever a change asks for it, and weekly.
"""

from bot.core import signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.features.meetings import planner
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card, news, reminders, sync
from bot.ui import Reply


@feature.timer(signals.MEETINGS_REPLAN)
def replan(ctx: Context, event: TimerFired) -> Reply:
    sync.sync_posts(ctx, planner.sync_schedule(ctx))
    return None


feature.redraw(signals.MEETING_CARD)(card.redraw)
feature.redraw(signals.MEETING_CHANGED)(news.redraw)
feature.redraw("told")(news.redraw)
feature.redraw("soon")(reminders.redraw_in_channel)
feature.redraw("reminder")(reminders.redraw)
feature.redraw("holiday")(sync.redraw_holiday_notice)
