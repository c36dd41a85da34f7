"""What all changes of one meeting share: checks, confirmation, applying the change, and telling people.

A change is checked against the `sequence` of the meeting that the facilitator saw, so that two facilitators never
overwrite each other unseen.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import ParamSpec
from zoneinfo import ZoneInfo

from bot.cadence import Rule, Unreadable, read_moment
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import between_meetings, quiet_hours, reminder_steps
from bot.features.meetings import lookup, planner, rules
from bot.features.meetings.changes import views
from bot.features.meetings.changes.proposal import ProposedChange
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card
from bot.features.meetings.posts.news import announce, state
from bot.features.meetings.posts.sync import sync_posts
from bot.ui import Message, Reply
from storage.communities import communities, request_quota, schedules
from storage.meetings import change_log, meetings, reminders, rsvps, tentative
from storage.meetings.meetings import Meeting
from storage.operations import drafts
from storage.people import people
from storage.people.people import Person

P = ParamSpec("P")

# The name of drafts that hold a change until it is confirmed.
CHANGE = "meetings.change"


def field_errors(typed: Mapping[str, str]) -> dict[str, str]:
    """Check typed minutes, place and link. Returns problems by field."""
    problems = {}
    if rules.read_minutes(typed["minutes"]) is None:
        problems["minutes"] = views.bad_minutes()
    if len(typed["place"]) > rules.LONGEST_PLACE:
        problems["place"] = views.bad_place()
    if typed["link"] and not rules.is_link(typed["link"]):
        problems["link"] = views.bad_link()
    return problems


def read_when(ctx: Context, phrase: str, line: str) -> datetime:
    """Parse a moment in the community's zone. Refuses with a suggestion; `line` is the command it is typed after."""
    try:
        return read_moment(phrase, zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        retry = f"{line} {doubt.suggestion}" if doubt.suggestion else ""
        raise Refusal(views.unreadable(doubt), retry=retry, root="facilitator") from doubt


def overlapping_meeting(ctx: Context, change: ProposedChange) -> Meeting | None:
    """Return a planned meeting, other than the one being changed, that overlaps the proposed time."""
    return next(
        (
            m
            for m in lookup.upcoming(ctx)
            if m.id != change.meeting and rules.overlap(change.starts_at, change.minutes, m.starts_at, m.minutes)
        ),
        None,
    )


def confirm_or_apply(ctx: Context, change: ProposedChange) -> Reply:
    """Apply the change. Ask first if it is in quiet hours, on a closed day or after the season. Refuse an overlap."""
    if other := overlapping_meeting(ctx, change):
        raise Refusal(views.clash(other))
    c = ctx.community
    doubts = []
    day = change.starts_at.astimezone(ZoneInfo(c.zone)).date()
    if (end := _season_end(ctx)) and day > end:
        doubts.append(views.after_the_season(end))
    if quiet_hours.is_quiet(change.starts_at, c.zone, c.quiet_from, c.quiet_to):
        doubts.append(views.in_quiet_hours(c.quiet_from, c.quiet_to))
    if day in communities.closures(ctx.session, ctx.community_id):
        doubts.append(views.on_a_closed_day())
    if not doubts:
        return _do(ctx, change)
    return views.confirmation(change.starts_at, doubts, save_draft(ctx, change), moving=bool(change.meeting))


def _season_end(ctx: Context) -> date | None:
    """Return the last day of the community's season; None if it has none or goes on all year."""
    today = ctx.now.astimezone(ZoneInfo(ctx.community.zone)).date()
    all_series = meetings.series_of(ctx.session, ctx.community_id)
    ends = [rules.season_end(Rule.from_json(each.rule), today) for each in all_series]
    known = [end for end in ends if end]
    return max(known) if known and len(known) == len(ends) else None


def save_draft(ctx: Context, change: ProposedChange) -> str:
    """Save the change as a draft until it is confirmed. Returns the draft's id, as a button's value."""
    return str(drafts.save(ctx.session, ctx.me, CHANGE, json.dumps(asdict(change)), ctx.now))


@feature.click("sure", needs=Role.FACILITATOR)
def go_ahead(ctx: Context, event: Click) -> Reply:
    """Apply a confirmed change, unless its time has passed or another meeting overlaps by now."""
    draft = drafts.find(ctx.session, ctx.me, CHANGE, parse_id(event.value))
    if draft is None:
        raise Refusal(views.draft_expired())
    change = ProposedChange(**json.loads(draft.body))
    if change.starts_at <= ctx.now:
        raise Refusal(views.past())
    if other := overlapping_meeting(ctx, change):
        raise Refusal(views.clash(other))
    ctx.session.delete(draft)
    return _do(ctx, change)


def _do(ctx: Context, change: ProposedChange) -> Reply:
    return move_now(ctx, change) if change.meeting else _add_meeting(ctx, change)


def _add_meeting(ctx: Context, change: ProposedChange) -> Reply:
    """Add the meeting, in place of the tentative one it was planned from, if any."""
    meeting = meetings.add(
        ctx.session,
        ctx.community_id,
        title=change.title,
        starts_at=change.starts_at,
        minutes=change.minutes,
        place=change.place,
        link=change.link,
    )
    ctx.audit("meetings.schedule", f"meeting {meeting.id}")
    change_log.record(ctx.session, meeting, ctx.me, change_log.PLANNED, ctx.now)
    rsvps.apply_standing_reply(ctx.session, meeting, ctx.now)
    if change.tentative and (row := tentative.get(ctx.session, ctx.community_id, change.tentative)):
        tentative.remove(ctx.session, row)
    sync_posts(ctx, planner.sync_schedule(ctx, meeting))
    return views.scheduled(meeting, posted=card.is_posted(ctx, meeting), posted_at=card.due_at(ctx, meeting))


# --- moving


def moving(meeting: Meeting, sequence: int, at: datetime, note: str = "") -> ProposedChange:
    return ProposedChange(at.isoformat(), meetings.key(meeting), sequence, meeting.title, meeting.minutes, note=note)


def move_now(ctx: Context, change: ProposedChange) -> Reply:
    """Move the meeting and tell people, and the facilitator which timers move with it."""
    meeting = lookup.find_to_come(ctx, str(change.meeting))
    # Another facilitator has changed the meeting since: show what they did, and let this one choose.
    if meeting.sequence != change.sequence:
        again = save_draft(ctx, replace(change, sequence=meeting.sequence))
        return views.changed_meanwhile(meeting, change_log.last(ctx.session, change.meeting), change, again)
    if meeting.starts_at == change.starts_at:
        raise Refusal(views.there_already(meeting))
    was, before = meeting.starts_at, planner.moments(ctx, planner.calendar(ctx))
    known = state(meeting)
    recipients = rsvps.to_remind(ctx.session, meeting)
    ctx.audit("meetings.move", f"meeting {meeting.id}, from {was.isoformat()} to {change.at}")
    meeting.starts_at, meeting.note = change.starts_at, change.note
    meeting.moved = meeting.starts_at != meeting.original_at
    change_log.record(ctx.session, meeting, ctx.me, change_log.MOVED, ctx.now, was=was, note=change.note)
    diff = apply_side_effects(ctx, meeting)
    notify_participants(ctx, meeting, known, recipients, views.moved, meeting, was)
    shifts = _shifts(ctx, before, diff.moments)
    left_out = [shift for shift in shifts if not _has_room(ctx, shift)]
    return views.moved_reply(meeting, was, shifts, left_out, ctx.timer_labels, ctx.community.zone)


def _has_room(ctx: Context, shift: rules.Shift) -> bool:
    """Whether what moves will be posted, as far as is known now: its new week may have another request already."""
    kind, value, _was, at = shift
    if at is None or kind not in between_meetings.REQUESTS:
        return True
    made = request_quota.made(ctx.session, ctx.community_id, request_quota.week_of(at, ctx.community.zone))
    ceiling = schedules.limits(ctx.session, ctx.community_id).requests
    return between_meetings.has_room(f"{kind} {value}", made, ceiling)


def _shifts(ctx: Context, before: rules.Moments, after: rules.Moments) -> list[rules.Shift]:
    """Return what moves with a meeting, less the reminder steps that only single members chose for themselves."""
    steps = reminder_steps.split(ctx.community.reminders)
    return [
        shift
        for shift in rules.shifted(before, after)
        if shift[0] != planner.REMIND or shift[1].rpartition(".")[2] in steps
    ]


def apply_side_effects(ctx: Context, meeting: Meeting, *, same_time: bool = False) -> planner.ScheduleDiff:
    """Reschedule and rewrite everything that depends on a meeting that was just changed by hand.

    `same_time`: the meeting was not moved, so reminders that went out already are not sent again.
    """
    meeting.sequence += 1
    ctx.session.flush()
    if same_time:
        reminders.carry_over(ctx.session, meeting, meeting.sequence - 1)
    diff = planner.sync_schedule(ctx, meeting)
    sync_posts(ctx, diff)
    return diff


def notify_participants(
    ctx: Context,
    meeting: Meeting,
    was: str,
    recipients: Sequence[tuple[str, Person]],
    view: Callable[P, Message],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Announce in the channel that the meeting has changed, and privately to `recipients`, as (RSVP, person).

    `was` is its `state` before. Whoever was told something else about it before is told too.
    """
    announce(ctx, meeting, was, [people.key(person) for _answer, person in recipients], view, *args, **kwargs)
