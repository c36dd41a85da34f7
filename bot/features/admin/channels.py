"""Commands that bind a community to channels. A channel belongs to one community only."""

from typing import cast

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Command
from bot.core.permissions import Role
from bot.domain import channel_kinds
from bot.domain.channel_kinds import ChannelKind
from bot.features.admin import rules, views
from bot.features.admin.feature import feature
from bot.ui import Reply
from storage.communities import communities
from storage.messaging import timers


def _channel(ctx: Context, event: Command, verb: str) -> str:
    """Return the channel named after the command, else the one it was typed in, which must not be a direct message."""
    if event.text:
        if channel := rules.read_channel(event.text):
            return channel
        raise Refusal(views.no_such_channel(event.text, verb))
    if ctx.here.direct:
        raise Refusal(views.which_channel(verb))
    return ctx.here.channel


@feature.command(
    "channel bind",
    help="Let this community live in a channel: this one, or one you name",
    needs=Role.ADMIN,
    argument="[#channel]",
    example="channel bind",
)
def bind(ctx: Context, event: Command) -> Reply:
    channel = _channel(ctx, event, "bind")
    kind = cast(ChannelKind, ctx.channel_kind(channel))
    if why := channel_kinds.problem(kind):
        raise Refusal(views.unfit(channel, why))
    other = communities.in_channel(ctx.session, ctx.here.platform, ctx.here.space, channel)
    if other and other.id != ctx.community_id:
        raise Refusal(views.taken(channel, other.name if ctx.access.manages_space else ""))
    communities.bind(ctx.session, ctx.community_id, ctx.here.platform, ctx.here.space, channel)
    ctx.work_queued |= timers.wake(ctx.session, ctx.community_id)
    if other:
        return views.bound_already(channel, ctx.community.name)
    ctx.audit("channel.bind", f"{ctx.here.platform} {channel}")
    return views.bound(channel, ctx.community.name, note=channel_kinds.note(kind))


@feature.command(
    "channel unbind",
    help="Stop posting in a channel: this one, or one you name",
    needs=Role.ADMIN,
    argument="[#channel]",
    example="channel unbind",
)
def unbind(ctx: Context, event: Command) -> Reply:
    channel = _channel(ctx, event, "unbind")
    if not communities.unbind(ctx.session, ctx.community_id, ctx.here.platform, ctx.here.space, channel):
        raise Refusal(views.not_bound(channel, ctx.community.name))
    ctx.session.flush()
    ctx.audit("channel.unbind", f"{ctx.here.platform} {channel}")
    return views.unbound(channel, ctx.community.name, left=len(communities.channels(ctx.session, ctx.community_id)))


@feature.command("channel show", help="The channels that this community lives in", needs=Role.ADMIN)
def show(ctx: Context, event: Command) -> Reply:
    rows = communities.channels(ctx.session, ctx.community_id)
    here = (ctx.here.platform, ctx.here.space)
    listed = [views.Place(r.platform, r.channel, r.name, r.unreachable, (r.platform, r.space) == here) for r in rows]
    return views.channels(listed, ctx.community.name)
