"""The timers of check-ins that the community made itself: in the channel, or in private at each one's own hour."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.core.resolver import parse_id
from bot.domain import questions, touchpoints
from bot.domain.between_meetings import OWN_CHECKIN, is_stale
from bot.domain.placing import PRIVATE
from bot.domain.touchpoints import Touchpoint, local_moment
from bot.features.schedule import views
from bot.features.schedule.feature import feature
from bot.operations import schedule_plan
from bot.operations.backlog import is_overtaken
from bot.ui import Message, Reply, ToFacilitators
from storage.communities import communities, request_quota, schedules
from storage.communities.schedules import ScheduledTouchpoint
from storage.learning import checkins, rounds
from storage.learning.checkins import ARCHIVED, RESTING
from storage.learning.rounds import CHECKIN, PRIVATE_CHECKIN, Round
from storage.people import absences, people
from storage.people.people import Person

# Set for the next of the zones in which a private check-in is to be asked.
NEXT = "schedule.next"
# How many people one timer asks, so that no transaction is long, and no timer's value too long for an index.
ASKED_AT_ONCE = 100
# A private check-in is open at least this long after the last person was asked.
AT_LEAST = timedelta(hours=24)


def _found(ctx: Context, id: str) -> tuple[ScheduledTouchpoint, Touchpoint] | None:
    """Return a touchpoint that is on and not paused."""
    row = schedules.touchpoint(ctx.session, ctx.community_id, parse_id(id))
    if row is None or not row.is_on:
        return None
    guests = schedules.guests(ctx.session, ctx.community_id)
    touchpoint = Touchpoint.of_row(row, guests.get(row.id or 0, ()))
    today = schedule_plan.calendar_of(ctx.session, ctx.community).day(ctx.now)
    is_paused = touchpoint.paused_until is not None and today < touchpoint.paused_until
    return None if is_paused else (row, touchpoint)


@feature.timer(signals.REQUEST_MISSED)
def tell_of_missed(ctx: Context, event: TimerFired) -> Reply:
    """Tell facilitators, once a day, that something was left out because the bot was down."""
    if not ctx.community.paused:
        ctx.post(
            ToFacilitators(), f"schedule.missed.{ctx.community_id}.{event.value}", views.missed, ctx.community.name
        )
    return None


@feature.timer(OWN_CHECKIN)
def open_own(ctx: Context, event: TimerFired) -> Reply:
    """Open a check-in in the channel, unless the week has no room for it."""
    found = _found(ctx, event.value)
    if found is None or ctx.community.paused or is_overtaken(ctx, event):
        return None
    row, touchpoint = found
    week = request_quota.week_of(ctx.now, ctx.community.zone)
    anyway = touchpoint.yields is touchpoints.Yields.ANYWAY
    what = f"{OWN_CHECKIN} {event.value}"
    if not anyway and not request_quota.claim(ctx.session, ctx.community_id, week, what, ctx.now):
        return None
    calendar = schedule_plan.calendar_of(ctx.session, ctx.community)
    round = _open(ctx, row, touchpoint, calendar.day(ctx.now), CHECKIN)
    if round:
        ctx.schedule_timer(signals.ROUND_OPENED, str(round.id), at=ctx.now)
    return None


def _open(ctx: Context, row: ScheduledTouchpoint, touchpoint: Touchpoint, day: date, kind: str) -> Round | None:
    """Open a round of the newest version of a check-in for this day. None if it rests, is gone, or is open still."""
    checkin = checkins.get(ctx.session, ctx.community_id, touchpoint.checkin)
    version = checkins.newest_version(ctx.session, touchpoint.checkin) if checkin else None
    if checkin is None or version is None or checkin.state in (RESTING, ARCHIVED) or row.opened_on == day:
        return None
    questionnaire = questions.from_json(version.definition)
    round = rounds.open_round(
        ctx.session,
        ctx.community_id,
        kind,
        checkin.name,
        now=ctx.now,
        closes_at=_closes_at(ctx, touchpoint, day),
        minutes=questionnaire.minutes,
        version=version.id,
        level=checkin.level,
    )
    row.opened_on, row.round_id = day, round.id
    _choose_channels(ctx, round, touchpoint, checkin.name)
    ctx.session.flush()
    return round


def channel_names(ctx: Context) -> dict[int, str]:
    """Return what the community's channels are called, by id. One whose name isn't known goes by the platform's id."""
    rows = communities.channels(ctx.session, ctx.community_id)
    return {row.id or 0: row.name or row.channel for row in rows}


def _choose_channels(ctx: Context, round: Round, touchpoint: Touchpoint, name: str) -> None:
    """Send a round to the chosen channels, or to all if the bot can post in none; tell facilitators what is missing."""
    names = channel_names(ctx)
    for row in communities.channels(ctx.session, ctx.community_id):
        if row.unreachable:
            del names[row.id or 0]
    chosen = touchpoints.still_there(touchpoint.channels, names)
    round.channels = " ".join(map(str, chosen))
    gone = [each.name for each in touchpoint.channels if not touchpoints.still_there([each], names)]
    if gone:
        ctx.post(ToFacilitators(), f"schedule.elsewhere.{round.id}", views.elsewhere, name, gone, falls_back=not chosen)


