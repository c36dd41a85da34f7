"""Identity: who acts, in which community, and with what access. Worked out anew for every event.

The community is the one stamped on the card that was clicked, else the one connected to the channel, else the person's
only one. A stamp is only what arrived from outside, so it is checked like what is typed (`act_in`): nobody acts in a
community that does not know of them, except in one of its channels. There, people from another company have to be
members already, unless the community is open to other companies.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, SQLModel

from bot.cadence.iana import is_zone
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import (
    Asking,
    AutocompleteQuery,
    Click,
    Event,
    PageOpened,
    PlatformUser,
    Submission,
    TimerFired,
)
from bot.core.permissions import Access, Role
from bot.core.resolver import decode_ref
from bot.core.standing import is_shut_out
from bot.i18n import gettext as _
from bot.ui.markup import clean, command, cut, mention
from storage.communities import communities, role_mappings
from storage.communities.communities import Community
from storage.people import identity, people
from storage.people.identity import Presence
from storage.people.people import Membership, Person

# The signature of storage.people.identity.get: session, platform, space, channel, user id, community.
FindPresence = Callable[[Session, str, str, str, str, int | None], Presence | None]

LONGEST_NAME = 80  # characters; Slack's limit (Discord 32)


class AmbiguousCommunity(Exception):
    """The person belongs to several communities and nothing says which is meant."""

    def __init__(self, among: Sequence[Community]) -> None:
        super().__init__("several communities")
        self.among = among


def build_context(session: Session, event: Event | AutocompleteQuery, now: datetime, root: str) -> Context:
    """Return the context of an event, before a community is chosen. Adds and updates the person and their space."""
    if isinstance(event, TimerFired):
        found = communities.get(session, event.community) if event.community else None
        return Context(session, now, root, community_or_none=found, access=Access(Role.BOT))
    ctx = identify_actor(session, event, now, root)
    place, who = event.place, event.person
    if ctx.actor is None:
        ctx.actor = people.get_or_create(
            session, platform=place.platform, space=place.space, external=who.id, now=now, **_profile(who)
        )
        # They may be known from another space, and a member here.
        ctx.presence = identity.get(
            session, place.platform, place.space, place.channel, who.id, _stamped_community(event)
        )
    for row, column, value in profile_changes(ctx, event):
        setattr(row, column, value)
    if place.space and (ctx.presence is None or ctx.presence.space is None):
        communities.upsert_space(session, place.platform, place.space, clean(place.space_name))
    return ctx


def identify_actor(
    session: Session, event: Asking, now: datetime, root: str, ask: FindPresence = identity.get
) -> Context:
    """Return the context with what is known of the person and place, with one query. Writes nothing.

    `actor` is None for a person who has never been seen before.
    """
    place, who = event.place, event.person
    ctx = Context(session, now, root, place=place, access=Access(manages_space=who.can_manage))
    ctx.presence = ask(session, place.platform, place.space, place.channel, who.id, _stamped_community(event))
    if ctx.presence:
        ctx.actor = ctx.presence.person
    return ctx


def profile_changes(ctx: Context, event: Asking) -> Iterator[tuple[SQLModel, str, object]]:
    """Yield what the platform says differently about a known person or space: row, column, new value."""
    if ctx.presence:
        place, space = event.place, ctx.presence.space
        described = _profile(event.person)
        yield from people.profile_changes(
            ctx.presence.account, ctx.presence.person, space=place.space, now=ctx.now, **described
        )
        if space and (name := clean(place.space_name)) and space.name != name:
            yield space, "name", name


def unregistered_person(who: PlatformUser) -> Person:
    """Return a stand-in for a person the bot has never seen. It is not a row and must not be saved."""
    return Person(id=0, name=who.name, locale=who.locale, zone=_profile(who)["zone"])


def _profile(who: PlatformUser) -> dict[str, str]:
    name = cut(" ".join(clean(who.name).split()), LONGEST_NAME)
    zone = who.zone if is_zone(who.zone) else ""
    return {"name": name, "locale": who.locale, "zone": zone, "home_external": who.home_id}


def _stamped_community(event: Asking) -> int | None:
    """Return the community stamped on the card or form, or that of the page, or None."""
    return decode_ref(event.value)[0] if isinstance(event, Click | Submission | PageOpened) else None


def choose_community(ctx: Context, event: Asking, needed: bool) -> None:
    """Set the context's community and access: by the card, by the channel, or because it is the person's only one.

    If a community is `needed`, raises AmbiguousCommunity where several fit, and Refusal where none does, or where the
    card's is not one that the person may act in. Where none is needed, such a stamp says nothing.
    """
    before = ctx.access
    _find_community(ctx, event, needed)
    if _is_closed(ctx):
        if needed:
            raise Refusal(_closed())
        ctx.community_or_none, ctx.access = None, before


def _find_community(ctx: Context, event: Asking, needed: bool) -> None:
    if stamped := _stamped_community(event):
        found = ctx.presence.community if ctx.presence else communities.get(ctx.session, stamped)
        row = ctx.presence.membership if ctx.presence else None
        if found and _may_act_in(ctx, event, found, row):
            return
        if needed:
            raise Refusal(_not_yours())
    if ctx.presence and not stamped:
        found, row = ctx.presence.community, ctx.presence.membership
    # Without a presence, this is the first thing they ever do.
    else:
        here = ctx.here
        found = communities.in_channel(ctx.session, here.platform, here.space, here.channel)
        row = people.membership(ctx.session, communities.key(found), ctx.me) if found and ctx.presence else None
    if found is None and (found := _only_community(ctx, needed)):
        row = people.membership(ctx.session, communities.key(found), ctx.me)
    _set_community(ctx, event, found, row)
    if needed and found is None:
        raise Refusal(
            _(
                "This channel is not connected to a community, and you have not joined one yet. "
                "An admin can connect it with {bind}, or start a community with {setup}."
            ).format(bind="[`channel bind`](command:admin)", setup="[`setup`](command:admin)")
        )


def act_in(ctx: Context, event: Asking, community: Community | None) -> None:
    """Make `community` the one this event acts in, with the person's access there.

    Raises Refusal, the same for None as for a community that does not know of the person: being told which of the two
    it is would say that it exists. Everything that names a community (a click, a menu, a saved command) comes through
    here or through `choose_community`.
    """
    row = people.membership(ctx.session, communities.key(community), ctx.me) if community else None
    if community is None or not _may_act_in(ctx, event, community, row):
        raise Refusal(_not_yours())
    if _is_closed(ctx):
        raise Refusal(_closed())


def _not_yours() -> str:
    return _(
        "I can’t find that community: it has been deleted, or you aren’t part of it. If you’re in its channel, use "
        "{join} there."
    ).format(join=command("join"))


def _may_act_in(ctx: Context, event: Asking, community: Community, row: Membership | None) -> bool:
    """Set the context's community and return True if it knows of the person, or if they act in one of its channels."""
    before = ctx.community_or_none, ctx.access
    _set_community(ctx, event, community, row)
    here = ctx.here
    if (
        people.is_known(row)
        or ctx.access.role > Role.ANYONE
        or ctx.access.manages_space
        or communities.is_in_channel(ctx.session, ctx.community_id, here.platform, here.space, here.channel)
    ):
        return True
    ctx.community_or_none, ctx.access = before
    return False


