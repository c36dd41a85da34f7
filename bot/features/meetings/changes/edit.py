"""Handlers that change one meeting's place, link or length, reset it to its rule, and show the history of changes."""

from bot.cadence import Rule
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.meetings import lookup, planner, rules, views
from bot.features.meetings.changes import edit_views
from bot.features.meetings.changes import views as changes_views
from bot.features.meetings.changes.service import (
    apply_side_effects,
    field_errors,
    moving,
    notify_participants,
    overlapping_meeting,
)
from bot.features.meetings.feature import feature
from bot.features.meetings.posts.news import state
from bot.ui import FormErrors, Reply
from storage.meetings import change_log, joint_meetings, meetings, rsvps
from storage.meetings.meetings import Meeting, Series

FIELDS = ("place", "link", "minutes")
# Changes shown by `meeting history`.
HISTORY = 12


@feature.command(
    "meeting change", help="Another place, link or length for one meeting", needs=Role.FACILITATOR, reads=True
)
def change(ctx: Context, event: Command) -> Reply:
    coming = lookup.upcoming(ctx)
    if not coming:
        return views.none_planned()
    return edit_views.choose_one(coming[:5], ctx.community.zone) if coming[1:] else edit_views.form(coming[0])


@feature.click("adjust", needs=Role.FACILITATOR, reads=True)
def open_form(ctx: Context, event: Click) -> Reply:
    return edit_views.form(lookup.find_to_come(ctx, event.value))


@feature.form("adjust", shared=("note",), needs=Role.FACILITATOR)
def adjust(ctx: Context, event: Submission) -> Reply:
    """Save another place, link or length. The meeting's series does not change, and no longer sets these fields."""
    id, _dot, sequence = event.value.partition(".")
    meeting = lookup.find_to_come(ctx, id)
    typed = {name: event.answers.get(name, "").strip() for name in (*FIELDS, "note")}
    problems = field_errors(typed)
    minutes = rules.read_minutes(typed["minutes"]) or meeting.minutes
    # Another facilitator has changed the meeting since this form was opened.
    if meeting.sequence != parse_id(sequence):
        problems["note"] = edit_views.changed_meanwhile(meeting, change_log.last(ctx.session, meetings.key(meeting)))
    proposed = moving(meeting, meeting.sequence, meeting.starts_at)
    if "minutes" not in problems and (other := overlapping_meeting(ctx, proposed.lasting(minutes))):
        problems["minutes"] = changes_views.clash_plain(other, ctx.zone)
    if problems:
        return FormErrors(edit_views.form(meeting, typed), problems)
    was = {name: str(getattr(meeting, name)) for name in FIELDS}
    if all(was[name] == typed[name] for name in FIELDS):
        raise Refusal(edit_views.nothing_changed(meeting))
    known = state(meeting)
    meeting.place, meeting.link, meeting.minutes = typed["place"], typed["link"], minutes
    meeting.note = typed["note"][: rules.LONGEST_NOTE]
    series = meetings.series(ctx.session, ctx.community_id, meeting.series_id)
    meeting.overridden_fields = _overridden(meeting, series) if series else ""
    ctx.audit("meetings.adjust", f"meeting {meeting.id}")
    change_log.record(ctx.session, meeting, ctx.me, change_log.ADJUSTED, ctx.now, note=meeting.note)
    apply_side_effects(ctx, meeting, same_time=True)
    notify_participants(ctx, meeting, known, rsvps.to_remind(ctx.session, meeting), edit_views.adjusted, meeting)
    return edit_views.adjusted_reply(meeting)


def _overridden(meeting: Meeting, series: Series) -> str:
    """Return the names of the fields that differ from the series, apart by spaces, as the row holds them."""
    return " ".join(name for name in FIELDS if getattr(meeting, name) != getattr(series, name))


@feature.click("as_ruled", needs=Role.FACILITATOR)
def put_back(ctx: Context, event: Click) -> Reply:
    """Reset the meeting to what its rule and series say, undoing a move and changed fields.

    Refuses if nothing was changed, if the rule no longer has that date, or if another meeting is in the way.
    """
    id, _dot, sequence = event.value.partition(".")
    meeting = lookup.find_to_come(ctx, id)
    series = meetings.series(ctx.session, ctx.community_id, meeting.series_id)
    if series is None or meeting.original_at is None or not (meeting.moved or meeting.overridden_fields):
        raise Refusal(edit_views.is_as_ruled(meeting))
    if meeting.sequence != parse_id(sequence):
        raise Refusal(edit_views.changed_meanwhile(meeting, change_log.last(ctx.session, meetings.key(meeting))))
    was, known = meeting.starts_at, state(meeting)
    if series.ended or meeting.original_at not in rules.dates(
        Rule.from_json(series.rule), planner.calendar(ctx), ctx.now
    ):
        raise Refusal(edit_views.rule_has_it_not(meeting))
    back = moving(meeting, meeting.sequence, meeting.original_at).lasting(series.minutes)
    if other := overlapping_meeting(ctx, back):
        raise Refusal(changes_views.clash(other))
    meeting.starts_at, meeting.moved, meeting.overridden_fields, meeting.note = meeting.original_at, False, "", ""
    meeting.place, meeting.link, meeting.minutes = series.place, series.link, series.minutes
    ctx.audit("meetings.as_ruled", f"meeting {meeting.id}")
    same = was == meeting.starts_at
    change_log.record(ctx.session, meeting, ctx.me, change_log.RESET_TO_SERIES, ctx.now, was=None if same else was)
    apply_side_effects(ctx, meeting, same_time=same)
    recipients = rsvps.to_remind(ctx.session, meeting)
    if same:
        notify_participants(ctx, meeting, known, recipients, edit_views.adjusted, meeting)
    else:
        notify_participants(ctx, meeting, known, recipients, changes_views.moved, meeting, was)
    return edit_views.put_back(meeting)


@feature.command("meeting history", help="Who changed which meeting, and when", needs=Role.FACILITATOR, reads=True)
def show_history(ctx: Context, event: Command) -> Reply:
    rows = change_log.newest(ctx.session, ctx.community_id, HISTORY)
    return edit_views.history(rows, joint_meetings.hosts(ctx.session, ctx.community_id))
