"""Handing over: a facilitator lets another facilitator read what was given to the facilitators before their time."""

from bot.core import person_reference
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.admin import change_views
from bot.features.admin.feature import feature
from bot.ui import Reply, ToCommunity
from storage.learning import rounds
from storage.people import appointments, people
from storage.people.people import Person


@feature.command(
    "handover",
    help="Let another facilitator read what was given to the facilitators before their time",
    needs=Role.FACILITATOR,
    argument="<@person>",
    example="handover @Ben",
)
def ask(ctx: Context, event: Command) -> Reply:
    account = person_reference.read(event.text)
    if not account:
        raise Refusal(change_views.who_is_meant(event.text))
    known = people.account(ctx.session, ctx.here.platform, account)
    who = _receiver(ctx, known.person_id if known else 0)
    known_times = set(appointments.periods(ctx.session, ctx.community_id, people.key(who)))
    own = appointments.periods(ctx.session, ctx.community_id, ctx.me)
    if not own or all(any(their.contains(each) for their in known_times) for each in own):
        return change_views.nothing_to_hand_over(who)
    given = [at for at in rounds.given_to_facilitators(ctx.session, ctx.community_id) if ctx.reads_given(at)]
    return change_views.confirm(who, len(given))


@feature.click("hand_over", needs=Role.FACILITATOR)
def hand_over(ctx: Context, event: Click) -> Reply:
    """Hand over, with the channel told and the audit log written."""
    who = _receiver(ctx, parse_id(event.value))
    appointments.hand_over(ctx.session, ctx.community_id, ctx.me, people.key(who), ctx.now)
    ctx.audit("role.handover", f"person {people.key(who)}")
    key = f"admin.handover.{ctx.community_id}.{ctx.me}.{who.id}.{ctx.now:%Y%m%d%H%M%S}"
    ctx.post(ToCommunity(), key, change_views.told_of_handover, ctx.community.name, ctx.person, who)
    return change_views.handed_over(who)


@feature.click("hand_over_not", needs=Role.FACILITATOR)
def keep(ctx: Context, event: Click) -> Reply:
    return change_views.kept()


def _receiver(ctx: Context, person: int) -> Person:
    """Return another facilitator of this community. Refuses unless the person who acts facilitates too."""
    if not ctx.access.is_facilitator:
        raise Refusal(change_views.only_facilitators())
    row = people.membership(ctx.session, ctx.community_id, person)
    who = people.get(ctx.session, person)
    if (
        who is None
        or who.id == ctx.me
        or not (
            people.does_facilitate(row) or appointments.facilitates_by_platform(ctx.session, ctx.community_id, person)
        )
    ):
        raise Refusal(change_views.not_a_facilitator())
    return who
