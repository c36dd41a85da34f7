"""Look up programs and who convenes them, and what changes when a community's part in one begins or ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.features.programs import views
from bot.ui import ToCommunity, ToFacilitators, ToPerson
from storage.communities import communities, programs
from storage.communities.communities import Community
from storage.communities.programs import Program, ProgramCommunity
from storage.meetings import joint_meetings
from storage.people import people


def convened(ctx: Context, id: str) -> Program:
    """Return a program that the acting person convenes, or refuse."""
    found = [row for row in programs.convened_by(ctx.session, ctx.me) if row.id == parse_id(id)]
    if not found:
        raise Refusal(views.not_a_convener())
    return found[0]


@contextmanager
def acting_for(ctx: Context, community: Community | None) -> Iterator[None]:
    """Post and audit in another community inside, with buttons that mean it. None: in no community.

    A message of a community reaches nobody outside of it.
    """
    before, ctx.community_or_none = ctx.community_or_none, community
    if community:
        ctx.serialise()
    try:
        yield
    finally:
        ctx.community_or_none = before


def tell_conveners(ctx: Context, program: Program, key: str, name: str, community: str, *, joined: bool) -> None:
    view = views.has_joined if joined else views.has_left
    with acting_for(ctx, None):
        for person in programs.conveners(ctx.session, programs.key(program)):
            if person != ctx.me:
                ctx.post(ToPerson(person), key, view, name, community)


def begin(ctx: Context, program: Program, row: ProgramCommunity) -> None:
    """Let the context's community join, and tell its members."""
    programs.join(ctx.session, row, ctx.now)
    others = [c.name for part, c in programs.communities(ctx.session, programs.key(program)) if part.joined_at]
    key = f"programs.joined.{row.id}"
    ctx.post(ToCommunity(), key, views.joined_here, program.name, [n for n in others if n != ctx.community.name])


def end(ctx: Context, program: Program, row: ProgramCommunity, *, by_convener: bool) -> None:
    """End the part of the context's community in a program, or its invitation, and tell both sides."""
    name, was_joined, id = program.name, row.joined_at is not None, row.id
    moment = f"{ctx.now:%Y%m%d%H%M%S}"
    if by_convener:
        ctx.post(ToFacilitators(), f"programs.ended.{id}.{moment}", views.ended_by_convener, name, ctx.community.name)
    elif was_joined:
        key = f"programs.left.{id}.{moment}"
        tell_conveners(ctx, program, key, name, ctx.community.name, joined=False)
    programs.end(ctx.session, row)
    if was_joined:
        joint_meetings.separate(ctx.session, ctx.community_id, ctx.now)
        ctx.schedule_timer(signals.PROGRAM_ENDED, at=ctx.now)
        ctx.post(ToCommunity(), f"programs.left_here.{id}", views.left_here, name)


def invitable(ctx: Context, program: Program) -> list[Community]:
    """Return the communities that the acting person can invite: those of their own, and where they have an account.

    A community that belongs to a program, or is invited to this one, is left out.
    """
    here = [(a.platform, a.space) for a in people.accounts(ctx.session, ctx.me)]
    if ctx.place:
        here.append((ctx.place.platform, ctx.place.space))
    found = {c.id: c for where in dict.fromkeys(here) for c in communities.in_space(ctx.session, *where)}
    for id in people.communities_of(ctx.session, ctx.me):
        if row := communities.get(ctx.session, id):
            found[id] = row
    known = {c.id for _part, c in programs.communities(ctx.session, programs.key(program))}
    free = [c for c in found.values() if c.id not in known and programs.of(ctx.session, c.id) is None]
    return sorted(free, key=lambda c: (c.name, c.id))
