"""Turn cadence rules into meetings, and upcoming meetings into timers. Idempotent.

It posts nothing. It returns what it changed as a `ScheduleDiff`, and `posts.sync` alone rewrites posts from that.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence import ClosedDays, OnClosed, Rule
from bot.core import signals
from bot.core.context import Context
from bot.domain import between_meetings, reminder_steps
from bot.domain.placing import PRIVATE
from bot.features.meetings import rules
from bot.operations import schedule_plan
from storage.communities.communities import Community
from storage.meetings import change_log, meetings, reminders, rsvps
from storage.meetings.meetings import DROPPED, PLANNED, Meeting, Series
from storage.messaging import skipped_posts

REMIND, BEGAN, ENDED = "meetings.remind", "meetings.began", "meetings.ended"
# Timer kinds that exist for meetings only. Each run of the planner replaces all of them.
OWN = (
    *between_meetings.REQUESTS,
    PRIVATE,
    between_meetings.VOTE,
    between_meetings.PUBLISH,
    REMIND,
    BEGAN,
    ENDED,
)
# When the planner runs next if nothing asks for it before.
AGAIN = timedelta(days=7)
# A timer that comes several times is set for the first of them. So soon after that, the next is set.
MOMENT = timedelta(minutes=1)


@dataclass
class ScheduleDiff:
    """What a run of the planner changed about a community's upcoming meetings.

    `changed`: by hand (planned, moved, edited, cancelled or restored). `added`: by a rule. `dropped`: their rule no
    longer has them. `revived`: dropped before, and their rule has them again. `on_holidays`: soon, on a public holiday,
    and no rule says to meet then. `moments`: when everything that is timed by meetings is due from now on.
    """

    changed: Sequence[Meeting]
    added: list[Meeting] = field(default_factory=list)
    dropped: list[Meeting] = field(default_factory=list)
    revived: list[Meeting] = field(default_factory=list)
    on_holidays: list[Meeting] = field(default_factory=list)
    moments: rules.Moments = field(default_factory=dict)


def sync_schedule(ctx: Context, *changed: Meeting) -> ScheduleDiff:
    """Make the meetings that the rules ask for, and set every timer that depends on upcoming meetings.

    `changed` are meetings that were just changed by hand.
    """
    diff, days = ScheduleDiff(changed), calendar(ctx)
    for series in meetings.ended_series_of(ctx.session, ctx.community_id):
        _sync_occurrences(ctx, series, [], diff)
    for series in meetings.series_of(ctx.session, ctx.community_id):
        _sync_occurrences(ctx, series, rules.dates(Rule.from_json(series.rule), days, ctx.now), diff)
    diff.moments = moments(ctx, days)
    diff.on_holidays = _on_holidays(ctx, days)
    _set_timers(ctx, diff.moments)
    for follower in signals.MEETING_FOLLOWERS:
        ctx.schedule_timer(follower, at=ctx.now)
    repeated = [times[0] + MOMENT for times in diff.moments.values() if len(times) > 1]
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=min([ctx.now + AGAIN, *repeated]))
    return diff


def calendar(ctx: Context) -> between_meetings.Calendar:
    return calendar_of(ctx.session, ctx.community)


def calendar_of(session: Session, community: Community) -> between_meetings.Calendar:
    return schedule_plan.calendar_of(session, community)


def preview_rule_change(
    ctx: Context, series: Series, wanted: Sequence[datetime]
) -> tuple[dict[int, Meeting], rules.Changes]:
    """Return a series' upcoming meetings by id, and the changes that make them fit the `wanted` moments."""
    assert series.id is not None
    made = {meetings.key(m): m for m in meetings.occurrences_of(ctx.session, series.id, ctx.now)}
    occurrences_made = [
        rules.Occurrence(id, m.original_at, m.starts_at, m.moved, m.status == DROPPED)
        for id, m in made.items()
        if m.original_at
    ]
    return made, rules.changes(wanted, occurrences_made, ctx.now)