def _set_community(ctx: Context, event: Asking, community: Community | None, row: Membership | None) -> None:
    ctx.community_or_none = community
    if community:
        ctx.access = _access(ctx, event, row)


def _is_closed(ctx: Context) -> bool:
    """Return whether the person is shut out of the community. Members and those with a role never are."""
    return ctx.community_or_none is not None and ctx.access.role == Role.ANYONE and is_shut_out(ctx, ctx.me)


def _closed() -> str:
    return _(
        "This community isn’t open to people from other companies. One of its admins can change that with {line}."
    ).format(line=command("member other-companies on", "admin"))


def _only_community(ctx: Context, needed: bool) -> Community | None:
    own = dict.fromkeys(
        [
            *people.communities_of(ctx.session, ctx.me),
            *people.communities_run_by(ctx.session, ctx.me, Role.FACILITATOR),
        ]
    )
    among = [c for id in own if (c := communities.get(ctx.session, id))]
    if not among and ctx.access.manages_space:
        among = list(communities.in_space(ctx.session, ctx.here.platform, ctx.here.space))
    if len(among) > 1 and needed:
        raise AmbiguousCommunity(among)
    return among[0] if len(among) == 1 else None


def _access(ctx: Context, event: Asking, row: Membership | None) -> Access:
    # Roles of the platform don't count for a person who left: they come back only by joining.
    given: frozenset[int] = frozenset()
    held = given
    if not (row and row.left_at):
        held = given = _platform_roles(ctx, event)
        if row and (row.joined_at or row.role > Role.MEMBER):
            held |= {row.role}
    facilitates = people.does_facilitate(row) or Role.FACILITATOR in held
    manages = event.person.can_manage and _meets_here(ctx)
    return Access(Role(max(held, default=0)), facilitates, manages, given)


def _platform_roles(ctx: Context, event: Asking) -> frozenset[int]:
    """Return the roles that the platform's own roles give. Those of another workspace or server give nothing here."""
    groups = event.person.groups
    if not groups or not _meets_here(ctx):
        return frozenset()
    return role_mappings.given(ctx.session, ctx.community_id, ctx.here.platform, groups)


def _meets_here(ctx: Context) -> bool:
    """Return whether the community has a channel in the workspace or server where this happens."""
    return any(
        c.platform == ctx.here.platform and c.space == ctx.here.space
        for c in communities.channels(ctx.session, ctx.community_id)
    )


def facilitator_names(ctx: Context) -> str:
    """Return mentions of the community's facilitators, at most five, for a refusal."""
    if ctx.community_or_none is None:
        return ""
    return ", ".join(mention(people.key(p), p.name) for p in people.facilitators(ctx.session, ctx.community_id)[:5])
