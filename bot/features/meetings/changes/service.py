"""What every change of one meeting brings with it: asking first where it is unusual, doing it, telling people."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import ParamSpec
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, read_moment
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import quiet_hours, reminder_steps
from bot.features.meetings import lookup, planner, rules
from bot.features.meetings.changes import views as changes_views
from bot.features.meetings.changes.proposal import ProposedChange
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card
from bot.features.meetings.posts.sync import sync_posts
from bot.ui import Message, Reply, ToCommunity, ToPerson
from storage.communities import communities
from storage.meetings import change_log as history
from storage.meetings import meetings as store
from storage.meetings import reminders, rsvps, tentative
from storage.meetings.meetings import Meeting
from storage.operations import drafts
from storage.people import people
from storage.people.people import Person

P = ParamSpec("P")

CHANGE = "meetings.change"  # drafts of changes that wait for a yes


def field_errors(typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a length, a place or a link, by field."""
    problems = {}
    if rules.read_minutes(typed["minutes"]) is None:
        problems["minutes"] = changes_views.bad_minutes()
    if len(typed["place"]) > rules.LONGEST_PLACE:
        problems["place"] = changes_views.bad_place()
    if typed["link"] and not rules.is_link(typed["link"]):
        problems["link"] = changes_views.bad_link()
    return problems


def read_when(ctx: Context, phrase: str, line: str) -> datetime:
    try:
        return read_moment(phrase, zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        retry = f"{line} {doubt.suggestion}"
        raise Refusal(changes_views.unreadable(doubt), retry=retry, root="facilitator") from doubt


def overlapping_meeting(ctx: Context, change: ProposedChange) -> Meeting | None:
    """A planned meeting that would be going on at the same time."""
    return next(
        (
            m
            for m in lookup.upcoming(ctx)
            if m.id != change.meeting and rules.overlap(change.starts_at, change.minutes, m.starts_at, m.minutes)
        ),
        None,
    )


def confirm_or_apply(ctx: Context, change: ProposedChange) -> Reply:
    """Do it, or where that is unusual, say why and ask first."""
    if other := overlapping_meeting(ctx, change):
        raise Refusal(changes_views.clash(other))
    c = ctx.community
    doubts = []
    if quiet_hours.is_quiet(change.starts_at, c.zone, c.quiet_from, c.quiet_to):
        doubts.append(changes_views.in_quiet_hours(c.quiet_from, c.quiet_to))
    if change.starts_at.astimezone(ZoneInfo(c.zone)).date() in communities.closures(ctx.session, ctx.community_id):
        doubts.append(changes_views.on_a_closed_day())
    if not doubts:
        return _do(ctx, change)
    return changes_views.confirmation(change.starts_at, doubts, keep(ctx, change), moving=bool(change.meeting))


def keep(ctx: Context, change: ProposedChange) -> str:
    """What a button says to mean this change, once somebody has said yes to it."""
    return str(drafts.save(ctx.session, ctx.me, CHANGE, json.dumps(asdict(change)), ctx.now))


@feature.click("sure", needs=Role.FACILITATOR)
def go_ahead(ctx: Context, event: Click) -> Reply:
    kept = drafts.find(ctx.session, ctx.me, CHANGE, parse_id(event.value))
    if kept is None:
        raise Refusal(changes_views.draft_expired())
    change = ProposedChange(**json.loads(kept.body))
    if change.starts_at <= ctx.now:
        raise Refusal(changes_views.past())
    if other := overlapping_meeting(ctx, change):
        raise Refusal(changes_views.clash(other))
    ctx.session.delete(kept)
    return _do(ctx, change)


def _do(ctx: Context, change: ProposedChange) -> Reply:
    return move_now(ctx, change) if change.meeting else _plan(ctx, change)


def _plan(ctx: Context, change: ProposedChange) -> Reply:
    meeting = store.add(
        ctx.session,
        ctx.community_id,
        title=change.title,
        starts_at=change.starts_at,
        minutes=change.minutes,
        place=change.place,
        link=change.link,
    )
    ctx.audit("meetings.schedule", f"meeting {meeting.id}")
    history.record(ctx.session, meeting, ctx.me, history.PLANNED, ctx.now)
    rsvps.apply_standing_reply(ctx.session, meeting, ctx.now)
    if change.expected and (waited := tentative.get(ctx.session, ctx.community_id, change.expected)):
        tentative.remove(ctx.session, waited)
    sync_posts(ctx, planner.sync_schedule(ctx, meeting))
    return changes_views.scheduled(meeting, posted=card.is_posted(ctx, meeting))


# --- moving


def moving(meeting: Meeting, sequence: int, at: datetime, note: str = "") -> ProposedChange:
    return ProposedChange(at.isoformat(), store.key(meeting), sequence, meeting.title, meeting.minutes, note=note)


def move_now(ctx: Context, change: ProposedChange) -> Reply:
    meeting = lookup.find_to_come(ctx, str(change.meeting))
    if meeting.sequence != change.sequence:  # a co-lead was quicker: they see what was done, and choose
        again = keep(ctx, replace(change, sequence=meeting.sequence))
        return changes_views.changed_meanwhile(meeting, history.last(ctx.session, change.meeting), change, again)
    if meeting.starts_at == change.starts_at:
        raise Refusal(changes_views.there_already(meeting))
    was, before = meeting.starts_at, planner.moments(ctx, planner.calendar(ctx))
    told = rsvps.to_remind(ctx.session, meeting)
    ctx.audit("meetings.move", f"meeting {meeting.id}, from {was.isoformat()} to {change.at}")
    meeting.starts_at, meeting.note = change.starts_at, change.note
    meeting.moved = meeting.starts_at != meeting.original_at
    history.record(ctx.session, meeting, ctx.me, history.MOVED, ctx.now, was=was, note=change.note)
    diff = apply_side_effects(ctx, meeting)
    notify_participants(ctx, meeting, told, changes_views.moved, meeting, was)
    shifts = _shifts(ctx, before, diff.moments)
    return changes_views.moved_reply(meeting, was, shifts, ctx.timer_labels, ctx.community.zone)


def _shifts(ctx: Context, before: rules.Moments, after: rules.Moments) -> list[rules.Shift]:
    """What moves with a meeting, without the reminders that only some member chose for themselves."""
    steps = reminder_steps.split(ctx.community.reminders)
    return [
        shift
        for shift in rules.shifted(before, after)
        if shift[0] != planner.REMIND or shift[1].rpartition(".")[2] in steps
    ]


def apply_side_effects(ctx: Context, meeting: Meeting, *, same_time: bool = False) -> planner.ScheduleDiff:
    """After a change by hand: time everything to come anew, and make everything that was posted say what holds now."""
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
    told: Sequence[tuple[str, Person]],
    view: Callable[P, Message],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Tell the channel of a change, and privately those who meant to come."""
    key = f"{meeting.id}.{meeting.sequence}"
    ctx.post(ToCommunity(), f"meetings.changed.{key}", view, *args, **kwargs)
    for _answer, person in told:
        ctx.post(ToPerson(people.key(person)), f"meetings.told.{key}", view, *args, **kwargs)
