"""Handlers with which facilitators cancel and restore a meeting, and see who comes to the next."""

import json
from dataclasses import replace

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.meetings import lookup, rules, views
from bot.features.meetings.changes import cancel_views
from bot.features.meetings.changes import views as changes_views
from bot.features.meetings.changes.proposal import ProposedChange
from bot.features.meetings.changes.service import (
    CHANGE,
    apply_side_effects,
    moving,
    notify_participants,
    overlapping_meeting,
    save_draft,
)
from bot.features.meetings.feature import feature
from bot.features.meetings.posts.news import state
from bot.ui import Reply
from storage.meetings import change_log, meetings, rsvps
from storage.meetings.meetings import CANCELLED, PLANNED, Meeting
from storage.operations import drafts


@feature.command("meeting cancel", help="Cancel a meeting; it can be brought back", needs=Role.FACILITATOR)
def cancel(ctx: Context, event: Command) -> Reply:
    coming = lookup.upcoming(ctx)
    return cancel_views.cancel_form(coming, coming[0], ctx.community.zone) if coming else views.none_planned()


@feature.click("cancel", needs=Role.FACILITATOR)
def ask_why(ctx: Context, event: Click) -> Reply:
    meeting = lookup.find(ctx, event.value)
    return cancel_views.cancel_form([meeting], meeting, ctx.community.zone)


@feature.form("cancel", shared=("note",), needs=Role.FACILITATOR)
def ask_whether(ctx: Context, event: Submission) -> Reply:
    id, _dot, sequence = event.answers.get("meeting", event.value).partition(".")
    meeting = lookup.find(ctx, id)
    note = event.answers.get("note", "")[: rules.LONGEST_NOTE]
    seen = parse_id(sequence)
    draft = save_draft(ctx, ProposedChange(ctx.now.isoformat(), meetings.key(meeting), seen, note=note, cancels=True))
    replies = rsvps.counts(ctx.session, meetings.key(meeting))
    return cancel_views.really_cancel(meeting, note, replies, draft)


@feature.click("cancelled", needs=Role.FACILITATOR)
def cancel_now(ctx: Context, event: Click) -> Reply:
    """Cancel the meeting, or show what another facilitator has changed about it since."""
    draft = drafts.find(ctx.session, ctx.me, CHANGE, parse_id(event.value))
    if draft is None:
        raise Refusal(changes_views.draft_expired())
    change = ProposedChange(**json.loads(draft.body))
    meeting = lookup.find(ctx, str(change.meeting))
    if meeting.status == CANCELLED or meeting.starts_at <= ctx.now:
        raise Refusal(views.not_found())
    if meeting.sequence != change.sequence:
        again = save_draft(ctx, replace(change, sequence=meeting.sequence))
        return changes_views.changed_meanwhile(meeting, change_log.last(ctx.session, change.meeting), change, again)
    recipients, was = rsvps.to_remind(ctx.session, meeting), state(meeting)
    meeting.status, meeting.note = CANCELLED, change.note
    ctx.audit("meetings.cancel", f"meeting {meeting.id}")
    change_log.record(ctx.session, meeting, ctx.me, change_log.CANCELLED, ctx.now, note=change.note)
    apply_side_effects(ctx, meeting)
    notify_participants(ctx, meeting, was, recipients, cancel_views.cancelled, meeting)
    return cancel_views.cancelled_reply(meeting)


@feature.command("meeting restore", help="Bring back a meeting that was cancelled", needs=Role.FACILITATOR)
def restore(ctx: Context, event: Command) -> Reply:
    gone = meetings.cancelled(ctx.session, ctx.community_id, ctx.now)
    if not gone:
        raise Refusal(cancel_views.none_cancelled())
    return _restore(ctx, gone[0]) if len(gone) == 1 else cancel_views.which_to_restore(gone, ctx.community.zone)


@feature.click("restore", needs=Role.FACILITATOR)
def restore_this(ctx: Context, event: Click) -> Reply:
    return _restore(ctx, lookup.find(ctx, event.value))


def _restore(ctx: Context, meeting: Meeting) -> Reply:
    """Bring a cancelled meeting back. Refuses once it would have begun, or if another meeting overlaps."""
    if meeting.status != CANCELLED or meeting.starts_at <= ctx.now:
        raise Refusal(cancel_views.nothing_to_restore(meeting))
    if other := overlapping_meeting(ctx, moving(meeting, meeting.sequence, meeting.starts_at)):
        raise Refusal(changes_views.clash(other))
    was, meeting.status, meeting.note = state(meeting), PLANNED, ""
    ctx.audit("meetings.restore", f"meeting {meeting.id}")
    change_log.record(ctx.session, meeting, ctx.me, change_log.RESTORED, ctx.now)
    apply_side_effects(ctx, meeting)
    notify_participants(ctx, meeting, was, (), cancel_views.restored, meeting)
    return cancel_views.restored_reply(meeting)


@feature.command(
    "meeting show", help="The next meeting: who comes, and what is planned after it", needs=Role.FACILITATOR
)
def show(ctx: Context, event: Command) -> Reply:
    coming = lookup.upcoming(ctx)
    if not coming:
        return views.none_planned()
    replies = rsvps.replies(ctx.session, meetings.key(coming[0]))
    lost = meetings.cancelled(ctx.session, ctx.community_id, ctx.now)
    by_name = ctx.access.is_facilitator
    notes = [
        (row.note, row.answer, person)
        for row, person in rsvps.notes(ctx.session, meetings.key(coming[0]))
        if ctx.reads_given(row.noted_at or row.at)
    ]
    zone = ctx.community.zone
    return cancel_views.overview(coming[0], replies, coming[1:5], lost[:3], notes, zone, by_name=by_name)