def _sync_occurrences(ctx: Context, series: Series, wanted: Sequence[datetime], diff: ScheduleDiff) -> None:
    """Make the meetings of one series fit the `wanted` moments, and add the changes to `diff`.

    Meetings that people moved, or whose length they changed, keep that.
    """
    made, changes = preview_rule_change(ctx, series, wanted)
    for id in changes.drop:
        _set_status(ctx, made[id], DROPPED, change_log.DROPPED)
        diff.dropped.append(made[id])
    for id in changes.revive:
        _set_status(ctx, made[id], PLANNED, change_log.REVIVED)
        diff.revived.append(made[id])
    for meeting in made.values():
        if not meeting.moved and meeting.starts_at > ctx.now and "minutes" not in meeting.overridden_fields.split():
            meeting.minutes = series.minutes
    for at in changes.add:
        meeting = meetings.add(
            ctx.session,
            ctx.community_id,
            title=series.title,
            starts_at=at,
            minutes=series.minutes,
            place=series.place,
            link=series.link,
            series=series.id,
            meeting_type=series.meeting_type,
        )
        rsvps.apply_standing_reply(ctx.session, meeting, ctx.now)
        diff.added.append(meeting)
    ctx.session.flush()


def _set_status(ctx: Context, meeting: Meeting, status: str, what: str) -> None:
    meeting.status = status
    change_log.record(ctx.session, meeting, ctx.actor.id if ctx.actor else None, what, ctx.now)


def moments(ctx: Context, days: between_meetings.Calendar) -> rules.Moments:
    """Return all moments after now that depend on meetings, by (timer kind, value), in order; skipped ones included."""
    coming = list(meetings.between(ctx.session, ctx.community_id, ctx.now, ctx.now + schedule_plan.EVER))
    held = schedule_plan.slots(ctx.session, ctx.community_id, ctx.now)
    schedule = schedule_plan.schedule_of(ctx.session, ctx.community_id)
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    placement = schedule_plan.placement(ctx.session, ctx.community, ctx.now, schedule=schedule, held=held)
    for placed in placement.placed:
        found[placed.request.kind, placed.request.value].append(placed.fires_at(ctx.now))
    # Without a call for topics, members are not asked to vote on them either.
    steps_of_agenda = [between_meetings.PUBLISH]
    if any(each.what == between_meetings.AGENDA_CALL and each.is_on for each in schedule):
        steps_of_agenda.append(between_meetings.VOTE)
    steps = {*reminder_steps.split(ctx.community.reminders), *reminders.own_steps(ctx.session, ctx.community_id)}
    for meeting in coming:
        for step, at in reminder_steps.moments(meeting.starts_at, days, steps).items():
            found[REMIND, f"{meeting.id}.{step}"].append(at)
        agenda = between_meetings.agenda_steps(meeting.starts_at, days)
        for kind in steps_of_agenda:
            found[kind, str(meeting.id)].append(agenda[kind])
        found[BEGAN, str(meeting.id)].append(meeting.starts_at)
    for each in held:
        found[ENDED, str(each.ref)].append(each.end)
    future = {key: [at for at in times if at > ctx.now] for key, times in found.items()}
    return {key: times for key, times in future.items() if times}


def _set_timers(ctx: Context, timed: rules.Moments) -> None:
    skipped = skipped_posts.between(
        ctx.session, ctx.community_id, ctx.now - skipped_posts.NEAR, ctx.now + schedule_plan.EVER
    )
    wanted = {}
    for (kind, value), times in timed.items():
        first = next((at for at in times if not skipped_posts.covers(skipped, kind, value, at)), None)
        if first and first <= ctx.now + rules.SET_AHEAD:
            wanted[kind, value] = first
    ctx.replace_timers(OWN, wanted)


def _on_holidays(ctx: Context, days: between_meetings.Calendar) -> list[Meeting]:
    """Return meetings soon that are on a public holiday, where only facilitators know whether people will come.

    Meetings whose rule says to meet on public holidays are left out: that was decided already.
    """
    holidays = ClosedDays(days.country, days.region)
    return [
        meeting
        for meeting in meetings.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.SET_AHEAD)
        if days.day(meeting.starts_at) in holidays and not _meets_on_holidays(ctx, meeting)
    ]


def _meets_on_holidays(ctx: Context, meeting: Meeting) -> bool:
    """Whether the meeting comes from a rule that says to meet on public holidays."""
    series = meetings.series(ctx.session, ctx.community_id, meeting.series_id)
    return series is not None and Rule.from_json(series.rule).closing.public is OnClosed.KEEP
