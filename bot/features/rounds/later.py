"""Handlers for putting questions off: "later" asks again at a time the person chooses, "not this week" next week.

What somebody asked for is no request of the bot's: it doesn't count against the weekly limit. It waits for the end of
their quiet hours.
"""

from datetime import datetime, time, timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, TimerFired
from bot.core.identity import act_in
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import quiet_hours
from bot.features.rounds import answering, asking, later_views, lookup, reminders, views
from bot.features.rounds.feature import feature
from bot.operations import open_questions
from bot.ui import Reply, ToPerson
from storage.communities import communities, schedules
from storage.learning import rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import Round
from storage.messaging import outbox, timers
from storage.people import absences, people

SOON, MORNING, BEFORE_CLOSE = "soon", "morning", "close"
HOURS = timedelta(hours=2)
ONE_DAY = timedelta(days=1)
NINE = time(9)
# How long before the close "before it closes" is.
IN_TIME = timedelta(hours=3)


def waiting_for(ctx: Context) -> list[Round]:
    """Return the open questions of the person's communities that they have not answered, first to close first."""
    own = ctx.community_or_none
    among = [ctx.community_id] if own else people.communities_of(ctx.session, ctx.me)
    return open_questions.waiting_for(ctx, ctx.me, among)


@feature.phrase("later", "not now", "remind me later", "ask me later", "más tarde", "mas tarde", "luego", "ahora no")
def ask_when(ctx: Context, event: Command) -> Reply:
    waiting = waiting_for(ctx)
    if not waiting:
        return later_views.nothing_open()
    first = waiting[0]
    return later_views.when([choice for choice in (SOON, MORNING, BEFORE_CLOSE) if _moment(ctx, first, choice)])


def _moment(ctx: Context, round: Round, choice: str) -> datetime | None:
    """Return when to ask again, None if the question would be closed by then."""
    person, zone = ctx.person, ctx.person.zone or _zone_of(ctx, round)
    match choice:
        case "soon":
            at = ctx.now + HOURS
        case "morning":
            local = ctx.now.astimezone(ctx.zone)
            at = datetime.combine(local.date() + timedelta(days=1), NINE, ctx.zone)
        case "close":
            at = round.closes_at - IN_TIME
            # The last time at which they are up before that.
            while at > ctx.now and quiet_hours.is_quiet(at, zone, person.quiet_from, person.quiet_to):
                at -= timedelta(hours=1)
        case _:
            return None
    arrives = quiet_hours.next_waking(
        at, zone, person.quiet_from, person.quiet_to, rests_weekends=person.rests_weekends
    )
    return at if ctx.now < at and arrives < round.closes_at else None


def _zone_of(ctx: Context, round: Round) -> str:
    community = communities.get(ctx.session, round.community_id)
    return community.zone if community else "UTC"


@feature.click("remind", needs=Role.ANYONE, community=False)
def remind_later(ctx: Context, event: Click) -> Reply:
    """Set one reminder for each open question, in place of an earlier one."""
    waiting = waiting_for(ctx)
    if not waiting:
        return later_views.nothing_open(replace=True)
    planned = [(round, at) for round in waiting if (at := _moment(ctx, round, event.value))]
    if not planned:
        raise Refusal(later_views.too_late())
    for round, at in planned:
        timers.put(ctx.session, round.community_id, reminders.TIMER, f"{round.id}.{ctx.me}", at)
        # They are asked when they wished to be, so not also when all others are.
        outbox.cancel_unsent(ctx.session, f"rounds.nudge.{round.id}", f"p{ctx.me}")
    ctx.work_queued = True
    return later_views.planned(min(at for _round, at in planned), len(planned), len(waiting) - len(planned))


@feature.timer("remind")
def remind(ctx: Context, event: TimerFired) -> Reply:
    id, _dot, person = event.value.partition(".")
    round = rounds.get(ctx.session, ctx.community_id, parse_id(id))
    who = parse_id(person)
    if round is None or round.closed_at or round.closes_at <= ctx.now:
        return None
    member = people.membership(ctx.session, ctx.community_id, who)
    if people.is_member(member) and who not in rounds.respondents(ctx.session, lookup.key(round)):
        key = f"{reminders.ASKED_FOR}.{round.id}.{int(event.at.timestamp())}"
        ctx.post(ToPerson(who), key, later_views.as_asked, round, ctx.community.name)
    return None


