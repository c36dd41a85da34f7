"""The timers that remind of a meeting, and that rewrite its card when something else has changed what it shows.

In the channel the first reminder step posts the card; later steps post a short message in its thread.
"""

from datetime import datetime

from bot.core import signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.core.resolver import parse_id
from bot.domain import reminder_steps
from bot.features.meetings import calendar_events, rules
from bot.features.meetings.feature import feature
from bot.features.meetings.planner import calendar
from bot.features.meetings.posts import card, news, reminder_views
from bot.features.meetings.posts import reminders as posts_reminders
from bot.features.meetings.reminders import direct
from bot.ui import Message, Reply
from storage.meetings import meetings, reminders
from storage.meetings.meetings import DROPPED, PLANNED, Meeting


def _meeting(ctx: Context, id: str) -> Meeting | None:
    """Return the meeting if it is still to come."""
    row = meetings.get(ctx.session, ctx.community_id, parse_id(id))
    return row if row and row.status == PLANNED and row.starts_at > ctx.now else None


@feature.timer("remind")
def remind(ctx: Context, event: TimerFired) -> Reply:
    id, _dot, step = event.value.partition(".")
    meeting = _meeting(ctx, id)
    if ctx.community.paused or meeting is None or not reminder_steps.STEP.fullmatch(step):
        return None
    due = _due(ctx, meeting)
    if step in due and not rules.overtaken(step, due, ctx.now):
        _remind_channel(ctx, meeting, step)
    direct.remind(ctx, meeting, step)
    return None


def _due(ctx: Context, meeting: Meeting) -> dict[str, datetime]:
    """Return when the channel is reminded, by step, earliest first."""
    return reminder_steps.moments(meeting.starts_at, calendar(ctx), reminder_steps.split(ctx.community.reminders))


def _remind_channel(ctx: Context, meeting: Meeting, step: str) -> None:
    """Post the card, or one message in its thread for all meetings of the same hour."""
    if not card.is_posted(ctx, meeting):
        card.post(ctx, meeting)
        return
    card.post(ctx, meeting)
    if reminders.was_sent(ctx.session, meeting, None, step):
        return
    key = card.channel_reminder_key(meeting, step)
    for each in (meeting, *_same_hour(ctx, meeting, step)):
        reminders.record(ctx.session, each, None, step, key)
    included = posts_reminders.meetings_in_message(ctx, None, key)
    posts_reminders.post_in_channel(ctx, key, included, ctx.now)


def _same_hour(ctx: Context, meeting: Meeting, step: str) -> list[Meeting]:
    """Return other meetings that begin within the hour after, and would get the same reminder a little later."""
    start, end = meeting.starts_at, meeting.starts_at + rules.SAME_HOUR
    return [
        other
        for other in meetings.between(ctx.session, ctx.community_id, start, end)
        if other.id != meeting.id
        and card.is_posted(ctx, other)
        and not reminders.was_sent(ctx.session, other, None, step)
    ]


@feature.timer("began")
def begin(ctx: Context, event: TimerFired) -> Reply:
    """Give the next meeting its event: the platform's calendar shows one meeting ahead."""
    calendar_events.mirror(ctx)
    return None


@feature.timer("ended")
def end(ctx: Context, event: TimerFired) -> Reply:
    posts_reminders.forget_past(ctx)
    if meeting := meetings.get(ctx.session, ctx.community_id, parse_id(event.value)):
        news.forget(ctx, meeting)
    return None


@feature.timer(signals.MEETING_CARD_STALE)
def bring_card_up_to_date(ctx: Context, event: TimerFired) -> Reply:
    """Rewrite the card after another feature, or the host of a joint meeting, changed something that it shows."""
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(event.value))
    if meeting and meeting.status != DROPPED and meeting.starts_at > ctx.now:
        card.refresh(ctx, meeting)
        posts_reminders.refresh_reminders(ctx, meeting)
    return None


@feature.preview("remind")
def preview(ctx: Context, value: str) -> Message | None:
    id, _dot, step = value.partition(".")
    meeting = _meeting(ctx, id)
    due = _due(ctx, meeting) if meeting else {}
    if meeting is None or step not in due:
        return None
    if not card.is_posted(ctx, meeting):
        return card.card_view(ctx, meeting)()
    return reminder_views.soon([posts_reminders.about(ctx, meeting)], due[step], ctx.community.zone)
