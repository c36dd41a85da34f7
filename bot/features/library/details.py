"""Look up what views show of a resource, who may see or edit it, and rewrite its card in the channel."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.library import links
from bot.features.library.feature import feature
from bot.features.library.sharing import views
from bot.ui import Message, ToCommunity, showing
from bot.ui.markup import esc, mention
from storage.communities import communities, programs
from storage.library import endorsements, resources
from storage.library.resources import PROGRAM, Resource
from storage.messaging import outbox
from storage.people import people


def visible(ctx: Context, id: str) -> Resource:
    """Return the resource, or refuse if members of this community may not see it."""
    row = resources.visible(ctx.session, ctx.community, parse_id(id))
    if row is None:
        raise Refusal(views.not_found())
    return row


def may_edit(ctx: Context, row: Resource) -> bool:
    """Whether the acting person shared it here, or facilitates the community it was shared in."""
    at_home = row.community_id == ctx.community_id
    return at_home and (row.person_id == ctx.me or ctx.access.allows(Role.FACILITATOR))


def editable(ctx: Context, id: str) -> Resource:
    row = visible(ctx, id)
    if not may_edit(ctx, row):
        raise Refusal(views.not_yours())
    return row


def shown(ctx: Context, row: Resource) -> views.Shown:
    home = communities.get(ctx.session, row.community_id)
    person = people.get(ctx.session, row.person_id)
    name = person.name if person else ""
    away = row.community_id != ctx.community_id
    return views.Shown(
        row,
        link_of(row),
        # Someone in another community is named, but not mentioned.
        by=esc(name) or "?" if away else mention(row.person_id, name),
        topics=tuple(resources.topics(ctx.session, resources.key(row))),
        helped=endorsements.counts(ctx.session, [resources.key(row)]).get(resources.key(row), 0),
        community=home.name if home else "",
        program=programs.name_of(ctx.session, row.community_id) if row.audience == PROGRAM else "",
        away=away,
    )


def all_shown(ctx: Context, rows: Sequence[Resource]) -> list[views.Shown]:
    return [shown(ctx, row) for row in rows]


def link_of(row: Resource) -> links.ResourceLink | None:
    # A link that was saved under earlier rules may no longer be valid.
    try:
        return links.read(row.link) if row.link else None
    except links.NotALink:
        return None


def card_key(row: Resource) -> str:
    return f"resources.card.{row.id}"


def card_of(ctx: Context, row: Resource) -> Message:
    """Build the resource's card, in the community it was shared in."""
    endorsers = endorsements.endorsers(ctx.session, resources.key(row))
    return showing(views.posted(shown(ctx, row)), (row.person_id, *endorsers))


@feature.redraw("card")
def redraw_card(ctx: Context, value: str) -> None:
    if row := resources.get(ctx.session, ctx.community_id, parse_id(value)):
        ctx.post(ToCommunity(), card_key(row), card_of, ctx, row)


def rewrite_card(ctx: Context, row: Resource, *, removed: bool = False) -> None:
    """Rewrite the resource's card where it was posted, in the community it was shared in. Does nothing without one."""
    if not outbox.copies(ctx.session, card_key(row)):
        return
    home = replace(ctx, community_or_none=communities.get(ctx.session, row.community_id))
    if removed:
        home.post(ToCommunity(), card_key(row), views.removed_card)
    else:
        home.post(ToCommunity(), card_key(row), card_of, home, row)
    ctx.work_queued = ctx.work_queued or home.work_queued
