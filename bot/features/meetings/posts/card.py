"""The card of a meeting in the channel, and the reminders that answer it: written once, kept true by rewriting."""

from collections.abc import Callable
from functools import partial

from bot.core import signals
from bot.core.context import Context
from bot.domain import between_meetings, reminder_steps
from bot.features.meetings import rules
from bot.features.meetings.posts import card_section_views, card_sections, card_views
from bot.ui import Message, ToCommunity
from storage.agenda import topics as agenda_topics
from storage.meetings import attendance, rsvps
from storage.meetings import meetings as store
from storage.meetings.meetings import CANCELLED, Meeting
from storage.messaging import outbox


def card_key(meeting: Meeting) -> str:
    return f"{signals.MEETING_CARD}.{meeting.id}"


def card_key_of(soon: str) -> str:
    """The card that a short post hangs under, from the key of that post."""
    return f"{signals.MEETING_CARD}.{soon.split('.')[2]}"


def channel_reminder_key(meeting: Meeting, stage: str) -> str:
    """Of the short posts that answer the card; a moved meeting is reminded of anew."""
    return f"meetings.soon.{meeting.id}.{meeting.sequence}.{stage}"


def direct_reminder_key(meeting: Meeting, stage: str) -> str:
    """Of the private reminders."""
    return f"meetings.reminder.{meeting.id}.{meeting.sequence}.{stage}"


def is_posted(ctx: Context, meeting: Meeting) -> bool:
    return bool(outbox.of(ctx.session, card_key(meeting)))


def card_view(ctx: Context, meeting: Meeting) -> Callable[[], Message]:
    """What says the card as it stands now, in whichever language it is then asked for."""
    if meeting.status == CANCELLED:
        return partial(card_views.cancelled_card, meeting)
    id = store.key(meeting)
    counts = rsvps.counts(ctx.session, id)
    if rules.ends_at(meeting.starts_at, meeting.minutes) <= ctx.now:
        told_until = meeting.starts_at + between_meetings.FEEDBACK_WINDOW
        there = attendance.counts(ctx.session, [id])[id]
        return partial(card_views.over, meeting, counts, there, agenda_topics.chosen(ctx.session, id), told_until)
    topics, sections = agenda_topics.for_meeting(ctx.session, meeting), card_sections.sections(ctx, meeting)
    begun = meeting.starts_at <= ctx.now
    return partial(card_section_views.card_with_sections, meeting, counts, topics, sections, begun=begun)


def post(ctx: Context, meeting: Meeting) -> None:
    ctx.post(ToCommunity(), card_key(meeting), card_view(ctx, meeting))


def post_if_due(ctx: Context, meeting: Meeting) -> None:
    """Bring the card up to date; post it now where the week before, when it would come by itself, has begun."""
    steps = reminder_steps.split(ctx.community.reminders)
    first = reminder_steps.moments(meeting.starts_at, ctx.community.zone, steps[:1])
    by_now = bool(steps) and min(first.values()) <= ctx.now and not ctx.community.paused
    if by_now or is_posted(ctx, meeting):
        post(ctx, meeting)


def refresh(ctx: Context, meeting: Meeting) -> None:
    """Bring the card up to date where there is one."""
    if is_posted(ctx, meeting):
        post(ctx, meeting)


def replace(ctx: Context, meeting: Meeting, view: Callable[[Meeting], Message]) -> None:
    """Put `view` in the place of the card, where there is one."""
    if is_posted(ctx, meeting):
        ctx.post(ToCommunity(), card_key(meeting), view, meeting)
