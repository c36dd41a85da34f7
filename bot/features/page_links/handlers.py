"""Handlers with which a person sees their own links to pages, in all communities at once, and ends them."""

from bot.core.context import Context
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.page_links import views
from bot.features.page_links.feature import feature
from bot.ui import Message, Reply
from storage.communities import communities
from storage.people import page_links


@feature.command(
    "data links",
    help="See and end your links to pages",
    needs=Role.ANYONE,
    community=False,
    reads=True,
)
def show(ctx: Context, event: Command) -> Reply:
    return _links(ctx)


@feature.click("revoke", needs=Role.ANYONE, community=False)
def revoke(ctx: Context, event: Click) -> Reply:
    page_links.revoke(ctx.session, ctx.me, ctx.now, [parse_id(each) for each in event.chosen])
    return _links(ctx, is_answer=True)


@feature.click("revoke_all", needs=Role.ANYONE, community=False)
def revoke_all(ctx: Context, event: Click) -> Reply:
    page_links.revoke(ctx.session, ctx.me, ctx.now)
    return _links(ctx, is_answer=True)


def _links(ctx: Context, *, is_answer: bool = False) -> Message:
    rows = page_links.working(ctx.session, ctx.me, ctx.now)
    names = {c.id: c.name for c in communities.among(ctx.session, sorted({row.community_id for row in rows}))}
    shown = [
        views.Shown(row, ctx.pages[row.page].label, names.get(row.community_id, ""))
        for row in rows
        if row.page in ctx.pages
    ]
    return views.links(shown, is_answer=is_answer)
