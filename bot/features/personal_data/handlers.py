"""Handlers with which a person sees, downloads and deletes their own data, in all communities at once.

Nobody can ask for someone else's data.
"""

from dataclasses import replace

from bot.core.context import Context
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.features.personal_data import formats, views, written
from bot.features.personal_data.feature import feature
from bot.ui import Attachment, Message, Reply, ToPerson
from storage.communities import communities
from storage.database.personal import ErasureAction
from storage.people import people
from storage.privacy import personal_data


@feature.command(
    "data",
    help="See, download or delete everything kept about you",
    needs=Role.ANYONE,
    choices=("show", "download", "delete"),
    example="data show",
    community=False,
)
def data(ctx: Context, event: Command) -> Reply:
    match event.text.lower():
        case "show":
            return _show(ctx)
        case "download":
            return _download(ctx)
        case _:
            return _confirm(ctx)


@feature.click("download", needs=Role.ANYONE, community=False)
def download(ctx: Context, event: Click) -> Reply:
    return _download(ctx)


@feature.click("ask", needs=Role.ANYONE, community=False)
def confirm(ctx: Context, event: Click) -> Reply:
    return _confirm(ctx)


def _show(ctx: Context) -> Message:
    own = [communities.get(ctx.session, id) for id in people.communities_of(ctx.session, ctx.me)]
    counts = personal_data.count(ctx.session, ctx.me)
    return views.shown(ctx.person, [c.name for c in own if c], counts, str(ctx.zone), written.counts(ctx))


@feature.click("show", needs=Role.ANYONE, community=False)
def show(ctx: Context, event: Click) -> Reply:
    return replace(_show(ctx), replace=True)


def _download(ctx: Context) -> Reply:
    everything = personal_data.everything(ctx.session, ctx.me)
    moment = f"{ctx.now:%Y%m%d-%H%M%S}"
    for attachment in (
        Attachment(f"commonplace-{moment}.md", formats.as_markdown(everything), "text/markdown"),
        Attachment(f"commonplace-{moment}.json", formats.as_json(everything), "application/json"),
    ):
        to, key = ToPerson(ctx.me, ignores_quiet_hours=True), f"mydata.{attachment.name}"
        ctx.post(to, key, views.file, attachment)
    return views.on_its_way()


def _confirm(ctx: Context) -> Reply:
    goes = personal_data.count(ctx.session, ctx.me, ErasureAction.DELETE)
    return views.confirm(goes, personal_data.count(ctx.session, ctx.me, ErasureAction.UNNAME))


@feature.click("keep", needs=Role.ANYONE, community=False)
def keep_everything(ctx: Context, event: Click) -> Reply:
    return views.saved()


@feature.click("delete", needs=Role.ANYONE, community=False)
def delete(ctx: Context, event: Click) -> Reply:
    personal_data.forget(ctx.session, ctx.me, views.nameless())
    # The person belongs to no community any more, so the reply is not stamped with one.
    ctx.community_or_none = None
    return views.deleted()
