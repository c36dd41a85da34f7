"""Tells the bot which servers it is in, and which channels there it can post in, whenever Discord says that it changed.

Also when it connects, since that may have changed while the bot was away.
"""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

import discord

from adapters.discord.shards import shard_of
from bot.operations.places import ChannelState, Places

if TYPE_CHECKING:
    from bot.core.app import App


class DiscordPlaces:
    """The servers of one connection."""

    def __init__(self, client: discord.Client, app: "App") -> None:
        self.client, self.places = client, Places(app, "discord")
        # One look after the other, or an earlier one could be saved last.
        self._looking = asyncio.Lock()

    async def look_everywhere(self) -> None:
        """Look at every server where a community lives."""
        for space in sorted({space for space, _channel in await self._connected()}):
            guild = self.client.get_guild(int(space))
            if guild is not None:
                await self.look(guild)
            elif shard_of(space, self.client.shard_count or 1) == (self.client.shard_id or 0):
                await asyncio.to_thread(self.places.space_lost, space)

    async def look(self, guild: discord.Guild) -> None:
        """Look at one server, unless Discord has an outage there."""
        async with self._looking:
            if guild.unavailable:
                return
            space = str(guild.id)
            channels = {channel for in_space, channel in await self._connected() if in_space == space}
            if channels:
                await asyncio.to_thread(self.places.space_found, space)
                await asyncio.to_thread(self.places.look, space, states(guild, channels))

    async def lost(self, guild: discord.Guild) -> None:
        async with self._looking:
            await asyncio.to_thread(self.places.space_lost, str(guild.id), guild.name)

    async def _connected(self) -> list[tuple[str, str]]:
        return await asyncio.to_thread(self.places.connected)


def states(guild: discord.Guild, channels: Collection[str]) -> dict[str, ChannelState]:
    """Return how each of these channels is now. A thread is left out: Discord doesn't list those it has archived."""
    found = {}
    for id in channels:
        channel = guild.get_channel_or_thread(int(id)) if id.isdecimal() else None
        if channel is None:
            found[id] = ChannelState(problem="channel gone", happened="deleted")
        elif not isinstance(channel, discord.Thread):
            found[id] = ChannelState(channel.name, "" if can_post(channel) else "no permission")
    return found


def can_post(channel: discord.abc.GuildChannel) -> bool:
    """Return whether the bot sees the channel and may write there. True where its own roles aren't known."""
    # The library's type leaves out that it is None until the server's members are known.
    own: discord.Member | None = channel.guild.me
    if own is None:
        return True
    rights = channel.permissions_for(own)
    return rights.view_channel and rights.send_messages
