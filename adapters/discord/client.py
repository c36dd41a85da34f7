"""One connection to Discord, from login until it ends, and which faults only a person can fix."""

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import structlog
import yarl

from adapters.discord import command_tree, parse, responses
from adapters.discord.members import DiscordMembers
from adapters.discord.places import DiscordPlaces
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.core.app import App

log = structlog.get_logger(__name__)

# None of these is privileged.
# Of messages in servers, Discord shows the words only of those that mention the bot.
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
# The library waits out shorter rate limits itself. It accepts no smaller value.
MAX_RATE_LIMIT_WAIT = 30.0  # seconds
CLOSE_TIMEOUT = 0.7  # seconds
# The bot never uses voice, so it needs no warnings about missing libraries for it.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
# Close codes of the gateway (Discord's documentation, opcodes and status codes).
TOKEN_REFUSED, INTENTS_REFUSED = 4004, (4013, 4014)
# A shard that can't be, and too few of them.
SHARDS_REFUSED, VERSION_REFUSED = (4010, 4011), 4012


class Connection(discord.Client):
    """A client of one shard.

    `logged_in`: messages can be sent. `connected`: what people do arrives, and the servers are known.
    """

    def __init__(self, app: "App", gateway_url: str, shard: tuple[int, int] | None = None) -> None:
        """`shard` is its number and how many there are. With None it only logs in, to post."""
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=MAX_RATE_LIMIT_WAIT,
            shard_id=shard[0] if shard else None,
            shard_count=shard[1] if shard else None,
        )
        # Commands belong to the whole application, so one shard is enough to register them.
        self.tells_commands = shard is not None and shard[0] == 0
        self.app, self.gateway_url = app, gateway_url
        self.logged_in = self.connected = False
        self.places, self.members = DiscordPlaces(self, app), DiscordMembers(self, app)

    async def setup_hook(self) -> None:
        """Register the commands. A list that Discord refuses is logged, and the old one stays."""
        self.logged_in = True
        if not self.tells_commands:
            return
        try:
            registered = await command_tree.sync(self, command_tree.tree(self.app))
        except discord.HTTPException as refused:
            if refused.status != 400:
                raise
            log.error("Discord refused the list of commands; the old one stays", error=refused.text)
        else:
            log.info("commands are in step with Discord", changed=registered)

    async def on_connect(self) -> None:
        self.connected = True
        # Discord names an address at which to resume. A stand-in for Discord may not.
        if self.gateway_url:
            self.ws.gateway = yarl.URL(self.gateway_url)

    async def on_resumed(self) -> None:
        self.connected = True

    async def on_disconnect(self) -> None:
        self.connected = False

    async def on_ready(self) -> None:
        await self.places.look_everywhere()
        self.members.start()

    async def close(self) -> None:
        self.members.stop()
        await super().close()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.places.look(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self.places.look(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was taken out of a server. An outage is another event, `guild_unavailable`."""
        await self.places.lost(guild)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        await self.places.look(channel.guild)

    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self.places.look(after.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.places.look(channel.guild)

    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        await self.places.look(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self.places.look(role.guild)

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """The bot got a role, or lost one. Without the members intent, Discord says that of nobody else."""
        if self.user and after.id == self.user.id:
            await self.places.look(after.guild)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await responses.answer(interaction, self.app)

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or message.webhook_id:
            return
        # The guild can't tell: a message in a server that the library doesn't know yet has none either.
        if isinstance(message.channel, discord.DMChannel):
            await responses.answer_direct_message(message, self.app)
        elif self.user and any(mentioned.id == self.user.id for mentioned in message.mentions):
            await responses.answer_mention(message, self.user.id, self.app)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        author = payload.message.author
        is_own = isinstance(payload.message.channel, discord.DMChannel) and not author.bot
        if is_own and (event := parse.edited(payload)):
            await responses.follow(event, self.app)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        if payload.guild_id is None:
            await responses.follow_deletion(payload, self.app)


async def hang_up(connection: Connection) -> None:
    """Close the WebSocket and the HTTP session, gracefully if Discord answers within CLOSE_TIMEOUT."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT):
            await connection.close()
    except TimeoutError:
        await connection.http.close()


def keeps_out(fault: Exception) -> str:
    """Say what a person must change before Discord lets the bot in; "" if trying again may help."""
    code = fault.code if isinstance(fault, discord.ConnectionClosed) else None
    if isinstance(fault, discord.LoginFailure) or code == TOKEN_REFUSED:
        return _(
            "Discord does not accept DISCORD_TOKEN. Open the application in Discord’s developer portal, choose "
            "Bot, then Reset Token, copy the new token into DISCORD_TOKEN, and start again."
        )
    if isinstance(fault, discord.PrivilegedIntentsRequired) or code in INTENTS_REFUSED:
        return _(
            "Discord refused what the bot asked to hear about, although it asks for nothing that needs "
            "permission. Is DISCORD_TOKEN the token of another application?"
        )
    if code in SHARDS_REFUSED:
        return _("The bot is in too many servers for one connection. Set DISCORD_SHARDS to auto, and start again.")
    if code == VERSION_REFUSED:
        return _("Discord no longer works with this version of the bot. Install the newest one.")
    return ""
