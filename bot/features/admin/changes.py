"""Tells everyone about a change of role: in the channel, and privately those who facilitate and the person.

Each change is told, even one that is undone before the message about it was sent: somebody could give themselves a
role at night, read, and step back. Only the person themselves is told what holds in the end (`Context.tell`).
"""

from bot.core import appointments, signals
from bot.core.context import Context, News
from bot.core.events import TimerFired
from bot.core.resolver import parse_id
from bot.features.admin import change_views
from bot.features.admin.feature import feature
from bot.ui import Reply, ToCommunity, ToPerson
from storage.people import people


@feature.timer(signals.ROLE_CHANGED)
def tell(ctx: Context, event: TimerFired) -> Reply:
    """Announce what somebody is now: the person, who did it (0 for a role of the platform), what, and what before."""
    person, by, what, before = event.value.split(".")
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
    now = appointments.MEMBER if what in appointments.LOST.values() else what
    subject = f"role.{ctx.community_id}.{person}"
    own = News(subject, now, f"{key}.own", before, [people.key(who)], by=did_it.id if did_it else None)
    ctx.tell(own, change_views.your_role, ctx.community.name, what, did_it)
    return None


def tell_of_group(ctx: Context, what: str, group: str) -> None:
    """Announce what a role of the platform gives now. Whoever has it is announced when they first act with it."""
    key = f"admin.group.{ctx.community_id}.{ctx.now:%Y%m%d%H%M%S}.{what}.{group}"[:200]
    platform = ctx.here.platform
    ctx.post(ToCommunity(), key, change_views.group_changed, ctx.community.name, group, platform, what, ctx.person)
    for facilitator in people.facilitators(ctx.session, ctx.community_id):
        to, view = ToPerson(people.key(facilitator)), change_views.group_changed
        ctx.post(to, key, view, ctx.community.name, group, platform, what, ctx.person)
