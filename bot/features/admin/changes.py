"""Tells everyone about a change of role: in the channel, and privately those who facilitate."""

from bot.core import appointments, signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.core.resolver import parse_id
from bot.features.admin import change_views
from bot.features.admin.feature import feature
from bot.ui import Reply, ToCommunity, ToPerson
from storage.people import people


@feature.timer(signals.ROLE_CHANGED)
def tell(ctx: Context, event: TimerFired) -> Reply:
    """Announce what somebody is now. The value is the person, who did it (0 for a role of the platform), and what."""
    person, by, what = event.value.split(".")
    who = people.get(ctx.session, parse_id(person))
    if who is None:
        return None
    did_it = people.get(ctx.session, parse_id(by)) if parse_id(by) else None
    key = f"admin.role.{ctx.community_id}.{person}.{event.at:%Y%m%d%H%M%S}.{what}"
    ctx.post(ToCommunity(), key, change_views.changed, ctx.community.name, who, what, did_it)
    for facilitator in people.facilitators(ctx.session, ctx.community_id):
        if facilitator.id != who.id:
            to, view = ToPerson(people.key(facilitator)), change_views.changed_privately
            ctx.post(to, key, view, ctx.community.name, who, what, did_it)
    if what == appointments.FACILITATOR:
        ctx.post(ToPerson(people.key(who)), key, change_views.you_facilitate, ctx.community.name, did_it)
    return None


def tell_of_group(ctx: Context, what: str, group: str) -> None:
    """Announce what a role of the platform gives now. Whoever has it is announced when they first act with it."""
    key = f"admin.group.{ctx.community_id}.{ctx.now:%Y%m%d%H%M%S}.{what}.{group}"[:200]
    platform = ctx.here.platform
    ctx.post(ToCommunity(), key, change_views.group_changed, ctx.community.name, group, platform, what, ctx.person)
    for facilitator in people.facilitators(ctx.session, ctx.community_id):
        to, view = ToPerson(people.key(facilitator)), change_views.group_changed
        ctx.post(to, key, view, ctx.community.name, group, platform, what, ctx.person)
