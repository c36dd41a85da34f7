"""A meeting's card in the channel: one message under one key, rewritten until after the meeting."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.core import signals
from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.domain import between_meetings, reminder_steps
from bot.features.meetings import rules
from bot.features.meetings.planner import calendar
from bot.features.meetings.posts import card_section_views, card_sections, card_views
from bot.ui import Message, ToCommunity
from storage.agenda import topics as agenda_topics
from storage.meetings import attendance, meetings, rsvps
from storage.meetings.meetings import CANCELLED, DROPPED, Meeting
from storage.messaging import outbox


def card_key(meeting: Meeting) -> str:
    return f"{signals.MEETING_CARD}.{meeting.id}"


def card_key_of(soon: str) -> str:
    """Return the key of the card from that of a channel reminder in its thread."""
    return f"{signals.MEETING_CARD}.{soon.split('.')[2]}"


def channel_reminder_key(meeting: Meeting, stage: str) -> str:
    """Return the key of a channel reminder, in the card's thread.

    It holds the meeting's sequence, so that a meeting that was changed is reminded of again.
    """
    return f"meetings.soon.{meeting.id}.{meeting.sequence}.{stage}"


def direct_reminder_key(meeting: Meeting, stage: str) -> str:
    """Return the key of a direct reminder, which holds the meeting's sequence as well."""
    return f"meetings.reminder.{meeting.id}.{meeting.sequence}.{stage}"


def is_posted(ctx: Context, meeting: Meeting) -> bool:
    return bool(outbox.copies(ctx.session, card_key(meeting)))


def card_view(ctx: Context, meeting: Meeting) -> Callable[[], Message]:
    """Return a view of the card for the meeting's present state, to be called in the receiver's language."""
    if meeting.status == CANCELLED:
        return partial(card_views.cancelled_card, meeting)
    if meeting.status == DROPPED:
        return partial(card_views.no_longer, meeting)
    id = meetings.key(meeting)
    respondents = rsvps.respondents(ctx.session, id)
    counts = rsvps.counts(ctx.session, id)
    if rules.ends_at(meeting.starts_at, meeting.minutes) <= ctx.now:
        until = (meeting.starts_at + between_meetings.FEEDBACK_WINDOW, meeting.starts_at + rules.SAY_THERE)
        still = [at if at > ctx.now else None for at in until]
        there = [person for person, row in attendance.at_meeting(ctx.session, id).items() if row.how in attendance.CAME]
        topics = agenda_topics.chosen(ctx.session, id)
        view: Callable[[], Message] = partial(card_views.over, meeting, counts, len(there), topics, *still)
        return partial(card_section_views.counting, view, (*respondents, *there))
    topics, sections = agenda_topics.for_meeting(ctx.session, meeting), card_sections.sections(ctx, meeting)
    begun = meeting.starts_at <= ctx.now
    view = partial(card_section_views.card_with_sections, meeting, counts, topics, sections, begun=begun)
    return partial(card_section_views.counting, view, respondents)


def post(ctx: Context, meeting: Meeting) -> None:
    ctx.post(ToCommunity(), card_key(meeting), card_view(ctx, meeting))


def redraw(ctx: Context, value: str) -> None:
    if meeting := meetings.get(ctx.session, ctx.community_id, parse_id(value)):
        post(ctx, meeting)


def post_if_due(ctx: Context, meeting: Meeting) -> None:
    """Rewrite the card, or post it now if the moment of the first reminder step, when it is posted, has passed."""
    at = due_at(ctx, meeting)
    if (at and at <= ctx.now) or is_posted(ctx, meeting):
        post(ctx, meeting)


def due_at(ctx: Context, meeting: Meeting) -> datetime | None:
    """Return when the card is posted by itself: with the first reminder step. None if it isn't."""
    first = reminder_steps.split(ctx.community.reminders)[:1]
    if not first or ctx.community.paused:
        return None
    return reminder_steps.moments(meeting.starts_at, calendar(ctx), first)[first[0]]


def refresh(ctx: Context, meeting: Meeting) -> None:
    """Rewrite the card, if it was posted."""
    if is_posted(ctx, meeting):
        post(ctx, meeting)


def replace(ctx: Context, meeting: Meeting, view: Callable[[Meeting], Message]) -> None:
    """Put `view` in place of the card, if it was posted."""
    if is_posted(ctx, meeting):
        ctx.post(ToCommunity(), card_key(meeting), view, meeting)
