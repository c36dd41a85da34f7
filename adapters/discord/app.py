"""Discord: connect, pass on what people do, post what is waiting, and come back by itself when the line breaks."""

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import discord.gateway
import discord.http
import structlog
import yarl

from adapters.discord import answer, commands, doctor
from adapters.discord.post import Post
from bot.platform import Check, Misconfigured, Pace, Parcel, TryLater
from bot.text import gettext as _

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)

INTENTS = discord.Intents(guilds=True, dm_messages=True)  # none of the privileged ones
PER_SECOND = 45.0  # Discord: 50 requests a second over everything
CHANNEL_GAP = 1.0  # seconds; Discord: 5 messages in 5 seconds and channel
LONGEST_QUIET_WAIT = 30.0  # seconds of a rate limit that the library waits out itself; it takes nothing smaller
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before connecting afresh
STEADY = 60.0  # seconds of connection after which the pauses begin small again
HANG_UP = 0.7  # seconds for a polite goodbye
TOKEN_REFUSED, INTENTS_REFUSED = 4004, (4013, 4014)  # close codes of the gateway


class Connection(discord.Client):
    """One connection, from logging in until it ends."""

    def __init__(self, app: "App", gateway_url: str) -> None:
        super().__init__(intents=INTENTS, allowed_mentions=discord.AllowedMentions.none(), max_messages=None,
                         max_ratelimit_timeout=LONGEST_QUIET_WAIT)
        self.app, self.gateway_url = app, gateway_url
        self.logged_in = self.connected = False

    async def setup_hook(self) -> None:
        self.logged_in = True
        try:
            told = await commands.sync(self, commands.tree(self.app))
        except discord.HTTPException as refused:
            if refused.status != 400:
                raise
            log.error("Discord refused the list of commands; the old one stays", error=refused.text)
        else:
            log.info("commands are in step with Discord", changed=told)

    async def on_connect(self) -> None:
        self.connected = True
        if self.gateway_url:  # Discord names an address to resume at; a stand-in for Discord may not
            self.ws.gateway = yarl.URL(self.gateway_url)

    async def on_resumed(self) -> None:
        self.connected = True

    async def on_disconnect(self) -> None:
        self.connected = False

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await answer.answer(interaction, self.app)

    async def on_message(self, message: discord.Message) -> None:
        if message.guild is None and not message.author.bot:
            await answer.answer_direct_message(message, self.app)


class Discord:
    """The platform as the bot sees it."""

    name = "discord"

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
        if self.connection is None or not self.connection.logged_in:
            raise TryLater(FIRST_PAUSE, whole_lane=True)
        return await self.post.deliver(self.connection, parcel)

    def pace(self, space: str) -> Pace:
        return Pace("discord", PER_SECOND, CHANNEL_GAP)

    @property
    def ready(self) -> bool:
        return self.connection is not None and self.connection.connected

    async def diagnose(self) -> list[Check]:
        """What `cop doctor` shows about Discord."""
        return await doctor.diagnose(self.app, self.token)


async def hang_up(connection: Connection) -> None:
    """Close the socket and the HTTP session, politely if Discord answers in time."""
    try:
        await asyncio.wait_for(connection.close(), HANG_UP)
    except TimeoutError:
        await connection.http.close()


def keeps_out(fault: Exception) -> str:
    """What a person must change before Discord lets the bot in; "" where trying again may help."""
    code = fault.code if isinstance(fault, discord.ConnectionClosed) else None
    if isinstance(fault, discord.LoginFailure) or code == TOKEN_REFUSED:
        return _("Discord does not accept DISCORD_TOKEN. Open the application in Discord’s developer portal, choose "
                 "Bot, then Reset Token, copy the new token into DISCORD_TOKEN, and start again.")
    if isinstance(fault, discord.PrivilegedIntentsRequired) or code in INTENTS_REFUSED:
        return _("Discord refused what the bot asked to hear about, although it asks for nothing that needs "
                 "permission. Is DISCORD_TOKEN the token of another application?")
    return ""
