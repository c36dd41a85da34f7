"""Handlers for the home card and help. Both only read, and are short enough to run on the event loop."""

from dataclasses import replace

from bot.core import signals
from bot.core.command_parser import unknown
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, HomeOpened
from bot.core.identity import act_in
from bot.core.permissions import Role
from bot.core.resolver import SUFFIX, parse_id
from bot.core.routes import CommandSpec
from bot.domain.progress import progress
from bot.domain.questionnaires import defined
from bot.features.home import views
from bot.features.home.feature import feature
from bot.features.home.views import Overview
from bot.i18n import gettext as _
from bot.operations import coming_checkins, open_questions
from bot.ui import Reply, ToPerson
from bot.ui.markup import cut
from storage.communities import communities
from storage.communities.communities import Community
from storage.learning import rounds
from storage.learning.rounds import Response, Round
from storage.meetings import meetings, rsvps
from storage.people import people
from storage.people.people import is_member


@feature.phrase("thanks", "thank you", "thanks a lot", "many thanks", "thx", "gracias", "muchas gracias")
def welcome(ctx: Context, event: Command) -> Reply:
    """Say that they're welcome, where they write to the bot alone once a day."""
    if not ctx.here.direct:
        return views.welcome()
    today = ctx.now.astimezone(ctx.zone).date()
    ctx.post(ToPerson(ctx.me, ignores_quiet_hours=True), f"home.welcome.{today}", views.welcome)
    return None


@feature.phrase("help me", "help please", "what can i do", "ayuda", "ayúdame", "qué puedo hacer")
def help_in_words(ctx: Context, event: Command) -> Reply:
    return _help_now(ctx) or explain(ctx, replace(event, text=""))


def _help_now(ctx: Context) -> Reply:
    """Return three lines about what is open for the person; None if nothing is."""
    among = [ctx.community_id] if ctx.community_or_none else people.communities_of(ctx.session, ctx.me)
    waiting = open_questions.waiting_for(ctx, ctx.me, among)
    return views.help_now(waiting) if waiting else None


@feature.command(
    "home",
    help="What is open for you now, and the next meeting",
    needs=Role.ANYONE,
    community=False,
    reads=True,
    immediate=True,
)
def show(ctx: Context, event: Command | HomeOpened) -> Reply:
    """Show the card of the community that is meant, else a list of the person's communities, else an introduction."""
    if ctx.community_or_none:
        return _card(ctx, ctx.community_or_none)
    if own := people.communities_of(ctx.session, ctx.me):
        among = [c for id in own if (c := communities.get(ctx.session, id))]
        return views.several([_overview(ctx, c) for c in among])
    return _stranger(ctx)


@feature.click("choose", needs=Role.ANYONE, community=False)
def choose(ctx: Context, event: Click) -> Reply:
    chosen = parse_id(event.chosen[0]) if event.chosen else 0
    if chosen not in people.communities_of(ctx.session, ctx.me):
        raise Refusal(_("You do not belong to that community any more."))
    act_in(ctx, event, communities.get(ctx.session, chosen))
    return _card(ctx, ctx.community)


@feature.click(signals.OPEN_HOME, needs=Role.ANYONE)
def open_here(ctx: Context, event: Click) -> Reply:
    return _card(ctx, ctx.community)


def _card(ctx: Context, community: Community) -> Reply:
    if not is_member(people.membership(ctx.session, community.id or 0, ctx.me)):
        return views.stranger(community.name, may_set_up=False, leads=ctx.access.role > Role.MEMBER)
    return views.home(_overview(ctx, community), ctx.person.snoozed_until, ctx.now)


def _stranger(ctx: Context) -> Reply:
    """Introduce the bot. Which communities meet here is only said in their channels."""
    here = bool(communities.in_space(ctx.session, ctx.here.platform, ctx.here.space))
    known = bool(people.known_communities(ctx.session, ctx.me))
    return views.stranger("", may_set_up=ctx.access.manages_space and not here, leads=False, any_here=here, known=known)


def _overview(ctx: Context, community: Community) -> Overview:
    key = community.id or 0
    coming = meetings.next_meeting(ctx.session, key, ctx.now)
    rsvp = rsvps.get(ctx.session, meetings.key(coming), ctx.me) if coming else None
    open_now = open_questions.waiting_for(ctx, ctx.me, [key])
    leads = ctx.community_or_none is community and ctx.access.role > Role.MEMBER
    drafts = {row.id or 0: (row, _progress(ctx, row, draft)) for row, draft in rounds.unsent(ctx.session, ctx.me, key)}
    begins = next(iter(coming_checkins.for_member(ctx, community)), None)
    return Overview(community, coming, rsvp.answer if rsvp else "", open_now, leads, drafts, begins)


def _progress(ctx: Context, round: Round, draft: Response) -> tuple[int, int]:
    version = rounds.version_of(ctx.session, round)
    return progress(defined(version.definition), draft.by_question) if version else (1, 1)


@feature.command(
    "help",
    help="What you can do here, or how one command works",
    needs=Role.ANYONE,
    argument="[command]",
    example="help share",
    community=False,
    reads=True,
    immediate=True,
    is_public=True,
)
def explain(ctx: Context, event: Command) -> Reply:
    if not event.text:
        if event.root == "" and ctx.here.direct and (now := _help_now(ctx)):
            return now
        allowed = [spec for spec in ctx.commands if ctx.access.allows(spec.route.needs)]
        # Under the root word of facilitators or admins, help lists only their commands.
        of_root = [spec for spec in allowed if spec.root == event.root != "member"]
        return views.help_for(of_root or allowed, ctx.community_or_none.name if ctx.community_or_none else "")
    spec = _meant(ctx, event.text)
    if not ctx.access.allows(spec.route.needs):
        return views.not_for_you(spec)
    return views.one_command(spec)


def _meant(ctx: Context, typed: str) -> CommandSpec:
    """Find the command that `typed` names, with or without the slash and the root word.

    One word also finds the first command of two words that begins with it. Refuses, with the nearest name, otherwise.
    """
    words = typed.lower().lstrip("/").split()
    if words and words[0] in {f"{ctx.root}{suffix}" for suffix in SUFFIX.values()}:
        words = words[1:]
    name = " ".join(words)
    # The longer name first, since a command of two words may begin with the name of another.
    for meant in (" ".join(words[:2]), " ".join(words[:1])):
        if named := [spec for spec in ctx.commands if spec.name == meant]:
            return named[0]
    longer = [spec for spec in ctx.commands if words and spec.name.startswith(f"{words[0]} ")]
    if longer:
        return longer[0]
    refusal = unknown(ctx.commands, cut(name or typed, 40), "")
    raise Refusal(str(refusal), retry=f"help {refusal.retry}" if refusal.retry else "")
