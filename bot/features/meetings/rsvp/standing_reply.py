"""Handlers for a standing reply, one RSVP for all meetings, and for the note to facilitators beside an RSVP."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission
from bot.core.routes import EVERY
from bot.features.meetings import lookup, views
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card
from bot.features.meetings.posts import reminders as posts_reminders
from bot.features.meetings.rsvp import standing_reply_views
from bot.features.meetings.rsvp import views as rsvp_views
from bot.ui import Reply
from storage.meetings import meetings, rsvps
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.rsvps import ANSWERS
from storage.people import people

TO_ALL = {"yes to all": "yes", "maybe to all": "maybe", "no to all": "no", "each by itself": ""}


@feature.click("always")
def to_all_by_button(ctx: Context, event: Click) -> Reply:
    if event.value not in (*ANSWERS, ""):
        raise Refusal(views.not_found())
    return to_all(ctx, event.value)


def to_all(ctx: Context, answer: str) -> Reply:
    """Set the person's standing reply, for planned meetings and those planned later. "" takes it back.

    An RSVP that they gave to a single meeting stays.
    """
    row = people.enrol(ctx.session, ctx.community_id, ctx.me)
    row.standing_reply = answer
    coming = lookup.upcoming(ctx)
    ctx.session.flush()
    if not answer:
        rsvps.withdraw_standing_reply(ctx.session, ctx.community_id, ctx.me, ctx.now)
        ctx.session.expire_all()
    by_itself = 0
    for meeting in coming:
        rsvp = rsvps.get(ctx.session, meetings.key(meeting), ctx.me)
        if rsvp and not rsvp.from_standing_reply and rsvp.answer != answer:
            by_itself += 1
        elif answer and (rsvp is None or rsvp.from_standing_reply):
            rsvps.say(ctx.session, meetings.key(meeting), ctx.me, answer, ctx.now, from_standing_reply=True)
        card.refresh(ctx, meeting)
        posts_reminders.refresh_own_reminders(ctx, meeting)
    return standing_reply_views.to_all(answer, len(coming), by_itself)


def _answered(ctx: Context, id: str) -> tuple[Meeting, rsvps.Rsvp]:
    """Return an upcoming meeting and the person's RSVP to it. Refuses if there is none."""
    meeting = lookup.find(ctx, id)
    if meeting.status != PLANNED:
        raise Refusal(rsvp_views.is_cancelled(meeting))
    if meeting.starts_at <= ctx.now:
        raise Refusal(rsvp_views.has_begun(meeting))
    rsvp = rsvps.get(ctx.session, meetings.key(meeting), ctx.me)
    if rsvp is None:
        raise Refusal(standing_reply_views.answer_first(meeting))
    return meeting, rsvp


@feature.click("add_note", reads=True)
def ask_note(ctx: Context, event: Click) -> Reply:
    meeting, rsvp = _answered(ctx, event.value)
    return standing_reply_views.note_form(meeting, rsvp.note)


@feature.form("note", shared=EVERY)
def keep_note(ctx: Context, event: Submission) -> Reply:
    meeting, rsvp = _answered(ctx, event.value)
    rsvp.note = event.answers.get("note", "").strip()[: standing_reply_views.LONGEST_NOTE]
    rsvp.noted_at = ctx.now
    return standing_reply_views.noted(meeting, rsvp.note)
