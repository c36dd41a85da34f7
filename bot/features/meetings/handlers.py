"""The timer that brings meetings, their timers and their posts in step: whenever a change asks for it, and weekly."""

from bot.core import signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.features.meetings import planner
from bot.features.meetings.feature import feature
from bot.features.meetings.posts.sync import sync_posts
from bot.ui import Reply


@feature.timer(signals.MEETINGS_REPLAN)
def replan(ctx: Context, event: TimerFired) -> Reply:
    sync_posts(ctx, planner.sync_schedule(ctx))
    return None
