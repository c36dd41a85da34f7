"""Commands that set when the bot may reach a person. The settings hold in every community of that person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, read_zone, zones_like, zones_near
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.availability import away, views
from bot.features.availability.feature import feature
from bot.features.availability.rules import NoHours, read_hours
from bot.operations import open_questions
from bot.ui import Message, Reply
from storage.people import people

NINE = time(9)
PAUSES = (1, 2, 4)  # weeks
# How long questions rest while somebody is asked what should stop.
REST = timedelta(days=1)


@feature.command(
    "snooze",
    help="Pause the bot’s questions to you for one, two or four weeks",
    needs=Role.ANYONE,
    choices=("1w", "2w", "4w", "off"),
    example="snooze 2w",
    community=False,
)
def snooze(ctx: Context, event: Command) -> Reply:
    if event.text.lower() == "off":
        return _resume(ctx, replace=False)
    return _snooze(ctx, int(event.text[0]))


def _snooze(ctx: Context, weeks: int) -> Message:
    back = ctx.now.astimezone(ctx.zone).date() + timedelta(weeks=weeks)
    ctx.person.snoozed_until = datetime.combine(back, NINE, ctx.zone)
    return views.snoozed(ctx.person.snoozed_until)


@feature.phrase("stop", "unsubscribe", "stop it", "leave me alone", "basta", "para", "alto", "déjame en paz")
def ask_what_should_stop(ctx: Context, event: Command) -> Reply:
    """Ask what should stop. Meanwhile, and if they say nothing more, questions rest for a day."""
    person = ctx.person
    person.snoozed_until = max(person.snoozed_until or ctx.now, ctx.now + REST)
    among = [ctx.community_id] if ctx.community_or_none else people.communities_of(ctx.session, ctx.me)
    return views.what_should_stop(open_questions.waiting_for(ctx, ctx.me, among), ctx.community_or_none)


@feature.click("nothing", needs=Role.ANYONE, community=False)
def let_nothing_stop(ctx: Context, event: Click) -> Reply:
    """Take back the day of rest. A longer pause stays."""
    if ctx.person.snoozed_until and ctx.person.snoozed_until <= ctx.now + REST:
        ctx.person.snoozed_until = None
    return views.nothing_stops()


@feature.click("stop_messages", needs=Role.ANYONE, community=False, reads=True)
def ask_until_when(ctx: Context, event: Click) -> Reply:
    return views.until_when()


@feature.click("pause", needs=Role.ANYONE, community=False)
def pause(ctx: Context, event: Click) -> Reply:
    weeks = parse_id(event.value)
    if weeks not in PAUSES:
        raise Refusal(views.what_can_be_paused())
    return replace(_snooze(ctx, weeks), replace=True)


@feature.click("resume", needs=Role.ANYONE, community=False)
def resume(ctx: Context, event: Click) -> Reply:
    return _resume(ctx, replace=True)


def _resume(ctx: Context, *, replace: bool) -> Reply:
    ctx.person.snoozed_until = None
    return views.resumed(replace=replace)


def suggest_zones(ctx: Context, typed: str) -> Sequence[str]:
    return zones_like(typed)


@feature.command(
    "timezone",
    help="Say which time zone you are in; times are shown and kept in it",
    needs=Role.ANYONE,
    argument="<zone>",
    complete=suggest_zones,
    example="timezone New York",
    community=False,
)
def set_zone(ctx: Context, event: Command) -> Reply:
    try:
        zone = read_zone(event.text)
    except Unreadable as why:
        near, own = zones_near(event.text), event.person.zone or ctx.person.zone
        among = tuple(f"timezone {zone}" for zone in dict.fromkeys([*([own] if own else []), *near]))
        raise Refusal(views.unknown_zone(str(why), near, own), among=among) from why
    ctx.person.zone, ctx.person.zone_chosen = zone, True
    away.plan_return(ctx, ctx.person)
    return views.zone_set(zone, ctx.now.astimezone(ZoneInfo(zone)))


@feature.command(
    "quiet",
    help="Say between which hours of your day the bot leaves you in peace",
    needs=Role.ANYONE,
    argument="<from> <to>",
    example="quiet 20 8",
    community=False,
)
def set_quiet(ctx: Context, event: Command) -> Reply:
    try:
        ctx.person.quiet_from, ctx.person.quiet_to = read_hours(event.text)
    except NoHours as why:
        raise Refusal(views.unreadable_hours(event.text), retry="quiet 20 8") from why
    return views.quiet_set(ctx.person.quiet_from, ctx.person.quiet_to, str(ctx.zone))
