"""Makes posts follow the schedule: the one place where a change of meetings becomes rewritten posts.

Posts are meeting cards, reminders, notices to facilitators, and events in the platform's own calendar.
"""

from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.features.meetings import calendar_events, views
from bot.features.meetings.planner import ScheduleDiff
from bot.features.meetings.posts import card, card_views, news, news_views, reminders
from bot.ui import ToFacilitators, ToPerson
from storage.meetings import meetings
from storage.meetings.meetings import CANCELLED, PLANNED, Meeting
from storage.messaging import outbox


def sync_posts(ctx: Context, diff: ScheduleDiff) -> None:
    """Rewrite all posts about the meetings in `diff`, and cancel those that were not sent yet and no longer hold."""
    for meeting in diff.changed:
        if meeting.status == CANCELLED:
            card.replace(ctx, meeting, card_views.cancelled_card)
        reminders.refresh_reminders(ctx, meeting)
        _refresh_holiday_notices(ctx, meeting)
    for meeting in diff.dropped:
        card.replace(ctx, meeting, card_views.no_longer)
        reminders.refresh_reminders(ctx, meeting)
        _refresh_holiday_notices(ctx, meeting)
        news.announce_privately(ctx, meeting, "", (), news_views.change_over, meeting)
    for meeting in diff.revived:
        reminders.refresh_reminders(ctx, meeting)
        card.refresh(ctx, meeting)
        news.announce_privately(ctx, meeting, "", (), news_views.takes_place_again, meeting)
    reminders.refresh_promises(ctx)
    for meeting in diff.on_holidays:
        _flag_holiday(ctx, meeting)
    calendar_events.mirror(ctx)
    # New cards are posted last, below everything that is rewritten.
    for meeting in diff.changed:
        if meeting.status == PLANNED:
            card.post_if_due(ctx, meeting)


def _flag_holiday(ctx: Context, meeting: Meeting) -> None:
    """Tell facilitators, once for each state of the meeting."""
    key = _holiday_key(meeting)
    if not outbox.copies(ctx.session, key):
        ctx.post(ToFacilitators(), key, views.on_a_holiday, meeting)


def _holiday_prefix(meeting: Meeting) -> str:
    return f"meetings.holiday.{meeting.id}."


def _holiday_key(meeting: Meeting) -> str:
    return f"{_holiday_prefix(meeting)}{meeting.sequence}"


def _refresh_holiday_notices(ctx: Context, meeting: Meeting) -> None:
    """Rewrite what facilitators were told about the meeting, as it was before it changed."""
    with ctx.rewriting():
        for key in sorted(outbox.with_prefix(ctx.session, ctx.community_id, _holiday_prefix(meeting))):
            _redraw_holiday_notice(ctx, meeting, key)


def redraw_holiday_notice(ctx: Context, value: str) -> None:
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(value.partition(".")[0]))
    if meeting:
        _redraw_holiday_notice(ctx, meeting, f"meetings.holiday.{value}")


def _redraw_holiday_notice(ctx: Context, meeting: Meeting, key: str) -> None:
    has_begun = meeting.starts_at <= ctx.now
    is_current = key == _holiday_key(meeting) and meeting.status == PLANNED and not has_begun
    for person in outbox.receivers(ctx.session, key):
        if not is_current:
            outbox.cancel_unsent(ctx.session, key, f"p{person}")
            ctx.post(ToPerson(person), key, views.holiday_settled, meeting, has_begun=has_begun)
