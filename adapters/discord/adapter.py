"""The Discord adapter: stays connected, with backoff whenever a connection ends, and delivers messages.

A process is connected as any number of shards, and hears only the servers of those. In all others it can still post,
through a connection that has only logged in (`speaking`).
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import discord.gateway
import discord.http
import structlog
import yarl

from adapters.discord import channels, command_tree, doctor, errors
from adapters.discord.client import Connection, hang_up, keeps_out
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.shards import Shards, shard_of
from bot.core.platform import (
    Check,
    ConfigurationError,
    Delivery,
    RateLimit,
    RetryAfter,
    RoleHolder,
    ShownTo,
    TokenRefused,
    UncertainDelivery,
)
from bot.operations.token_state import TokenState
from storage.database.leases import Leases

if TYPE_CHECKING:
    from bot.core.app import App

log = structlog.get_logger(__name__)

# Discord's limit over all requests of a token, except the answers to interactions. Requests that aren't deliveries
# share it (App.ancillary_request).
PER_SECOND = 50.0
# Where other processes use the same token, the rest is left for their other requests.
PER_SECOND_SHARED = 48.0
# Discord takes 5 messages in 5 seconds in each channel.
CHANNEL_INTERVAL = 1.0  # seconds
# Backoff before connecting again. It starts over once a connection has held for STEADY.
MIN_BACKOFF, MAX_BACKOFF = 1.0, 60.0  # seconds
STEADY = 60.0  # seconds


class Discord:
    """The platform as the bot sees it."""

    name = "discord"
    keeps_calendar: Literal[True] = True

    def __init__(
        self,
        app: "App",
        *,
        token: str,
        api_base: str = "",
        gateway_url: str = "",
        shards: str = "1",
        leases: Leases | None = None,
    ) -> None:
        """`shards` is how many connections share the servers, or "auto" for as many as Discord recommends.

        `leases` decide which of them this process has; with None it has all. `api_base` and `gateway_url` replace
        Discord's own servers in tests.
        """
        self.app, self.token, self.gateway_url = app, token, gateway_url
        self.shards, self.leases = shards, leases or Leases(None)
        self.count = 1
        # By shard.
        self.listening: dict[int, Connection] = {}
        # Only logged in, to post in servers whose shards other processes have.
        self.speaking: Connection | None = None
        self.post = DiscordMessenger()
        self.token_state = TokenState(self.name, self._accepts_token)
        if api_base:
            discord.http.Route.BASE = api_base.rstrip("/")
        if gateway_url:
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)

    async def run(self) -> None:
        """Stay connected until cancelled. Raises ConfigurationError if a person must change something first."""
        try:
            if self.shards == "1" and not self.leases.shared:
                await self._stay(0)
            self.speaking = await self._log_in()
            self.count = await self._how_many(self.speaking)
            await Shards(self.leases, self.count, self._stay).run()
        finally:
            self.token_state.close()
            if self.speaking:
                await hang_up(self.speaking)

    async def _log_in(self) -> Connection:
        while True:
            connection = Connection(self.app, self.gateway_url)
            try:
                await connection.login(self.token)
                return connection
            except Exception as fault:
                await hang_up(connection)
                if words := keeps_out(fault):
                    raise ConfigurationError(words) from fault
                log.error("logging in to Discord failed; trying again", exc_info=fault)
                await asyncio.sleep(MIN_BACKOFF)

    async def _how_many(self, connection: Connection) -> int:
        if self.shards != "auto":
            return int(self.shards)
        recommended, _address, _limit = await connection.http.get_bot_gateway()
        return recommended

    async def _stay(self, shard: int) -> None:
        """Stay connected as one shard: connect again, with backoff, whenever the connection ends."""
        clock, pause = asyncio.get_running_loop().time, MIN_BACKOFF
        while True:
            began = clock()
            await self._connect(shard)
            pause = MIN_BACKOFF if clock() - began > STEADY else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, MAX_BACKOFF)

    async def _connect(self, shard: int) -> None:
        """Connect as one shard, and return when the connection ends.

        The library gives up when it can't read a payload. That ends only this connection.
        """
        connection = Connection(self.app, self.gateway_url, (shard, self.count))
        self.listening[shard] = connection
        try:
            await connection.start(self.token)
        except Exception as fault:
            if words := keeps_out(fault):
                raise ConfigurationError(words) from fault
            log.error("the connection to Discord broke; connecting afresh", exc_info=fault)
        finally:
            connection.connected = connection.logged_in = False
            self.listening.pop(shard, None)
            await hang_up(connection)

    async def deliver(self, delivery: Delivery) -> str:
        """Post or rewrite a message; the receipt is "channel message"."""
        self.token_state.check()
        try:
            return await self.post.deliver(self._logged_in(delivery), delivery)
        except TokenRefused as why:
            raise self.token_state.refuse(str(why.__cause__)) from why

    def requests(self, delivery: Delivery) -> int:
        return self.post.requests(delivery)

    async def find(self, uncertain: UncertainDelivery) -> str | None:
        self.token_state.check()
        try:
            return await self.post.find(self._logged_in(uncertain.delivery), uncertain)
        except TokenRefused as why:
            raise self.token_state.refuse(str(why.__cause__)) from why

    async def _accepts_token(self) -> bool:
        connection = next((each for each in (*self.listening.values(), self.speaking) if each and each.logged_in), None)
        if connection is None:
            return False
        try:
            await connection.http.request(discord.http.Route("GET", "/users/@me"))
        except errors.FAULTS:
            return False
        return True

    def _logged_in(self, delivery: Delivery) -> Connection:
        """Return the connection that hears the server, else the one that only posts. Raises RetryAfter."""
        for connection in (self.listening.get(shard_of(delivery.space, self.count)), self.speaking):
            if connection and connection.logged_in:
                return connection
        raise RetryAfter(MIN_BACKOFF, whole_lane=True)

    def channel_kind(self, space: str, channel: str) -> str:
        """Return what the connection that hears the server knows of a channel."""
        connection = self.listening.get(shard_of(space, self.count)) if space else None
        guild = connection.get_guild(int(space)) if connection and connection.connected else None
        return channels.kind_of(guild, channel) if guild else "unknown"

    async def find_hidden(self, holders: Sequence[RoleHolder]) -> list[Check]:
        return await doctor.find_hidden(self.app, self.token, holders)

    def shown_to(self, role: str) -> ShownTo | None:
        return command_tree.shown_to(self.app.root, role)

    def runs(self) -> list[str]:
        """The shards that this process listens to."""
        return [f"{shard} of {self.count}" for shard in sorted(self.listening)]

    def rate_limit(self, space: str) -> RateLimit:
        return RateLimit("discord", PER_SECOND_SHARED if self.leases.shared else PER_SECOND, CHANNEL_INTERVAL)

    @property
    def ready(self) -> bool:
        """Every shard of this process is connected; or it has none, because others have them all, but can post.

        Not while Discord refuses the token.
        """
        if self.token_state.refused:
            return False
        if not self.leases.shared and len(self.listening) < self.count:
            return False
        listens = all(connection.connected for connection in self.listening.values())
        return listens and bool(self.listening or (self.speaking and self.speaking.logged_in))

    async def diagnose(self) -> list[Check]:
        """Run the checks that `cop doctor` shows."""
        return await doctor.diagnose(self.app, self.token)
