"""Turning rules into meetings, and meetings into everything that is timed by them. Running it twice changes nothing."""

from collections import defaultdict
from datetime import datetime, timedelta

from bot.cadence import ClosedDays, OnClosed, Rule, closed_for, occurrences
from bot.core import signals
from bot.core.context import Context
from bot.core.events import Due
from bot.domain import between_meetings, reminder_steps
from bot.features.meetings import calendar_events, rules, views
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card, card_views
from bot.features.meetings.posts import reminders as posts_reminders
from bot.ui import Reply, ToFacilitators
from storage.communities import communities
from storage.meetings import change_log as history
from storage.meetings import meetings as store
from storage.meetings import reminders, rsvps
from storage.meetings.meetings import DROPPED, PLANNED, Meeting, Series
from storage.messaging import outbox, skipped_posts

REMIND, BEGAN, ENDED, PLAN = "meetings.remind", "meetings.began", "meetings.ended", "meetings.plan"
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


@feature.timer(signals.MEETINGS_REPLAN)
def plan_when_due(ctx: Context, event: Due) -> Reply:
    plan(ctx)
    return None


def plan(ctx: Context) -> None:
    """Make the meetings that the rules ask for, and set every timer that hangs on the coming ones."""
    for series in store.ended_series_of(ctx.session, ctx.community_id):
        _fit(ctx, series, [])
    for series in store.series_of(ctx.session, ctx.community_id):
        _fit(ctx, series, dates_of(ctx, series))
    _set_timers(ctx)
    _flag_holidays(ctx)
    calendar_events.mirror(ctx)
    for follower in signals.MEETING_FOLLOWERS:
        ctx.wake(follower, at=ctx.now)
    ctx.wake(PLAN, at=ctx.now + AGAIN)


def calendar(ctx: Context) -> between_meetings.Calendar:
    c = ctx.community
    return between_meetings.Calendar(c.zone, c.country, c.region, communities.closures(ctx.session, ctx.community_id))


def dates(ctx: Context, rule: Rule, most: int | None = None) -> list[datetime]:
    """When a rule has the community meet from now on; what `closed_for` says of closed days holds."""
    c = ctx.community
    closures = communities.closures(ctx.session, ctx.community_id)
    closed = closed_for(rule, c.country, c.region, closures)
    return list(occurrences(rule, ctx.now, count=most, until=ctx.now + rules.AHEAD, closed=closed))


def dates_of(ctx: Context, series: Series) -> list[datetime]:
    return dates(ctx, Rule.from_json(series.rule))


def effect(ctx: Context, series: Series, wanted: list[datetime]) -> tuple[dict[int, Meeting], rules.Changes]:
    """What a series has made, by number, and how that comes to fit the moments it should meet at."""
    assert series.id is not None
    made = {store.key(m): m for m in store.occurrences_of(ctx.session, series.id, ctx.now)}
    occurrences_made = [
        rules.Occurrence(id, m.original_at, m.starts_at, m.moved, m.status == DROPPED)
        for id, m in made.items()
        if m.original_at
    ]
    return made, rules.changes(wanted, occurrences_made, ctx.now)


def _fit(ctx: Context, series: Series, wanted: list[datetime]) -> None:
    made, changes = effect(ctx, series, wanted)
    for id in changes.drop:
        card.replace(ctx, made[id], card_views.no_longer)
        _turn(ctx, made[id], DROPPED, history.DROPPED)
    for id in changes.revive:
        _turn(ctx, made[id], PLANNED, history.REVIVED)
        card.refresh(ctx, made[id])
    for meeting in made.values():
        if not meeting.moved and meeting.starts_at > ctx.now and "minutes" not in meeting.own.split():
            meeting.minutes = series.minutes
    for at in changes.add:
        made_now = store.add(
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
        rsvps.say_for_always(ctx.session, made_now, ctx.now)
    ctx.session.flush()


def _turn(ctx: Context, meeting: Meeting, status: str, what: str) -> None:
    meeting.status = status
    ctx.session.flush()
    history.record(ctx.session, meeting, ctx.actor.id if ctx.actor else None, what, ctx.now)
    posts_reminders.bring_up_to_date(ctx, meeting)


def moments(ctx: Context) -> dict[tuple[str, str], list[datetime]]:
    """Everything that is timed by the meetings to come, skipped or not: (timer kind, value) -> when, in order."""
    coming = list(store.between(ctx.session, ctx.community_id, ctx.now, ctx.now + EVER))
    last = store.last_meeting(ctx.session, ctx.community_id, ctx.now)
    held = [between_meetings.Held(store.key(m), m.starts_at, m.minutes) for m in ([last] if last else []) + coming]
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    days = calendar(ctx)
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


def _set_timers(ctx: Context) -> None:
    skipped = skipped_posts.between(ctx.session, ctx.community_id, ctx.now - skipped_posts.NEAR, ctx.now + EVER)
    wanted = {}
    for (kind, value), times in moments(ctx).items():
        first = next((at for at in times if not skipped_posts.covers(skipped, kind, value, at)), None)
        if first and first <= ctx.now + rules.SET_AHEAD:
            wanted[kind, value] = first
    ctx.wake_only(OWN, wanted)


def _flag_holidays(ctx: Context) -> None:
    """Tell facilitators, once, that a meeting falls on a public holiday; only they know whether people come.

    Where the rule says to meet on holidays too, they have decided that already.
    """
    days = calendar(ctx)
    holidays = ClosedDays(days.country, days.region)
    for meeting in store.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.SET_AHEAD):
        key = f"meetings.holiday.{meeting.id}.{meeting.sequence}"
        if days.day(meeting.starts_at) in holidays and not _kept(ctx, meeting) and not outbox.of(ctx.session, key):
            ctx.post(ToFacilitators(), key, views.on_a_holiday, meeting)


def _kept(ctx: Context, meeting: Meeting) -> bool:
    """Whether the rule that made the meeting says that it takes place on public holidays."""
    series = store.series(ctx.session, ctx.community_id, meeting.series_id)
    return series is not None and Rule.from_json(series.rule).closing.public is OnClosed.KEEP
