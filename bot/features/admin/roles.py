"""Commands that give roles: to a person, or to everyone with a role of the platform."""

from bot.core import appointments
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Command
from bot.core.permissions import Role
from bot.features.admin import changes, rules, views
from bot.features.admin.feature import feature
from bot.ui import Reply
from storage.communities import role_mappings
from storage.people import appointments as times
from storage.people import people


@feature.command(
    "role map",
    help="Make a person, or everybody with a platform role, facilitator or admin",
    needs=Role.ADMIN,
    argument="<facilitator|admin|member> <@person or @role>",
    example="role map facilitator @Ben",
)
def map_role(ctx: Context, event: Command) -> Reply:
    """Give a role, or take it away with "member". Refuses to give one to someone who left the community."""
    read = rules.read_role(event.text)
    if read is None:
        raise Refusal(views.unreadable_role(event.text))
    name, account, group = read
    role = Role[name.upper()]
    if group:
        if role > Role.MEMBER:
            role_mappings.give(ctx.session, ctx.community_id, ctx.here.platform, group, int(role))
        else:
            # Joining is each person's own choice, so a platform role never makes anyone a member.
            role_mappings.take_back(ctx.session, ctx.community_id, ctx.here.platform, group)
            times.end_from_platform(ctx.session, ctx.community_id, ctx.now)
        ctx.audit("role.map", f"{name} {ctx.here.platform} role {group}")
        changes.tell_of_group(ctx, name, group)
        return views.group_mapped(name, group, ctx.shown_to(ctx.here.platform, name))
    who = people.get_or_create(ctx.session, platform=ctx.here.platform, space=ctx.here.space, external=account)
    row = people.enrol(ctx.session, ctx.community_id, people.key(who))
    if row.left_at and role > Role.MEMBER:
        raise Refusal(views.has_left(who))
    if role == Role.FACILITATOR and row.role == Role.ADMIN:
        # An admin who becomes a facilitator stays an admin: the flag is set beside the greater role.
        appointments.set_role(ctx, row, Role.ADMIN, facilitates=True)
    else:
        appointments.set_role(ctx, row, role, facilitates=people.does_facilitate(row) and role == Role.ADMIN)
    ctx.audit("role.map", f"{name} person {people.key(who)}")
    return views.person_mapped(name, who, ctx.shown_to(ctx.here.platform, name))


@feature.command("role show", help="Who facilitates and who administers", needs=Role.ADMIN)
def show(ctx: Context, event: Command) -> Reply:
    own = [
        (Role(row.role).name.lower(), person)
        for person in people.with_role(ctx.session, ctx.community_id, Role.FACILITATOR)
        if (row := people.membership(ctx.session, ctx.community_id, people.key(person)))
    ]
    mapped = [
        (Role(m.role).name.lower(), m.platform, m.external)
        for m in role_mappings.in_community(ctx.session, ctx.community_id)
    ]
    return views.roles(own, mapped, here=ctx.here.platform)
