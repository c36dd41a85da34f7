"""Handlers for meeting notes, in the order it happens: writing, sharing, reading.

Two facilitators may write at once. The form carries the version it was opened with. A stale form is not saved at first:
it comes back with what the other wrote, and sending it again replaces that.
"""

from datetime import timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.features.meeting_notes import views
from bot.features.meeting_notes.feature import feature
from bot.ui import FormErrors, Reply, ToCommunity, ToThread
from storage.meetings import meetings, notes
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.notes import MeetingNotes
from storage.messaging import outbox
from storage.people import people

# How long before a meeting its notes open.
EARLY = timedelta(hours=1)


def _held_meeting(ctx: Context, id: str) -> Meeting:
    row = meetings.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None or row.status != PLANNED or row.starts_at > ctx.now + EARLY:
        raise Refusal(views.not_held())
    return row


@feature.command(
    "meeting notes", help="Write down what the meeting decides, while it lasts or after", needs=Role.FACILITATOR,
    reads=True,
)  # fmt: skip
def write_by_command(ctx: Context, event: Command) -> Reply:
    meeting = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now + EARLY)
    if meeting is None:
        raise Refusal(views.not_held())
    return _form(ctx, meeting)


@feature.click("write", needs=Role.FACILITATOR, reads=True)
def write_again(ctx: Context, event: Click) -> Reply:
    return _form(ctx, _held_meeting(ctx, event.value))


def _form(ctx: Context, meeting: Meeting) -> Reply:
    return views.form(meeting, notes.get(ctx.session, meetings.key(meeting)))


@feature.form("write", shared=EVERY, needs=Role.FACILITATOR)
def save_notes(ctx: Context, event: Submission) -> Reply:
    id, _dot, seen = event.value.partition(".")
    meeting = _held_meeting(ctx, id)
    saved = notes.get(ctx.session, meetings.key(meeting))
    words = {name: event.answers.get(name, "") for name in views.FIELDS}
    agreed = bool(event.answers.get("agreed"))
    problems = {name: views.too_long() for name, text in words.items() if len(text) > views.LONGEST}
    if words["said"] and not agreed:
        problems["agreed"] = views.not_agreed()
    if not any(words.values()) and saved is None:
        problems["decisions"] = views.empty()
    if saved and saved.version != parse_id(seen):
        problems["decisions"] = _changed_meanwhile(ctx, saved)
    if problems:
        cut = {name: text[: views.LONGEST] for name, text in words.items()}
        return FormErrors(views.form(meeting, saved, cut, agreed=agreed), problems)
    row = notes.write(ctx.session, meeting, ctx.me, ctx.now, **words)
    ctx.audit("notes.write", f"meeting {meeting.id}")
    if row.shared_at:
        _post(ctx, meeting, row)
    return views.saved(meeting, row)


def _changed_meanwhile(ctx: Context, saved: MeetingNotes) -> str:
    who = people.get(ctx.session, saved.person_id) if saved.person_id else None
    return views.changed_meanwhile(who.name if who else "", saved)


@feature.click("share", needs=Role.FACILITATOR)
def share(ctx: Context, event: Click) -> Reply:
    meeting = _held_meeting(ctx, event.value)
    row = notes.get(ctx.session, meetings.key(meeting))
    if row is None:
        raise Refusal(views.none_yet())
    row.shared_at = row.shared_at or ctx.now
    ctx.session.flush()
    ctx.audit("notes.share", f"meeting {meeting.id}")
    _post(ctx, meeting, row)
    return views.shared(meeting)


def _post(ctx: Context, meeting: Meeting, row: MeetingNotes) -> None:
    """Post the notes, or rewrite them, in the thread of the meeting's card; in the channel if there is no card."""
    card = f"{signals.MEETING_CARD}.{meeting.id}"
    to = ToThread(card) if outbox.copies(ctx.session, card) else ToCommunity()
    ctx.post(to, f"notes.shared.{meeting.id}", views.notes_of, meeting, row)


@feature.command("notes", help="What the last meeting came to", reads=True)
def read(ctx: Context, event: Command) -> Reply:
    found = notes.last_shared(ctx.session, ctx.community_id)
    if found is None:
        raise Refusal(views.none_shared())
    return views.notes_of(found[1], found[0])


@feature.click(signals.OPEN_NOTES, reads=True)
def open_from_card(ctx: Context, event: Click) -> Reply:
    """Open the notes from the meeting's card: the form for facilitators, the shared notes for everyone else."""
    meeting = _held_meeting(ctx, event.value)
    if ctx.access.is_facilitator:
        return _form(ctx, meeting)
    row = notes.get(ctx.session, meetings.key(meeting))
    if row is None or row.shared_at is None:
        raise Refusal(views.none_shared())
    return views.notes_of(meeting, row)
