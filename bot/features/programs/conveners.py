"""Handlers for the conveners' side: start a program, invite and remove communities, and share the work."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.programs import views
from bot.features.programs.feature import feature
from bot.features.programs.lookup import acting_for, begin, convened, end, invitable
from bot.ui import FormErrors, Reply, ToFacilitators, ToPerson
from storage.communities import programs
from storage.people import people

LONGEST = 60  # characters of a name


@feature.command(
    "program create",
    help="Start a program of several communities, with this one",
    needs=Role.ADMIN,
    argument="<name>",
    example="program create Riverside after school",
)
def create(ctx: Context, event: Command) -> Reply:
    """Start a program. The own community joins at once if the person facilitates it, and is invited otherwise."""
    name = " ".join(event.text.split())
    if len(name) > LONGEST:
        raise Refusal(views.too_long(len(name), LONGEST))
    if own := programs.of(ctx.session, ctx.community_id):
        raise Refusal(views.in_another(own.name))
    program = programs.create(ctx.session, name, ctx.me, ctx.now)
    row = programs.invite(ctx.session, programs.key(program), ctx.community_id, ctx.now)
    ctx.audit("programs.create")
    if joins := ctx.access.is_facilitator:
        begin(ctx, program, row)
    else:
        ctx.post(
            ToFacilitators(), f"programs.invited.{row.id}", views.invitation, str(program.id), name, ctx.community.name
        )
    return views.created(str(program.id), name, ctx.community.name, joined=joins)


@feature.click("invite", needs=Role.ANYONE, community=False)
def choose_community(ctx: Context, event: Click) -> Reply:
    program = convened(ctx, event.value)
    return views.choose_community(str(program.id), [(str(c.id), c.name) for c in invitable(ctx, program)])


@feature.click("invite_one", needs=Role.ANYONE, community=False)
def invite(ctx: Context, event: Click) -> Reply:
    """Invite a community. Nothing changes for it until a facilitator there accepts."""
    program = convened(ctx, event.value)
    chosen = event.chosen[0] if event.chosen else ""
    found = [c for c in invitable(ctx, program) if str(c.id) == chosen]
    if not found:
        raise Refusal(views.cannot_invite())
    [community] = found
    with acting_for(ctx, community):
        row = programs.invite(ctx.session, programs.key(program), ctx.community_id, ctx.now)
        ctx.audit("programs.invite")
        key = f"programs.invited.{row.id}"
        ctx.post(ToFacilitators(), key, views.invitation, str(program.id), program.name, community.name)
    return views.invited(program.name, community.name)


@feature.click("remove", needs=Role.ANYONE, community=False)
def choose_to_remove(ctx: Context, event: Click) -> Reply:
    program = convened(ctx, event.value)
    found = programs.communities(ctx.session, programs.key(program))
    return views.choose_to_remove(str(program.id), [(str(c.id), c.name) for _part, c in found])


@feature.click("remove_one", needs=Role.ANYONE, community=False)
def remove(ctx: Context, event: Click) -> Reply:
    """End a community's part in the program, or take its invitation back."""
    program = convened(ctx, event.value)
    chosen = parse_id(event.chosen[0] if event.chosen else "")
    found = [each for each in programs.communities(ctx.session, programs.key(program)) if each[1].id == chosen]
    if not found:
        raise Refusal(views.not_in_it())
    [(row, community)] = found
    name = program.name
    with acting_for(ctx, community):
        ctx.audit("programs.uninvite")
        end(ctx, program, row, by_convener=True)
    return views.removed(name, community.name)


@feature.click("convener", needs=Role.ANYONE, community=False)
def ask_for_convener(ctx: Context, event: Click) -> Reply:
    return views.convener_form(str(convened(ctx, event.value).id))


@feature.form("convener", shared=(), needs=Role.ANYONE, community=False)
def add_convener(ctx: Context, event: Submission) -> Reply:
    program = convened(ctx, event.value)
    chosen = event.answers["who"].split()
    if not chosen:
        return FormErrors(views.convener_form(event.value), {"who": views.nobody_chosen()})
    added = []
    for account in chosen:
        who = people.get_or_create(ctx.session, platform=ctx.here.platform, space=ctx.here.space, external=account)
        programs.convene(ctx.session, programs.key(program), people.key(who))
        added.append((people.key(who), who.name))
        to, key = ToPerson(people.key(who)), f"programs.convener.{program.id}.{who.id}"
        with acting_for(ctx, None):
            ctx.post(to, key, views.you_convene, str(program.id), program.name)
    ctx.audit("programs.convene")
    return views.convener_added(program.name, added)


@feature.click("step_down", needs=Role.ANYONE, community=False)
def step_down(ctx: Context, event: Click) -> Reply:
    program = convened(ctx, event.value)
    if len(programs.conveners(ctx.session, programs.key(program))) == 1:
        raise Refusal(views.last_convener())
    programs.step_down(ctx.session, programs.key(program), ctx.me)
    ctx.audit("programs.step_down")
    return views.stepped_down(program.name)
