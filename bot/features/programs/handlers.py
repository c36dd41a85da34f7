"""Handlers for a community's side: see its program, accept or decline an invitation, and leave."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.programs import views
from bot.features.programs.feature import feature
from bot.features.programs.lookup import acting_for, begin, end, tell_conveners
from bot.ui import Reply, ToFacilitators
from storage.communities import programs
from storage.communities.programs import Program, ProgramCommunity
from storage.people import people


@feature.command("program", help="The program that this community belongs to, and who convenes it")
def show(ctx: Context, event: Command) -> Reply:
    return shown(ctx)


def shown(ctx: Context) -> Reply:
    """Show the community's program, with the buttons that the acting person may use."""
    leads = ctx.access.allows(Role.FACILITATOR)
    program = programs.of(ctx.session, ctx.community_id)
    invited = programs.invitations(ctx.session, ctx.community_id) if leads and program is None else ()
    convened = programs.convened_by(ctx.session, ctx.me)
    return views.overview(
        _seen(ctx, program) if program else None,
        leads=leads,
        invitations=[_seen(ctx, row) for row in invited],
        convened=[_seen(ctx, row) for row in convened],
        community=ctx.community.name,
    )


def _seen(ctx: Context, program: Program) -> views.SeenProgram:
    found = programs.communities(ctx.session, programs.key(program))
    convening = programs.conveners(ctx.session, programs.key(program))
    return views.SeenProgram(
        str(program.id),
        program.name,
        tuple((id, row.name) for id in convening if (row := people.get(ctx.session, id))),
        tuple(c.name for part, c in found if part.joined_at),
        tuple(c.name for part, c in found if not part.joined_at),
    )


def _invitation(ctx: Context, id: str) -> tuple[Program, ProgramCommunity]:
    program = programs.get(ctx.session, parse_id(id))
    row = programs.part(ctx.session, programs.key(program), ctx.community_id) if program else None
    if program is None or row is None or row.joined_at:
        raise Refusal(views.no_invitation())
    return program, row


@feature.click("accept", needs=Role.FACILITATOR)
def accept(ctx: Context, event: Click) -> Reply:
    program, row = _invitation(ctx, event.value)
    if other := programs.of(ctx.session, ctx.community_id):
        raise Refusal(views.in_another(other.name))
    begin(ctx, program, row)
    ctx.audit("programs.accept")
    tell_conveners(ctx, program, f"programs.accepted.{row.id}", program.name, ctx.community.name, joined=True)
    return views.accepted(program.name, ctx.community.name)


@feature.click("decline", needs=Role.FACILITATOR)
def decline(ctx: Context, event: Click) -> Reply:
    program, row = _invitation(ctx, event.value)
    name = program.name
    ctx.audit("programs.decline")
    tell_conveners(ctx, program, f"programs.declined.{row.id}", name, ctx.community.name, joined=False)
    programs.end(ctx.session, row)
    return views.declined(name)


@feature.click("take_on", needs=Role.FACILITATOR)
def take_on(ctx: Context, event: Click) -> Reply:
    """Let a facilitator convene a program whose conveners have all had their data deleted."""
    program, _row = _own(ctx, event.value)
    id = programs.key(program)
    if already := _seen(ctx, program).conveners:
        raise Refusal(views.has_convener(already[0][1]))
    programs.convene(ctx.session, id, ctx.me)
    ctx.audit("programs.take_on")
    for row, community in programs.communities(ctx.session, id):
        if row.joined_at:
            with acting_for(ctx, community):
                key = f"programs.taken_on.{row.id}"
                ctx.post(ToFacilitators(), key, views.has_taken_on, program.name, ctx.me, ctx.person.name)
    return views.taken_on(str(id), program.name)


@feature.click("leave", needs=Role.FACILITATOR)
def ask_to_leave(ctx: Context, event: Click) -> Reply:
    program, _row = _own(ctx, event.value)
    return views.confirm_leaving(str(program.id), program.name, ctx.community.name)


@feature.click("leave_now", needs=Role.FACILITATOR)
def leave(ctx: Context, event: Click) -> Reply:
    program, row = _own(ctx, event.value)
    name = program.name
    ctx.audit("programs.leave")
    end(ctx, program, row, by_convener=False)
    return views.left(name, ctx.community.name)


@feature.click("stay", needs=Role.ANYONE)
def stay(ctx: Context, event: Click) -> Reply:
    return views.stayed()


def _own(ctx: Context, id: str) -> tuple[Program, ProgramCommunity]:
    program = programs.of(ctx.session, ctx.community_id)
    row = programs.part(ctx.session, programs.key(program), ctx.community_id) if program else None
    if program is None or row is None or program.id != parse_id(id):
        raise Refusal(views.not_in_it())
    return program, row
