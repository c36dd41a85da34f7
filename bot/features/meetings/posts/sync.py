"""Makes posts follow the schedule: the one place where a change of meetings becomes rewritten posts.

Posts are meeting cards, reminders, notices to facilitators, and events in the platform's own calendar.
"""

from bot.core.context import Context
from bot.features.meetings import calendar_events, views
from bot.features.meetings.planner import ScheduleDiff
from bot.features.meetings.posts import card, card_views, reminders
from bot.ui import ToFacilitators
from storage.meetings.meetings import CANCELLED, PLANNED, Meeting
from storage.messaging import outbox


def sync_posts(ctx: Context, diff: ScheduleDiff) -> None:
    """Rewrite all posts about the meetings in `diff`, and cancel those that were not sent yet and no longer hold."""
    for meeting in diff.changed:
        if meeting.status == CANCELLED:
            card.replace(ctx, meeting, card_views.cancelled_card)
        reminders.refresh_reminders(ctx, meeting)
    for meeting in diff.dropped:
        card.replace(ctx, meeting, card_views.no_longer)
        reminders.refresh_reminders(ctx, meeting)
    for meeting in diff.revived:
        reminders.refresh_reminders(ctx, meeting)
        card.refresh(ctx, meeting)
    for meeting in diff.on_holidays:
        _flag_holiday(ctx, meeting)
    calendar_events.mirror(ctx)
    # New cards are posted last, below everything that is rewritten.
    for meeting in diff.changed:
        if meeting.status == PLANNED:
            card.post_if_due(ctx, meeting)


def _flag_holiday(ctx: Context, meeting: Meeting) -> None:
    """Tell facilitators, once for each state of the meeting."""
    key = f"meetings.holiday.{meeting.id}.{meeting.sequence}"
    if not outbox.copies(ctx.session, key):
        ctx.post(ToFacilitators(), key, views.on_a_holiday, meeting)