def _closes_at(ctx: Context, touchpoint: Touchpoint, day: date) -> datetime:
    """Return the evening of the last day, or before the same touchpoint comes again."""
    calendar = schedule_plan.calendar_of(ctx.session, ctx.community)
    opens = local_moment(day, touchpoint.hour, calendar.zone)
    if touchpoint.private:
        last = max([local_moment(day, touchpoint.hour, zone) for zone in _zones(ctx, touchpoint)], default=opens)
        return max(touchpoints.closing(opens, touchpoint, calendar), last + AT_LEAST)
    coming = touchpoints.expand(
        touchpoint,
        schedule_plan.slots(ctx.session, ctx.community_id, ctx.now),
        calendar,
        first=day + timedelta(days=1),
        last=day + timedelta(days=60),
        seasons=schedule_plan.seasons_of(ctx.session, ctx.community_id),
    )
    again = next((due.day for due in coming if due.day), None)
    return max(touchpoints.closing(opens, touchpoint, calendar, again), ctx.now + timedelta(hours=1))


# --- in private


def invited(ctx: Context, touchpoint: Touchpoint) -> Sequence[Person]:
    """Return the members whom a private touchpoint asks: those that it names, less those who muted it."""
    muted = schedules.muted_by(ctx.session, ctx.community_id, touchpoint.what)
    return [person for person in _meant(ctx, touchpoint) if people.key(person) not in muted]


def _meant(ctx: Context, touchpoint: Touchpoint) -> Sequence[Person]:
    """Return the members whom a private touchpoint is for, also those who muted it."""
    leads = {people.key(person) for person in people.facilitators(ctx.session, ctx.community_id)}
    found = [(people.key(person), member, person) for member, person in people.members(ctx.session, ctx.community_id)]
    return [
        person for id, member, person in found if touchpoint.whom.includes(id, member.role_group, leads=id in leads)
    ]


def _zone(ctx: Context, person: Person) -> str:
    return person.zone or ctx.community.zone


def _zones(ctx: Context, touchpoint: Touchpoint) -> set[str]:
    return {_zone(ctx, person) for person in invited(ctx, touchpoint)}


@feature.timer(PRIVATE)
def begin_private(ctx: Context, event: TimerFired) -> Reply:
    """Ask those whose hour it is on this day. It fires where the day begins first, so perhaps there is nobody yet."""
    return _ask(ctx, event.value)


@feature.timer(NEXT)
def go_on_private(ctx: Context, event: TimerFired) -> Reply:
    """Ask those in the next zone."""
    return _ask(ctx, event.value)


def _ask(ctx: Context, value: str) -> Reply:
    id, _dot, said = value.partition(".")
    found = _found(ctx, id)
    day = date.fromisoformat(said)
    if found is None or ctx.community.paused:
        return None
    row, touchpoint = found
    hours = {people.key(p): local_moment(day, touchpoint.hour, _zone(ctx, p)) for p in invited(ctx, touchpoint)}
    if not hours:
        _tell_of_nobody(ctx, row, touchpoint, day)
    later = [at for at in hours.values() if at > ctx.now]
    absent = absences.absent_at(ctx.session, ctx.community_id, ctx.now)
    due = [p for p, at in hours.items() if at <= ctx.now and not is_stale(at, ctx.now) and p not in absent]
    round = rounds.get(ctx.session, ctx.community_id, row.round_id or 0) if row.opened_on == day else None
    if due and round is None:
        round = _open(ctx, row, touchpoint, day, PRIVATE_CHECKIN)
        if round is None:
            return None
        ctx.schedule_timer(signals.ROUND_OPENED, str(round.id), at=ctx.now)
    if due and round:
        # Whoever was asked already is left out there.
        for first in range(0, len(due), ASKED_AT_ONCE):
            some = due[first : first + ASKED_AT_ONCE]
            ctx.schedule_timer(signals.ROUND_ASKED, " ".join(map(str, [round.id, *some])), at=ctx.now)
    if later:
        ctx.schedule_timer(NEXT, value, at=min(later))
    return None


def _tell_of_nobody(ctx: Context, row: ScheduledTouchpoint, touchpoint: Touchpoint, day: date) -> None:
    """Tell facilitators, once a month, that a check-in is for nobody. Who muted it is not their business."""
    checkin = checkins.get(ctx.session, ctx.community_id, touchpoint.checkin)
    is_off = checkin is None or checkin.state in (RESTING, ARCHIVED)
    if checkin and not is_off and not _meant(ctx, touchpoint):
        ctx.post(ToFacilitators(), f"schedule.nobody.{row.id}.{day:%Y%m}", views.nobody_there, checkin.name)


@feature.preview("due")
def preview(ctx: Context, value: str) -> Message | None:
    found = _found(ctx, value)
    checkin = checkins.get(ctx.session, ctx.community_id, found[1].checkin) if found else None
    version = checkins.newest_version(ctx.session, checkin.id or 0) if checkin else None
    if checkin is None or version is None or checkin.state in (RESTING, ARCHIVED):
        return None
    return views.preview(checkin.name, questions.from_json(version.definition))
