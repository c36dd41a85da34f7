"""Catch-up for a missed meeting: its agenda and one question, offered privately and once.

A member who answers the question has made up for the meeting.
"""

from datetime import timedelta

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.features.meetings import rules
from bot.features.meetings.attendance import catch_up_views, views
from bot.features.meetings.attendance.handlers import held, offer_key
from bot.features.meetings.feature import feature
from bot.features.meetings.planner import calendar
from bot.ui import Message, Reply, ToPerson
from storage.agenda import topics as agenda_topics
from storage.meetings import attendance, meetings, notes
from storage.meetings.meetings import PLANNED, Meeting
from storage.messaging import outbox
from storage.people import people

OFFER = "meetings.makeup"
# How long after a meeting began catch-up is still offered.
OFFER_WITHIN = timedelta(days=14)
CAME = attendance.CAME


def offer_later(ctx: Context, meeting: Meeting) -> None:
    """Schedule the offer for the next working morning, once it is known who came.

    Nothing is scheduled if that is more than OFFER_WITHIN after the meeting began.
    """
    days = calendar(ctx)
    at = days.morning(days.later(days.day(ctx.now), 1))
    if at < meeting.starts_at + OFFER_WITHIN:
        ctx.schedule_timer(OFFER, str(meeting.id), at=at)


@feature.timer("makeup")
def offer(ctx: Context, event: TimerFired) -> Reply:
    """Offer catch-up to those who meant to come and were not there."""
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(event.value))
    if ctx.community.paused or meeting is None or meeting.status != PLANNED:
        return None
    for person in attendance.missed(ctx.session, meeting):
        to = ToPerson(people.key(person), is_request=True)
        until = meeting.starts_at + rules.SAY_THERE
        ctx.post(to, offer_key(meeting), catch_up_views.offered, meeting, ctx.community.name, until)
    return None


@feature.redraw("missed")
def redraw_offers(ctx: Context, value: str) -> None:
    """Rewrite the offers of one meeting: some have caught up or turn out to have been there, or it is too late."""
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(value))
    if meeting is None:
        return
    until, key = meeting.starts_at + rules.SAY_THERE, offer_key(meeting)
    for person in outbox.receivers(ctx.session, key):
        row = attendance.get(ctx.session, meetings.key(meeting), person)
        if row:
            outbox.cancel_unsent(ctx.session, key, f"p{person}")
            ctx.post(ToPerson(person), key, catch_up_views.settled, meeting)
        elif until <= ctx.now:
            ctx.post(ToPerson(person), key, catch_up_views.no_longer_offered, meeting, ctx.community.name)
        else:
            ctx.post(ToPerson(person), key, catch_up_views.offered, meeting, ctx.community.name, until)


@feature.command("notes missed", help="What you missed at the last meeting, and one question about it", reads=True)
def catch_up(ctx: Context, event: Command) -> Reply:
    meeting = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now)
    if meeting is None:
        raise Refusal(catch_up_views.none_yet())
    return _card(ctx, held(ctx, str(meeting.id)))


@feature.click("missed", reads=True)
def catch_up_on(ctx: Context, event: Click) -> Reply:
    return _card(ctx, held(ctx, event.value))


def _card(ctx: Context, meeting: Meeting) -> Message:
    row = attendance.get(ctx.session, meetings.key(meeting), ctx.me)
    if row and row.how in CAME:
        return views.was_there(meeting)
    topics = agenda_topics.chosen(ctx.session, meetings.key(meeting))
    written = notes.get(ctx.session, meetings.key(meeting))
    shared = written is not None and written.shared_at is not None
    return catch_up_views.card_of(meeting, topics, answered=row is not None, notes=shared)


@feature.click("make_up", reads=True)
def show_form(ctx: Context, event: Click) -> Reply:
    meeting = held(ctx, event.value)
    row = attendance.get(ctx.session, meetings.key(meeting), ctx.me)
    return catch_up_views.form(meeting, row.answer if row else "")


@feature.form("made_up", shared=EVERY)
def save_catch_up(ctx: Context, event: Submission) -> Reply:
    meeting = held(ctx, event.value)
    answer = event.answers.get("answer", "").strip()[: catch_up_views.LONGEST]
    attendance.put(ctx.session, meetings.key(meeting), ctx.me, attendance.MADE_UP, ctx.now, answer)
    ctx.redraw(offer_key(meeting))
    return catch_up_views.saved(meeting, answer)
