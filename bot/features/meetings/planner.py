"""Turns rules into meetings, and the meetings to come into timers. Running it twice changes nothing.

It posts nothing: it says what it changed in a `ScheduleDiff`, and `posts.sync` makes the posts follow.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.cadence import ClosedDays, OnClosed, Rule
from bot.core import signals
from bot.core.context import Context
from bot.domain import between_meetings, reminder_steps
from bot.features.meetings import rules
from storage.communities import communities
from storage.meetings import change_log as history
from storage.meetings import meetings as store
from storage.meetings import reminders, rsvps
from storage.meetings.meetings import DROPPED, PLANNED, Meeting, Series
from storage.messaging import skipped_posts

REMIND, BEGAN, ENDED = "meetings.remind", "meetings.began", "meetings.ended"
OWN = (
    *between_meetings.REQUESTS,
    between_meetings.VOTE,
    between_meetings.PUBLISH,
    REMIND,
    BEGAN,
    ENDED,
)  # timer kinds that exist for meetings only
AGAIN = timedelta(days=7)
EVER = timedelta(days=10_000)


@dataclass
class ScheduleDiff:
    """What has become of a community's meetings to come, for everything that tells people of them."""

    changed: Sequence[Meeting]  # by hand: planned, moved, edited, cancelled or brought back
    added: list[Meeting] = field(default_factory=list)  # by a rule
    dropped: list[Meeting] = field(default_factory=list)  # their rule no longer has them
    revived: list[Meeting] = field(default_factory=list)  # dropped before, and their rule has them again
    on_holidays: list[Meeting] = field(default_factory=list)  # soon, and no rule says to meet on public holidays
    moments: rules.Moments = field(default_factory=dict)  # of all that is timed by meetings from now on


def sync_schedule(ctx: Context, *changed: Meeting) -> ScheduleDiff:
    """Make the meetings that the rules ask for, and set every timer that hangs on those to come.

    `changed` have just been changed by hand.
    """
    diff, days = ScheduleDiff(changed), calendar(ctx)
    for series in store.ended_series_of(ctx.session, ctx.community_id):
        _sync_occurrences(ctx, series, [], diff)
    for series in store.series_of(ctx.session, ctx.community_id):
        _sync_occurrences(ctx, series, rules.dates(Rule.from_json(series.rule), days, ctx.now), diff)
    diff.moments = moments(ctx, days)
    diff.on_holidays = _on_holidays(ctx, days)
    _set_timers(ctx, diff.moments)
    for follower in signals.MEETING_FOLLOWERS:
        ctx.schedule_timer(follower, at=ctx.now)
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now + AGAIN)
    return diff


def calendar(ctx: Context) -> between_meetings.Calendar:
    c = ctx.community
    return between_meetings.Calendar(c.zone, c.country, c.region, communities.closures(ctx.session, ctx.community_id))


def preview_rule_change(
    ctx: Context, series: Series, wanted: Sequence[datetime]
) -> tuple[dict[int, Meeting], rules.Changes]:
    """What a series has made, by number, and how that comes to fit the moments it should meet at."""
    assert series.id is not None
    made = {store.key(m): m for m in store.occurrences_of(ctx.session, series.id, ctx.now)}
    occurrences_made = [
        rules.Occurrence(id, m.original_at, m.starts_at, m.moved, m.status == DROPPED)
        for id, m in made.items()
        if m.original_at
    ]
    return made, rules.changes(wanted, occurrences_made, ctx.now)


def _sync_occurrences(ctx: Context, series: Series, wanted: Sequence[datetime], diff: ScheduleDiff) -> None:
    """Make one series' meetings those that are wanted, and add what that changes to `diff`."""
    made, changes = preview_rule_change(ctx, series, wanted)
    for id in changes.drop:
        _set_status(ctx, made[id], DROPPED, history.DROPPED)
        diff.dropped.append(made[id])
    for id in changes.revive:
        _set_status(ctx, made[id], PLANNED, history.REVIVED)
        diff.revived.append(made[id])
    for meeting in made.values():
        if not meeting.moved and meeting.starts_at > ctx.now and "minutes" not in meeting.overridden_fields.split():
            meeting.minutes = series.minutes
    for at in changes.add:
        meeting = store.add(
            ctx.session,
            ctx.community_id,
            title=series.title,
            starts_at=at,
            minutes=series.minutes,
            place=series.place,
            link=series.link,
            series=series.id,
            kind=series.kind,
        )
        rsvps.apply_standing_reply(ctx.session, meeting, ctx.now)
        diff.added.append(meeting)
    ctx.session.flush()


def _set_status(ctx: Context, meeting: Meeting, status: str, what: str) -> None:
    meeting.status = status
    history.record(ctx.session, meeting, ctx.actor.id if ctx.actor else None, what, ctx.now)


def moments(ctx: Context, days: between_meetings.Calendar) -> rules.Moments:
    """Everything that is timed by the meetings to come, skipped or not: (timer kind, value) -> when, in order."""
    coming = list(store.between(ctx.session, ctx.community_id, ctx.now, ctx.now + EVER))
    last = store.last_meeting(ctx.session, ctx.community_id, ctx.now)
    held = [
        between_meetings.MeetingSlot(store.key(m), m.starts_at, m.minutes) for m in ([last] if last else []) + coming
    ]
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for request in between_meetings.requests(held, days):
        found[request.kind, str(request.ref)].append(request.at)
    steps = {*reminder_steps.split(ctx.community.reminders), *reminders.own_steps(ctx.session, ctx.community_id)}
    for meeting in coming:
        for step, at in reminder_steps.moments(meeting.starts_at, ctx.community.zone, steps).items():
            found[REMIND, f"{meeting.id}.{step}"].append(at)
        agenda = between_meetings.agenda_steps(meeting.starts_at, days)
        for kind in (between_meetings.VOTE, between_meetings.PUBLISH):
            found[kind, str(meeting.id)].append(agenda[kind])
        found[BEGAN, str(meeting.id)].append(meeting.starts_at)
    for each in held:
        found[ENDED, str(each.ref)].append(each.end)
    future = {key: [at for at in times if at > ctx.now] for key, times in found.items()}
    return {key: times for key, times in future.items() if times}


def _set_timers(ctx: Context, timed: rules.Moments) -> None:
    skipped = skipped_posts.between(ctx.session, ctx.community_id, ctx.now - skipped_posts.NEAR, ctx.now + EVER)
    wanted = {}
    for (kind, value), times in timed.items():
        first = next((at for at in times if not skipped_posts.covers(skipped, kind, value, at)), None)
        if first and first <= ctx.now + rules.SET_AHEAD:
            wanted[kind, value] = first
    ctx.replace_timers(OWN, wanted)


def _on_holidays(ctx: Context, days: between_meetings.Calendar) -> list[Meeting]:
    """Meetings on a public holiday; only facilitators know whether people come.

    Where the rule says to meet on holidays too, they have decided that already.
    """
    holidays = ClosedDays(days.country, days.region)
    return [
        meeting
        for meeting in store.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.SET_AHEAD)
        if days.day(meeting.starts_at) in holidays and not _meets_on_holidays(ctx, meeting)
    ]


def _meets_on_holidays(ctx: Context, meeting: Meeting) -> bool:
    """Whether the rule that made the meeting says that it takes place on public holidays."""
    series = store.series(ctx.session, ctx.community_id, meeting.series_id)
    return series is not None and Rule.from_json(series.rule).closing.public is OnClosed.KEEP
