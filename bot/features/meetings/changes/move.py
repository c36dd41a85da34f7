"""Handlers with which facilitators move a meeting to another time."""

from dataclasses import replace

from bot.cadence import Unreadable, read_moment
from bot.core.context import Context
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.meetings import lookup, rules, views
from bot.features.meetings.changes import views as changes_views
from bot.features.meetings.changes.service import confirm_or_apply, moving, overlapping_meeting, read_when
from bot.features.meetings.feature import feature
from bot.ui import FormErrors, Reply


@feature.command(
    "meeting move",
    help="Move a meeting to another time",
    needs=Role.FACILITATOR,
    argument="[new time]",
    example="meeting move 21 Jan 4pm",
)
def move(ctx: Context, event: Command) -> Reply:
    coming = lookup.upcoming(ctx)
    if not coming:
        return views.none_planned()
    if not event.text:
        return changes_views.move_form(coming, coming[0], ctx.community.zone)
    first, at = coming[0], read_when(ctx, event.text, "meeting move")
    return confirm_or_apply(ctx, moving(first, first.sequence, at))


@feature.click("move", needs=Role.FACILITATOR)
def ask_where_to(ctx: Context, event: Click) -> Reply:
    meeting = lookup.find_to_come(ctx, event.value)
    return changes_views.move_form([meeting], meeting, ctx.community.zone)


@feature.form("move", shared=("note",), needs=Role.FACILITATOR)
def move_from_form(ctx: Context, event: Submission) -> Reply:
    id, _dot, sequence = event.answers.get("meeting", event.value).partition(".")
    meeting = lookup.find(ctx, id)
    when, note = event.answers.get("when", ""), event.answers.get("note", "")[: rules.LONGEST_NOTE]
    # The form keeps the sequence that the person saw, so that another facilitator's change is still noticed.
    form = replace(
        changes_views.move_form([meeting], meeting, ctx.community.zone, when, note),
        value=f"{id}.{sequence}",
    )
    try:
        at = read_moment(when, zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        return FormErrors(form, {"when": changes_views.unreadable(doubt)})
    change = moving(meeting, parse_id(sequence), at, note)
    if other := overlapping_meeting(ctx, change):
        return FormErrors(form, {"when": changes_views.clash_plain(other, ctx.zone)})
    return confirm_or_apply(ctx, change)
