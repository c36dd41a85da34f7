"""Saying at once whether one comes to every date, and a few words to the facilitators about it."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission
from bot.features.meetings import lookup, views
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card
from bot.features.meetings.rsvp import standing_reply_views
from bot.features.meetings.rsvp import views as rsvp_views
from bot.ui import Reply
from storage.meetings import meetings as store
from storage.meetings import rsvps
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
    """What somebody says of every date, also of those planned later; "": of each by itself again.

    What they said of one date by itself stays.
    """
    row = people.enrol(ctx.session, ctx.community_id, ctx.me)
    row.standing_reply = answer
    coming = lookup.upcoming(ctx)
    ctx.session.flush()
    if not answer:
        rsvps.unsay_always(ctx.session, ctx.community_id, ctx.me, ctx.now)
        ctx.session.expire_all()
    by_itself = 0
    for meeting in coming:
        said = rsvps.of(ctx.session, store.key(meeting), ctx.me)
        if said and not said.always and said.answer != answer:
            by_itself += 1
        elif answer and (said is None or said.always):
            rsvps.say(ctx.session, store.key(meeting), ctx.me, answer, ctx.now, always=True)
        card.refresh(ctx, meeting)
    return standing_reply_views.to_all(answer, len(coming), by_itself)


def _answered(ctx: Context, id: str) -> tuple[Meeting, rsvps.Rsvp]:
    """A meeting to come that the person has answered about."""
    meeting = lookup.find(ctx, id)
    if meeting.status != PLANNED:
        raise Refusal(rsvp_views.is_cancelled(meeting))
    if meeting.starts_at <= ctx.now:
        raise Refusal(rsvp_views.has_begun(meeting))
    said = rsvps.of(ctx.session, store.key(meeting), ctx.me)
    if said is None:
        raise Refusal(standing_reply_views.answer_first(meeting))
    return meeting, said


@feature.click("add_note", reads=True)
def ask_note(ctx: Context, event: Click) -> Reply:
    meeting, said = _answered(ctx, event.value)
    return standing_reply_views.note_form(meeting, said.note)


@feature.form("note")
def keep_note(ctx: Context, event: Submission) -> Reply:
    meeting, said = _answered(ctx, event.value)
    said.note = event.answers.get("note", "").strip()[: standing_reply_views.LONGEST_NOTE]
    return standing_reply_views.noted(meeting, said.note)
