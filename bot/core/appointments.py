"""Appointments: the one place where a person's role changes, so that every change is recorded and told.

Whoever gives a role could give it to themselves. So each change is announced, in the channel and to the facilitators,
by the timer `signals.ROLE_CHANGED`, and a new facilitator reads what is given to the facilitators from then on.
"""

from bot.core import signals
from bot.core.context import Context
from bot.core.events import PersonEvent
from bot.core.permissions import Role
from storage.communities import role_mappings
from storage.messaging import timers
from storage.people import appointments, people
from storage.people.appointments import Appointment
from storage.people.people import Membership

# What somebody is, in the value of the timer: "<person>.<who did it>.<now>.<before>". 0 did it for the platform.
FACILITATOR, ADMIN, MEMBER = "facilitator", "admin", "member"
# They no longer have the role of the platform that made them one.
LOST = {FACILITATOR: "no facilitator", ADMIN: "no admin"}


def set_role(ctx: Context, row: Membership, role: Role, *, facilitates: bool = False, is_told: bool = True) -> None:
    """Give a person this role. `facilitates` lets an admin facilitate too. `is_told` False: the caller announces it."""
    before, was = (row.role, people.does_facilitate(row)), _own(row)
    row.role, row.facilitates = int(role), facilitates
    ctx.session.flush()
    follow(ctx, row)
    if is_told and (row.role, people.does_facilitate(row)) != before:
        began = people.does_facilitate(row) and not before[1]
        _announce(ctx, row.person_id, FACILITATOR if began else _name(Role(row.role)), was)


def follow(ctx: Context, row: Membership) -> None:
    """Begin or end the person's time as facilitator, as their membership says now."""
    if people.does_facilitate(row):
        appointments.start(ctx.session, row.community_id, row.person_id, ctx.now)
    else:
        appointments.end(ctx.session, row.community_id, row.person_id, ctx.now)


def unrecorded(ctx: Context) -> list[Role]:
    """Return the roles that the platform gives the person who acts, and that are not recorded yet."""
    return [
        Role(role)
        for role in sorted(ctx.access.from_platform)
        if role > Role.MEMBER
        and not appointments.has_from_platform(ctx.session, ctx.community_id, ctx.me, role=role, place=_place(ctx))
    ]


def record_platform_roles(ctx: Context) -> None:
    """Record and announce roles that somebody has by a role of the platform, when they first act with it."""
    for role in unrecorded(ctx) if ctx.access.from_platform else ():
        had, before = _holds(ctx, ctx.community_id, role), _own(ctx.membership)
        appointments.start_from_platform(ctx.session, ctx.community_id, ctx.me, ctx.now, role=role, place=_place(ctx))
        if not had:
            _announce(ctx, ctx.me, _name(role), before, by=0)


def lost_platform_roles(ctx: Context, event: PersonEvent) -> list[Appointment]:
    """Return what the person who acts had by a role of the platform, in any community, and has no longer.

    That is what this event shows: the platform says which roles they have in the space where they act.
    """
    groups = event.person.groups
    if groups is None or not ctx.here.space or not (ctx.presence and ctx.presence.has_platform_role):
        return []
    return [
        row
        for row in appointments.all_from_platform(ctx.session, ctx.me, *_place(ctx))
        if row.role not in role_mappings.given(ctx.session, row.community_id, ctx.here.platform, groups)
    ]


def end_lost_platform_roles(ctx: Context, event: PersonEvent) -> bool:
    """End and announce what `lost_platform_roles` returns. Returns whether there was any."""
    lost = lost_platform_roles(ctx, event)
    for row in lost:
        row.until = ctx.now
    ctx.session.flush()
    for row in lost:
        if not _holds(ctx, row.community_id, Role(row.role)):
            name = _name(Role(row.role))
            value = f"{ctx.me}.0.{LOST[name]}.{name}"
            timers.put(ctx.session, row.community_id, signals.ROLE_CHANGED, value, ctx.now)
    return bool(lost)


def _place(ctx: Context) -> tuple[str, str]:
    return ctx.here.platform, ctx.here.space


def _holds(ctx: Context, community: int, role: Role) -> bool:
    """Return whether the person who acts has a role: by their own, or by one of the platform that is recorded."""
    row = people.membership(ctx.session, community, ctx.me)
    own = people.does_facilitate(row) if role == Role.FACILITATOR else _has_role(row, role)
    return own or appointments.has_from_platform(ctx.session, community, ctx.me, role=role)


def _has_role(row: Membership | None, role: Role) -> bool:
    return row is not None and row.left_at is None and row.role >= role


def _name(role: Role) -> str:
    return {Role.FACILITATOR: FACILITATOR, Role.ADMIN: ADMIN}.get(role, MEMBER)


def _own(row: Membership | None) -> str:
    """Return what somebody is by their own role, not by one of the platform."""
    if row is None or row.left_at:
        return MEMBER
    return FACILITATOR if people.does_facilitate(row) else _name(Role(row.role))


def _announce(ctx: Context, person: int, what: str, before: str, by: int | None = None) -> None:
    value = f"{person}.{ctx.me if by is None else by}.{what}.{before}"
    ctx.schedule_timer(signals.ROLE_CHANGED, value, at=ctx.now)
