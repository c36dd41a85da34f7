"""Being away: until a day, in one community or all. Nothing private is sent, and one message says what waits after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import cadence
from bot.cadence import Unreadable
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.availability import away_views, rules
from bot.features.availability.feature import feature
from bot.operations import open_questions
from bot.ui import FormErrors, Reply, ToPerson
from bot.ui.markup import plain
from storage.communities import communities
from storage.communities.communities import Community
from storage.messaging import timers
from storage.people import absences, people
from storage.people.absences import AWAY, Absence
from storage.people.people import Person

NINE = time(9)
RETURN = "pace.back"  # timer; its value is the person


class NotPlanned(Exception):
    """What was typed names no day to come. Its text says why, and `right` is a form that can be read, "" for none."""

    def __init__(self, why: str, right: str = "") -> None:
        super().__init__(why)
        self.right = right


@feature.command(
    "away",
    help="Be left alone until a day you choose: “away until Jan 5”, “away off”",
    needs=Role.ANYONE,
    argument="[until when]",
    example="away until Jan 5",
    community=False,
)
def go_away(ctx: Context, event: Command) -> Reply:
    if rules.is_back(event.text):
        return _come_back(ctx)
    among = _communities(ctx)
    if not event.text:
        rows = _away_rows(ctx)
        return away_views.away(_by_community(ctx, rows), None) if rows else _form(ctx)
    try:
        return _go(ctx, event.text, among)
    except NotPlanned as why:
        raise Refusal(str(why), retry=f"away until {why.right}" if why.right else "") from why


@feature.click("ask_away", needs=Role.ANYONE, community=False, reads=True)
def ask_for_day(ctx: Context, event: Click) -> Reply:
    _communities(ctx)
    return _form(ctx)


def _form(ctx: Context, until: str = "", where: str = "all") -> Reply:
    several = len(people.communities_of(ctx.session, ctx.me)) > 1
    here = ctx.community_or_none
    return away_views.form(until, where, here.name if here and several else "")


@feature.form("away", shared=(), needs=Role.ANYONE, community=False)
def save_day(ctx: Context, event: Submission) -> Reply:
    among = _communities(ctx)
    until, where = event.answers["until"], event.answers["where"]
    if where == "here" and ctx.community_or_none and ctx.community_id in among:
        among = [ctx.community_id]
    try:
        return _go(ctx, until, among)
    except NotPlanned as why:
        form = away_views.form(until, where, ctx.community_or_none.name if ctx.community_or_none else "")
        return FormErrors(form, {"until": plain(str(why))})


@feature.click("only_here", needs=Role.MEMBER)
def be_away_only_here(ctx: Context, event: Click) -> Reply:
    """End what was just said of all communities, in all but this one."""
    for row in absences.under_way(ctx.session, ctx.me, AWAY):
        if row.community_id != ctx.community_id:
            row.ended_at = ctx.now
    ctx.session.flush()
    plan_return(ctx, ctx.person)
    rows = _away_rows(ctx)
    return away_views.away(_by_community(ctx, rows), None, replace=True) if rows else away_views.not_away()


@feature.click("come_back", needs=Role.ANYONE, community=False)
def come_back(ctx: Context, event: Click) -> Reply:
    return _come_back(ctx)


def _communities(ctx: Context) -> Sequence[int]:
    among = people.communities_of(ctx.session, ctx.me)
    if not among:
        raise Refusal(away_views.no_community())
    return among


def _go(ctx: Context, typed: str, among: Sequence[int]) -> Reply:
    """Record that the person is away from some of their communities. Raises NotPlanned."""
    days = _days(ctx, typed, [c for id in among if (c := communities.get(ctx.session, id))])
    for community, day in days.items():
        absences.begin(ctx.session, community, ctx.me, AWAY, ctx.now, day)
    plan_return(ctx, ctx.person)
    here = ctx.community_or_none
    only = here.name if here and len(days) > 1 and here.id in days else None
    return away_views.away(_by_community(ctx, _away_rows(ctx)), only)


def _days(ctx: Context, typed: str, among: Sequence[Community]) -> Mapping[int, date]:
    """Return on which day the person is back in each community. Raises NotPlanned."""
    today = ctx.now.astimezone(ctx.zone).date()
    if rules.means_after_break(typed):
        found = {communities.key(c): day for c in among if (day := _after_break(ctx, c, today))}
        if not found:
            raise NotPlanned(away_views.no_break())
        return found
    try:
        day = rules.read_back(typed, zone=str(ctx.zone), now=ctx.now)
    except Unreadable as why:
        raise NotPlanned(away_views.unreadable(typed, str(why)), why.suggestion) from why
    if day <= today:
        raise NotPlanned(away_views.not_to_come(day), rules.TOMORROW)
    if day > today + rules.LONGEST_AWAY:
        raise NotPlanned(away_views.too_far(day))
    return {communities.key(community): day for community in among}


def _after_break(ctx: Context, community: Community, today: date) -> date | None:
    own = communities.closures(ctx.session, communities.key(community))

    def is_closed(day: date) -> bool:
        return cadence.is_closed(day, country=community.country, region=community.region, closed=own)

    return rules.after_break(today, own, is_closed)


def _away_rows(ctx: Context) -> Sequence[Absence]:
    return [
        row
        for row in absences.under_way(ctx.session, ctx.me, AWAY)
        if absences.covers(row, ctx.now, _zone(ctx, ctx.person, row))
    ]


def _by_community(ctx: Context, rows: Collection[Absence]) -> Mapping[str, date]:
    names = {row.community_id: communities.get(ctx.session, row.community_id) for row in rows}
    return {c.name: row.back_on for row in rows if (c := names[row.community_id])}


def days_away(ctx: Context) -> Mapping[str, date]:
    """Return until when the person who acts is away, by community."""
    return _by_community(ctx, _away_rows(ctx))


def _zone(ctx: Context, person: Person, row: Absence) -> str:
    community = communities.get(ctx.session, row.community_id)
    return person.zone or (community.zone if community else "UTC")


def plan_return(ctx: Context, person: Person) -> None:
    """Set the timer for the morning on which somebody is back first, where they are now; none if they aren't away."""
    back = [
        datetime.combine(row.back_on, NINE, ZoneInfo(_zone(ctx, person, row)))
        for row in absences.under_way(ctx.session, people.key(person), AWAY)
    ]
    if back:
        # One that has passed meanwhile, because they moved, is due at once.
        timers.put(ctx.session, None, RETURN, str(person.id), max(min(back), ctx.now + timedelta(seconds=1)))
        ctx.work_queued = True
    else:
        timers.drop(ctx.session, None, RETURN, str(person.id))


