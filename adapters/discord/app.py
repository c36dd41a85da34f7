"""Discord: connect, pass on what people do, post what is waiting, and come back by itself when the line breaks."""

import asyncio
from typing import TYPE_CHECKING, Literal

import discord.gateway
import discord.http
import structlog
import yarl

from adapters.discord import doctor
from adapters.discord.connection import Connection, hang_up, keeps_out
from adapters.discord.post import Post
from bot.platform import Check, Doubt, Misconfigured, Pace, Parcel, TryLater

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)

PER_SECOND = 47.0  # Discord: 50 requests a second over everything
CHANNEL_GAP = 1.0  # seconds; Discord: 5 messages in 5 seconds and channel
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before connecting afresh
STEADY = 60.0  # seconds of connection after which the pauses begin small again


class Discord:
    """The platform as the bot sees it."""

    name = "discord"
    keeps_calendar: Literal[True] = True

    def __init__(self, app: "App", *, token: str, api_base: str = "", gateway_url: str = "") -> None:
        """`api_base` and `gateway_url` point at another server than Discord's own, for tests."""
        self.app, self.token, self.gateway_url = app, token, gateway_url
        self.connection: Connection | None = None
        self.post = Post()
        if api_base:
            discord.http.Route.BASE = api_base.rstrip("/")
        if gateway_url:
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)

    async def run(self) -> None:
        """Stay connected until cancelled. Raises Misconfigured where only a person can help."""
        clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE
        while True:
            began = clock()
            await self._connect()
            pause = FIRST_PAUSE if clock() - began > STEADY else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connect(self) -> None:
        """Until the connection ends. The library gives up on a payload that it cannot read; the bot does not."""
        connection = self.connection = Connection(self.app, self.gateway_url)
        try:
            await connection.start(self.token)
        except Exception as fault:
            if words := keeps_out(fault):
                raise Misconfigured(words) from fault
            log.error("the connection to Discord broke; connecting afresh", exc_info=fault)
        finally:
            connection.connected = connection.logged_in = False
            await hang_up(connection)

    async def deliver(self, parcel: Parcel) -> str:
        """Post or rewrite a message; the receipt is "channel message"."""
        return await self.post.deliver(self._logged_in(), parcel)

    async def find(self, doubt: Doubt) -> str | None:
        return await self.post.find(self._logged_in(), doubt)

    def _logged_in(self) -> Connection:
        if self.connection is None or not self.connection.logged_in:
            raise TryLater(FIRST_PAUSE, whole_lane=True)
        return self.connection

    def pace(self, space: str) -> Pace:
        return Pace("discord", PER_SECOND, CHANNEL_GAP)

    @property
    def ready(self) -> bool:
        return self.connection is not None and self.connection.connected

    async def diagnose(self) -> list[Check]:
        """What `cop doctor` shows about Discord."""
        return await doctor.diagnose(self.app, self.token)
