"""Appointments: the one place where a person's role changes, so that every change is recorded and told.

Whoever gives a role could give it to themselves. So each change is announced, in the channel and to the facilitators,
by the timer `signals.ROLE_CHANGED`, and a new facilitator reads what is given to the facilitators from then on.
"""

from bot.core import signals
from bot.core.context import Context
from bot.core.permissions import Role
from storage.people import appointments, people
from storage.people.people import Membership

# What somebody is, in the value of the timer: "<person>.<who did it>.<now>.<before>". 0 did it for the platform.
FACILITATOR, ADMIN, MEMBER = "facilitator", "admin", "member"


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
        and not appointments.is_under_way(ctx.session, ctx.community_id, ctx.me, role=role, from_platform=True)
    ]


def record_platform_roles(ctx: Context) -> None:
    """Record and announce roles that somebody has by a role of the platform, when they first act with it."""
    for role in unrecorded(ctx) if ctx.access.from_platform else ():
        held = people.does_facilitate(ctx.membership) if role == Role.FACILITATOR else _has_role(ctx, role)
        appointments.start(ctx.session, ctx.community_id, ctx.me, ctx.now, role=role, from_platform=True)
        if not held:
            _announce(ctx, ctx.me, _name(role), _own(ctx.membership), by=0)


def _has_role(ctx: Context, role: Role) -> bool:
    row = ctx.membership
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