@feature.timer("back", community=False)
def welcome_back(ctx: Context, event: TimerFired) -> Reply:
    """Tell somebody whose day has come what waits for them, in one message."""
    person = people.get(ctx.session, parse_id(event.value))
    if person is None:
        return None
    over = []
    for row in absences.under_way(ctx.session, people.key(person), AWAY):
        if not absences.covers(row, ctx.now, _zone(ctx, person, row)):
            row.ended_at = ctx.now
            over.append(row.community_id)
    ctx.session.flush()
    plan_return(ctx, person)
    if over:
        waiting = _waiting(ctx, people.key(person), over)
        ctx.post(ToPerson(people.key(person)), f"{RETURN}.{ctx.now:%Y%m%d}", away_views.back, waiting)
    return None


def _come_back(ctx: Context) -> Reply:
    rows = absences.under_way(ctx.session, ctx.me, AWAY)
    for row in rows:
        row.ended_at = ctx.now
    ctx.session.flush()
    plan_return(ctx, ctx.person)
    if not rows:
        return away_views.not_away()
    return away_views.back(_waiting(ctx, ctx.me, [row.community_id for row in rows]), replace=True)


def _waiting(ctx: Context, person: int, among: Sequence[int]) -> Mapping[str, int]:
    """Return how many questions are open for somebody, by the name of the community."""
    open_now = [row.community_id for row in open_questions.waiting_for(ctx, person, among)]
    found = {id: communities.get(ctx.session, id) for id in dict.fromkeys(open_now)}
    return {community.name: open_now.count(id) for id, community in found.items() if community}
