"""Create a community from a finished plan, in the transaction of one event: everything or nothing."""

from datetime import timedelta

from bot.cadence import Reading
from bot.core import appointments, signals
from bot.core.context import Context
from bot.core.events import Click
from bot.core.identity import act_in
from bot.core.permissions import Role
from bot.features.setup import announcements, rules, views
from bot.features.setup.draft import Plan
from bot.operations import schedule_plan
from bot.ui import Message, ToCommunity, ToPerson
from storage.communities import communities
from storage.meetings import meetings
from storage.people import people
from storage.people.people import Person

# By then the welcome was delivered, or has failed.
SOON = timedelta(minutes=5)


def start(ctx: Context, event: Click, plan: Plan, reading: Reading | None) -> Message:
    """Create the community with its channel, roles, season and series, and announce it. `reading` None: no rule."""
    community = communities.add(
        ctx.session,
        name=plan.name,
        purpose=plan.purpose,
        zone=plan.zone,
        locale=plan.locale,
        country=plan.country,
        join_policy=plan.join_policy,
        now=ctx.now,
    )
    communities.bind(ctx.session, communities.key(community), plan.platform, plan.space, plan.channel)
    act_in(ctx, event, community)
    _give_roles(ctx, plan)
    _set_season(ctx, plan, reading)
    _set_series(ctx, plan, reading)
    lines = plan.schedule(reading, ctx.now)
    schedule_plan.begin(ctx.session, ctx.community_id, plan.preset, lines, ctx.now)
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    ctx.schedule_timer("setup.check", str(ctx.me), at=ctx.now + SOON)
    post_welcome(ctx, ctx.person)
    for facilitator in people.facilitators(ctx.session, ctx.community_id):
        if people.key(facilitator) != ctx.me:
            to = ToPerson(people.key(facilitator))
            ctx.post(to, f"setup.facilitator.{community.id}", announcements.you_facilitate, community.name, ctx.person)
    ctx.audit("setup.start", community.name)
    return views.started(community.name)


def post_welcome(ctx: Context, admin: Person | None) -> None:
    """Post the welcome, or rewrite it as the community is now. `admin` set it up; None where that isn't known."""
    ctx.post(
        ToCommunity(),
        f"{signals.WELCOME}.{ctx.community_id}",
        announcements.welcome,
        ctx.community.name,
        ctx.community.purpose,
        people.facilitators(ctx.session, ctx.community_id),
        admin,
        promise=schedule_plan.promised(ctx.session, ctx.community_id),
        reads_threads=ctx.reads_threads,
    )


def _give_roles(ctx: Context, plan: Plan) -> None:
    for account in plan.facilitators:
        who = people.get_or_create(ctx.session, platform=plan.platform, space=plan.space, external=account)
        row = people.enrol(ctx.session, ctx.community_id, people.key(who))
        appointments.set_role(ctx, row, Role.FACILITATOR, is_told=False)
    # An admin who was chosen as facilitator too keeps both.
    own = people.enrol(ctx.session, ctx.community_id, ctx.me)
    appointments.set_role(ctx, own, Role.ADMIN, facilitates=own.role == Role.FACILITATOR, is_told=False)


def _set_season(ctx: Context, plan: Plan, reading: Reading | None) -> None:
    rule = reading.rule if reading else None
    starts, ends = rules.season(rule, plan.dates(reading, ctx.now, 1), plan.today(ctx.now))
    communities.add_season(ctx.session, ctx.community_id, rules.season_name(starts, ends), starts, ends)


def _set_series(ctx: Context, plan: Plan, reading: Reading | None) -> None:
    if reading is None:
        return
    place, link = rules.read_place(plan.place)
    meetings.add_series(
        ctx.session,
        ctx.community_id,
        title=plan.name,
        rule=reading.rule.to_json(),
        zone=reading.rule.zone,
        minutes=reading.rule.minutes,
        now=ctx.now,
        place=place,
        link=link,
    )
