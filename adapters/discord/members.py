"""Finds out who has left the servers, who is back, and who has lost the role by which they facilitate.

Discord tells that only to bots with the members intent, which is privileged. It answers anybody who asks about one
member, so the bot asks about each member of a community, once it has connected and then every INTERVAL.
"""

import asyncio
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from adapters.discord.shards import shard_of
from bot.operations import accounts, platform_roles

if TYPE_CHECKING:
    from bot.core.app import App

log = structlog.get_logger(__name__)

# Seconds from one round of questions to the next, and from one question to the next: deliveries have the same limit.
INTERVAL, PAUSE = 3600.0, 0.2
# Discord's codes for somebody who isn't in the server, and for an account that was deleted.
UNKNOWN_MEMBER, UNKNOWN_USER = 10007, 10013
# The roles of somebody who isn't in the server.
NOT_THERE: Sequence[str] = ()


class DiscordMembers:
    """The members of communities on the servers of one connection."""

    def __init__(self, client: discord.Client, app: "App") -> None:
        self.client, self.app = client, app
        self._rounds: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin the rounds. Called again, it changes nothing."""
        self._rounds = self._rounds or asyncio.create_task(self._run())

    def stop(self) -> None:
        if self._rounds:
            self._rounds.cancel()

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as fault:
                # The bot is ending, and no longer asks.
                if self.client.is_closed():
                    return
                log.error("could not look who has left the servers", exc_info=fault)
            await asyncio.sleep(INTERVAL)

    async def look(self) -> None:
        """Ask about everyone once. Of several servers that somebody is in, the first decides whose connection asks."""
        known = await asyncio.to_thread(accounts.spaces_of_members, self.app, "discord")
        for external, spaces in known.items():
            if shard_of(min(spaces), self.client.shard_count or 1) != (self.client.shard_id or 0):
                continue
            is_there = await self._is_in_one_of(spaces, external)
            if is_there is not None:
                await asyncio.to_thread(
                    accounts.change, self.app, "discord", external, off=not is_there, has_left=not is_there
                )
        for external, space in await asyncio.to_thread(platform_roles.holders, self.app, "discord"):
            if shard_of(space, self.client.shard_count or 1) != (self.client.shard_id or 0):
                continue
            roles = await self._roles(space, external)
            await asyncio.sleep(PAUSE)
            if roles is not None:
                await asyncio.to_thread(platform_roles.follow, self.app, "discord", space, external, roles)

    async def _is_in_one_of(self, spaces: Collection[str], external: str) -> bool | None:
        """Return None if Discord doesn't say."""
        answers = []
        for space in sorted(spaces):
            answers.append(await self._is_in(space, external))
            await asyncio.sleep(PAUSE)
            if answers[-1]:
                return True
        return None if None in answers else False

    async def _is_in(self, space: str, external: str) -> bool | None:
        roles = await self._roles(space, external)
        return None if roles is None else roles is not NOT_THERE

    async def _roles(self, space: str, external: str) -> Sequence[str] | None:
        """Return the roles of somebody in a server: NOT_THERE if they aren't in it, None if Discord doesn't say."""
        # Somebody may have named an account that isn't one of Discord's.
        if not (space.isdecimal() and external.isdecimal()):
            return None
        try:
            async with self.app.ancillary_request("discord", space):
                found = await self.client.http.get_member(int(space), int(external))
        except discord.NotFound as missing:
            return NOT_THERE if missing.code in (UNKNOWN_MEMBER, UNKNOWN_USER) else None
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError):
            return None
        return list(map(str, found["roles"]))
