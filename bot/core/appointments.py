"""Appointments: the one place where a person's role changes, so that every change is recorded and told.

Whoever gives a role could give it to themselves. So each change is announced, in the channel and to the facilitators,
by the timer `signals.ROLE_CHANGED`, and a new facilitator reads what is given to the facilitators from then on.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

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
        had, before = _holds(ctx.session, ctx.community_id, ctx.me, role), _own(ctx.membership)
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
    return _lost(ctx.session, ctx.me, _place(ctx), groups)


def end_lost_platform_roles(ctx: Context, event: PersonEvent) -> bool:
    """End and announce what `lost_platform_roles` returns. Returns whether there was any."""
    return _end(ctx.session, ctx.me, lost_platform_roles(ctx, event), ctx.now)


def follow_platform_roles(
    session: Session, person: int, place: tuple[str, str], groups: Sequence[str], now: datetime
) -> bool:
    """End and announce what somebody had by other roles than these, the ones they have in a space.

    `place` is the platform and the space. Returns whether there was any.
    """
    return _end(session, person, _lost(session, person, place, groups), now)


def _lost(session: Session, person: int, place: tuple[str, str], groups: Sequence[str]) -> list[Appointment]:
    return [
        row
        for row in appointments.all_from_platform(session, person, *place)
        if row.role not in role_mappings.given(session, row.community_id, place[0], groups)
    ]


def _end(session: Session, person: int, lost: Sequence[Appointment], now: datetime) -> bool:
    for row in lost:
        row.until = now
    session.flush()
    for row in lost:
        if not _holds(session, row.community_id, person, Role(row.role)):
            name = _name(Role(row.role))
            timers.put(session, row.community_id, signals.ROLE_CHANGED, f"{person}.0.{LOST[name]}.{name}", now)
    return bool(lost)


def _place(ctx: Context) -> tuple[str, str]:
    return ctx.here.platform, ctx.here.space


def _holds(session: Session, community: int, person: int, role: Role) -> bool:
    """Return whether a person has a role: by their own, or by one of the platform that is recorded."""
    row = people.membership(session, community, person)
    own = people.does_facilitate(row) if role == Role.FACILITATOR else _has_role(row, role)
    return own or appointments.has_from_platform(session, community, person, role=role)


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
