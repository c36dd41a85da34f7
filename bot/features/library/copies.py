"""Find the resource that has a link already, by keys that follow the rules of today."""

from collections.abc import Sequence

from bot.core.context import Context
from bot.features.library import links
from bot.features.library.canonical_links import RULES, exact_key, is_exact
from bot.features.library.details import link_of
from bot.features.library.links import ResourceLink
from storage.library import resources
from storage.library.resources import Resource


def find_copy(ctx: Context, link: ResourceLink, besides: Resource | None = None) -> Resource | None:
    """Return the community's resource that has this link, if any except `besides`: the very address first."""
    _renew_keys(ctx)
    for key in (exact_key(link.opens), link.key):
        found = resources.with_link(ctx.session, ctx.community_id, key)
        if found and (besides is None or found.id != besides.id):
            return found
    return None


def is_same_address(row: Resource, link: ResourceLink) -> bool:
    """Whether the resource has this address letter by letter, so that it can't be another page."""
    own = link_of(row)
    return own is not None and own.opens == link.opens


def _renew_keys(ctx: Context) -> None:
    """Make the keys anew that were made by earlier rules."""
    if stale := resources.with_links_of_earlier_rules(ctx.session, ctx.community_id, RULES):
        resources.set_link_keys(ctx.session, list(zip(stale, _keys(ctx, stale), strict=True)), RULES)


def _keys(ctx: Context, rows: Sequence[Resource]) -> list[str | None]:
    """Return a key for each row, no two of them equal: what the new rules take for one page stays two resources."""
    taken = resources.link_keys_besides(ctx.session, ctx.community_id, rows)
    found: list[str | None] = []
    for row in rows:
        try:
            link = links.read(row.link)
        except links.NotALink:
            found.append(row.link_key)
            continue
        stays = row.link_key is not None and is_exact(row.link_key)
        key = exact_key(link.opens) if stays or link.key in taken else link.key
        taken.add(key)
        found.append(key)
    return found