@feature.redraw("asked_for")
def redraw_reminder(ctx: Context, value: str) -> None:
    asking.redraw_asked(ctx, value.partition(".")[0], f"{reminders.ASKED_FOR}.{value}")


@feature.phrase("not this week", "skip this week", "esta semana no", "no esta semana", "esta semana paso")
def pass_this_week(ctx: Context, event: Command) -> Reply:
    return _pass_this_week(ctx)


@feature.click(signals.NOT_THIS_WEEK, needs=Role.ANYONE, community=False)
def pass_this_week_by_button(ctx: Context, event: Click) -> Reply:
    return _pass_this_week(ctx)


def _pass_this_week(ctx: Context) -> Reply:
    """Pass the open questions, and send no more of this week's, in all communities of the person."""
    # Who passes an anonymous question isn't written down.
    passed = [round for round in waiting_for(ctx) if round.level != NOBODY_CAN_TELL]
    for round in passed:
        answering.skip(ctx, round)
    among = [ctx.community_id] if ctx.community_or_none else people.communities_of(ctx.session, ctx.me)
    local = ctx.now.astimezone(ctx.zone).date()
    monday = local + timedelta(days=7 - local.weekday())
    for community in among:
        absences.begin(ctx.session, community, ctx.me, absences.MUTED, ctx.now, monday)
    return later_views.not_this_week(len(passed), monday, has_any=bool(among))


@feature.click("this_week_after_all", needs=Role.ANYONE, community=False)
def ask_this_week_after_all(ctx: Context, event: Click) -> Reply:
    for row in absences.under_way(ctx.session, ctx.me, absences.MUTED):
        row.ended_at = ctx.now
    return later_views.this_week_after_all()


@feature.click(signals.MUTE_ROUND, needs=Role.MEMBER)
def pass_one(ctx: Context, event: Click) -> Reply:
    """Pass one open question, as from what "stop" offers."""
    round = lookup.find(ctx, event.value)
    answering.skip(ctx, round)
    return views.passed(round)


@feature.click(signals.MUTE_CHECKIN, needs=Role.ANYONE, community=False)
def mute_checkin(ctx: Context, event: Click) -> Reply:
    """Pass a question, and send its asker's later ones in private no more. All else goes on, at once."""
    round = _act_where_asked(ctx, event)
    what = lookup.touchpoint_of(ctx, round)
    muted = schedules.muted(ctx.session, ctx.community_id, ctx.me)
    schedules.set_muted(ctx.session, ctx.community_id, ctx.me, sorted({*muted, what}))
    answering.skip(ctx, round)
    asking.spare_nudge(ctx, round)
    # The day of rest was for as long as they had not said what should stop.
    if ctx.person.snoozed_until and ctx.person.snoozed_until <= ctx.now + ONE_DAY:
        ctx.person.snoozed_until = None
    return later_views.muted(round, ctx.community.name)


@feature.click("unmute", needs=Role.ANYONE, community=False)
def unmute_checkin(ctx: Context, event: Click) -> Reply:
    round = _act_where_asked(ctx, event)
    muted = schedules.muted(ctx.session, ctx.community_id, ctx.me)
    kept = muted - {lookup.touchpoint_of(ctx, round)}
    schedules.set_muted(ctx.session, ctx.community_id, ctx.me, sorted(kept))
    return later_views.unmuted(round)


def _act_where_asked(ctx: Context, event: Click) -> Round:
    """Return the round that a button names, and act in its community, where the person is a member."""
    round = rounds.anywhere(ctx.session, parse_id(event.value))
    member = people.membership(ctx.session, round.community_id, ctx.me) if round else None
    if round is None or round.is_planned or not people.is_member(member):
        raise Refusal(views.not_found())
    act_in(ctx, event, communities.get(ctx.session, round.community_id))
    ctx.serialise()
    return round
