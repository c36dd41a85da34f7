"""Handlers for joining, leaving, and a member's settings in a community."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.identity import act_in
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.standing import WayIn, way_in
from bot.features.members import admission, views
from bot.features.members.feature import feature
from bot.features.members.organizations import ask_to_confirm
from bot.features.members.views import MemberSettings
from bot.i18n import languages
from bot.ui import FormErrors, Reply
from storage.communities import communities
from storage.people import organizations, people
from storage.people.people import Membership, is_member


@feature.command(
    "join",
    help="Join this community: see first what is kept and who sees it",
    needs=Role.ANYONE,
    community=False,
)
def join(ctx: Context, event: Command) -> Reply:
    return _offer(ctx, event)


@feature.click(signals.JOIN, needs=Role.ANYONE, community=False)
def ask_to_join(ctx: Context, event: Click) -> Reply:
    return _offer(ctx, event)


@feature.click("join_one", needs=Role.ANYONE, community=False)
def join_one(ctx: Context, event: Click) -> Reply:
    act_in(ctx, event, communities.get(ctx.session, parse_id(event.chosen[0] if event.chosen else "")))
    return _consent(ctx, replace=True)


def _offer(ctx: Context, event: Command | Click) -> Reply:
    """Ask for consent to join the community that is meant, or offer a menu of those that may be.

    That is the community of the card that was clicked, else the channel's, else those that know of the person: they
    were invited, have a role, asked, or belonged to it once. No other community is named: somebody in the same
    workspace or server may not know of it.
    """
    bound = communities.in_channel(ctx.session, ctx.here.platform, ctx.here.space, ctx.here.channel)
    stamped = ctx.community_or_none if isinstance(event, Click) else None
    known = [c for id in people.known_communities(ctx.session, ctx.me) if (c := communities.get(ctx.session, id))]
    if meant := stamped or bound or (known[0] if len(known) == 1 else None):
        act_in(ctx, event, meant)
        return _consent(ctx, replace=False)
    if known:
        ctx.community_or_none = None
        return views.choose_one([(str(c.id), c.name) for c in known])
    if ctx.community_or_none and is_member(ctx.membership):
        return views.already(ctx.community.name)
    raise Refusal(views.nothing_to_join())


def _consent(ctx: Context, *, replace: bool) -> Reply:
    match way_in(ctx):
        case WayIn.MEMBER:
            return views.already(ctx.community.name)
        case WayIn.JOIN:
            return admission.consent(ctx, replace=replace)
        case WayIn.ASK:
            return admission.consent(ctx, replace=replace, asks=True)
        case closed:
            return admission.not_open(ctx, closed)


@feature.click("agree", needs=Role.ANYONE)
def agree(ctx: Context, event: Click) -> Reply:
    """Join the community: the person has seen what is kept and who sees it, and agrees."""
    match way_in(ctx):
        case WayIn.MEMBER:
            return views.already(ctx.community.name, replace=True)
        case WayIn.JOIN:
            admission.let_in(ctx, ctx.me)
            return views.joined(ctx.community.name)
        case WayIn.ASK:
            return admission.consent(ctx, replace=True, asks=True)
        case closed:
            return admission.not_open(ctx, closed)


@feature.click("decline", needs=Role.ANYONE)
def decline(ctx: Context, event: Click) -> Reply:
    """Decline to join. An invitation is over with that, and nothing is left of it."""
    row = ctx.membership
    if row and row.invited_at and not is_member(row):
        row.invited_at = None
        if not people.is_known(row):
            ctx.session.delete(row)
    return views.declined()


@feature.command("leave", help="Leave this community; you choose what happens to what you wrote")
def ask_to_leave(ctx: Context, event: Command) -> Reply:
    return views.confirm_leaving(ctx.community.name, leads=ctx.access.role > Role.MEMBER)


@feature.click(signals.ASK_TO_LEAVE)
def ask_to_leave_by_button(ctx: Context, event: Click) -> Reply:
    return views.confirm_leaving(ctx.community.name, leads=ctx.access.role > Role.MEMBER)


@feature.click("stay", needs=Role.ANYONE)
def stay(ctx: Context, event: Click) -> Reply:
    return views.stayed(ctx.community.name)


@feature.click("leave", needs=Role.ANYONE)
def leave(ctx: Context, event: Click) -> Reply:
    """Leave the community, giving up any role. What the person shared stays without a name, or is deleted too."""
    row = ctx.membership
    if row is None or row.left_at:
        return views.not_here(ctx.community.name)
    delete_too = event.value == "delete"
    if row.role > Role.MEMBER:
        ctx.audit("members.leave")
    admission.end_membership(ctx, row, delete_too=delete_too)
    return views.left(ctx.community.name, deleted=delete_too)


@feature.command("settings", help="Your role, organization and reminders in this community")
def show_settings(ctx: Context, event: Command) -> Reply:
    return views.settings_form(current_settings(ctx))


@feature.click(signals.MEMBER_SETTINGS)
def open_settings(ctx: Context, event: Click) -> Reply:
    return views.settings_form(current_settings(ctx))


def current_settings(ctx: Context) -> MemberSettings:
    row = people.enrol(ctx.session, ctx.community_id, ctx.me)
    ticks = [name for name in views.TICKS if getattr(row, name)]
    return MemberSettings(row.role_group, row.organization, tuple(ticks), ctx.person.locale)


@feature.form("settings", shared=())
def save_settings(ctx: Context, event: Submission) -> Reply:
    given = event.answers
    new = MemberSettings(
        given["role_group"], given["organization"], tuple(given["ticks"].split()), given.get("language", "")
    )
    if problems := _too_long(new):
        return FormErrors(views.settings_form(new), problems)
    row: Membership = people.enrol(ctx.session, ctx.community_id, ctx.me)
    row.role_group = new.role_group
    organizations.choose(ctx.session, row, new.organization)
    ask_to_confirm(ctx, row)
    for name in views.TICKS:
        setattr(row, name, name in new.ticks)
    if new.language in languages():
        people.choose_locale(ctx.person, new.language)
    return views.saved(row, new.language)


def _too_long(new: MemberSettings) -> dict[str, str]:
    typed = {"role_group": new.role_group, "organization": new.organization}
    return {name: views.too_long() for name, text in typed.items() if len(text) > views.LONGEST}
