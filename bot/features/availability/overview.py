"""One place where a person sees and changes everything that decides what reaches them, and when."""

from bot.core.context import Context
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain.limit_words import Promise
from bot.domain.touchpoints import OWN
from bot.features.availability import away, overview_views
from bot.features.availability.feature import feature
from bot.operations import schedule_plan
from bot.ui import Reply
from storage.communities import communities, schedules
from storage.learning import checkins
from storage.people import absences, people


@feature.command(
    "settings pace",
    help="Everything that decides when I reach you, in one place, to see and change",
    needs=Role.ANYONE,
    community=False,
)
def show_pace(ctx: Context, event: Command) -> Reply:
    return _overview(ctx)


@feature.click("weekends", needs=Role.ANYONE, community=False)
def change_weekends(ctx: Context, event: Click) -> Reply:
    """Let private messages wait on weekends, or no longer."""
    ctx.person.rests_weekends = event.value == "rest"
    return _overview(ctx, replace=True)


@feature.click("rest_over", needs=Role.ANYONE, community=False)
def end_rest(ctx: Context, event: Click) -> Reply:
    """End a pause, and what was said of this week."""
    ctx.person.snoozed_until = None
    for row in absences.under_way(ctx.session, ctx.me, absences.MUTED):
        row.ended_at = ctx.now
    return _overview(ctx, replace=True)


def _overview(ctx: Context, *, replace: bool = False) -> Reply:
    here = ctx.community_or_none
    row = ctx.membership if here else None
    member = row if people.is_member(row) else None
    resting = [
        each.back_on
        for each in absences.under_way(ctx.session, ctx.me, absences.MUTED)
        if absences.covers(each, ctx.now, str(ctx.zone))
    ]
    return overview_views.overview(
        ctx.person,
        str(ctx.zone),
        ctx.now,
        away=away.days_away(ctx),
        muted_until=max(resting, default=None),
        community=here.name if here and member else "",
        member=member,
        muted=_muted(ctx),
        promise=schedule_plan.promised(ctx.session, ctx.community_id) if member else Promise(),
        replace=replace,
    )


def _muted(ctx: Context) -> list[str]:
    """Return the names of what the person has muted here; elsewhere in all of their communities."""
    here = ctx.community_or_none
    among = [ctx.community_id] if here else people.communities_of(ctx.session, ctx.me)
    names = []
    for community_id in among:
        community = communities.get(ctx.session, community_id)
        for what in sorted(schedules.muted(ctx.session, community_id, ctx.me)):
            is_own = what.startswith(OWN)
            checkin = checkins.get(ctx.session, community_id, parse_id(what.removeprefix(OWN))) if is_own else None
            labels = ctx.timer_labels.get(what)
            name = checkin.name if checkin else labels.shortened("") if labels else ""
            if name and community:
                names.append(name if here else f"{name} ({community.name})")
    return names
