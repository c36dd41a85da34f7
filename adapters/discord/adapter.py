"""Discord: connect, pass on what people do, post what is waiting, and come back by itself when the line breaks."""

import asyncio
from typing import TYPE_CHECKING, Literal

import discord.gateway
import discord.http
import structlog
import yarl

from adapters.discord import doctor
from adapters.discord.client import Connection, hang_up, keeps_out
from adapters.discord.messenger import Post
from adapters.discord.shards import Shards, shard_of
from bot.core.platform import Check, ConfigurationError, Delivery, RateLimit, RetryAfter, UncertainDelivery
from storage.database.leases import Leases

if TYPE_CHECKING:
    from bot.core.app import App

log = structlog.get_logger(__name__)

PER_SECOND = 50.0  # Discord's limit over everything but the answers to interactions; what else is asked goes beside
AMONG_OTHERS = 48.0  # where other processes ask too: the rest is left to them
CHANNEL_GAP = 1.0  # seconds; Discord: 5 messages in 5 seconds and channel
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before connecting afresh
STEADY = 60.0  # seconds of connection after which the pauses begin small again


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
        """`api_base` and `gateway_url` point at another server than Discord's own, for tests.

        `shards`: how many connections share the servers, or "auto" for as many as Discord recommends; `leases` say
        which are this process's, None that all are.
        """
        self.app, self.token, self.gateway_url = app, token, gateway_url
        self.shards, self.leases = shards, leases or Leases(None)
        self.count = 1
        self.listening: dict[int, Connection] = {}  # by shard
        self.speaking: Connection | None = None  # where servers are heard by other processes: to post there too
        self.post = Post()
        if api_base:
            discord.http.Route.BASE = api_base.rstrip("/")
        if gateway_url:
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)

    async def run(self) -> None:
        """Stay connected until cancelled. Raises ConfigurationError where only a person can help."""
        if self.shards == "1" and not self.leases.shared:
            await self._stay(0)
        try:
            self.speaking = await self._log_in()
            self.count = await self._how_many(self.speaking)
            await Shards(self.leases, self.count, self._stay).keep()
        finally:
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
                await asyncio.sleep(FIRST_PAUSE)

    async def _how_many(self, connection: Connection) -> int:
        if self.shards != "auto":
            return int(self.shards)
        recommended, _address, _limit = await connection.http.get_bot_gateway()
        return recommended

    async def _stay(self, shard: int) -> None:
        """Connected as one shard, and again whenever that ends."""
        clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE
        while True:
            began = clock()
            await self._connect(shard)
            pause = FIRST_PAUSE if clock() - began > STEADY else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connect(self, shard: int) -> None:
        """Until the connection ends. The library gives up on a payload that it cannot read; the bot does not."""
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
        return await self.post.deliver(self._logged_in(delivery), delivery)

    def requests(self, delivery: Delivery) -> int:
        return self.post.requests(delivery)

    async def find(self, uncertain: UncertainDelivery) -> str | None:
        return await self.post.find(self._logged_in(uncertain.delivery), uncertain)

    def _logged_in(self, delivery: Delivery) -> Connection:
        """The connection that knows the server, else one that speaks everywhere."""
        for connection in (self.listening.get(shard_of(delivery.space, self.count)), self.speaking):
            if connection and connection.logged_in:
                return connection
        raise RetryAfter(FIRST_PAUSE, whole_lane=True)

    def runs(self) -> list[str]:
        """The shards that this process listens to."""
        return [f"{shard} of {self.count}" for shard in sorted(self.listening)]

    def rate_limit(self, space: str) -> RateLimit:
        return RateLimit("discord", AMONG_OTHERS if self.leases.shared else PER_SECOND, CHANNEL_GAP)

    @property
    def ready(self) -> bool:
        """A process that hears no server, because others hear them all, can still post."""
        if not self.leases.shared and len(self.listening) < self.count:
            return False
        listens = all(connection.connected for connection in self.listening.values())
        return listens and bool(self.listening or (self.speaking and self.speaking.logged_in))

    async def diagnose(self) -> list[Check]:
        """What `cop doctor` shows about Discord."""
        return await doctor.diagnose(self.app, self.token)
