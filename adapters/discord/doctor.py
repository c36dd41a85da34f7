"""What `cop doctor` checks on Discord: the token, the application, its commands, and the servers it is in."""

from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from adapters.discord import command_tree, invite
from bot.core.platform import Check
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.core.app import App

# Discord lists this many on one page.
MOST_SERVERS = 200


async def diagnose(app: "App", token: str) -> list[Check]:
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            return [
                Check(
                    "Discord token",
                    False,
                    _("Discord does not accept it."),
                    _("Copy it again from the Bot page of Discord’s developer portal into DISCORD_TOKEN."),
                )
            ]
        except (discord.HTTPException, aiohttp.ClientError, OSError) as fault:
            return [
                Check(
                    "Discord",
                    False,
                    _("Discord could not be asked: {fault}").format(fault=fault),
                    _("Check this machine's connection to discord.com and try again."),
                )
            ]
        return [_token(client), _application(client), await _commands(client, app), *await _servers(client)]


def _token(client: discord.Client) -> Check:
    return Check("Discord token", True, _("It is the token of {name}.").format(name=client.user))


def _application(client: discord.Client) -> Check:
    """Check that no interactions endpoint is set, which would divert every command and click from the gateway."""
    name = "Discord application"
    if client.application and client.application.interactions_endpoint_url:
        return Check(
            name,
            False,
            _("Commands and clicks are sent to a web address instead of to the bot."),
            _("Empty “Interactions Endpoint URL” on the General Information page of the developer portal."),
        )
    return Check(name, True, _("It needs no privileged intent, and commands and clicks reach the bot."))


async def _commands(client: discord.Client, app: "App") -> Check:
    name, wanted = "Discord commands", command_tree.tree(app)
    if await command_tree.in_step(client, wanted):
        return Check(name, True, _("Discord lists every command as this version has them."))
    return Check(
        name, True, _("Discord lists other commands than this version has; starting the bot brings them in step.")
    )


async def _servers(client: discord.Client) -> list[Check]:
    assert client.application_id
    url = invite.invite_url(client.application_id)
    servers: list[Any] = list(await client.http.get_guilds(MOST_SERVERS))
    if not servers:
        return [
            Check(
                "Discord servers",
                False,
                _("The bot is in no server yet."),
                _("Open {url} and choose the server.").format(url=url),
            )
        ]
    names = ", ".join(s["name"] for s in servers[:10])
    checks = [Check("Discord servers", True, _("The bot is in {n}: {names}").format(n=len(servers), names=names))]
    for server in servers:
        missing = invite.lacking(int(server["permissions"])) if "permissions" in server else []
        if missing:
            checks.append(
                Check(
                    _("Discord server {name}").format(name=server["name"]),
                    False,
                    _("The bot may not: {missing}.").format(missing=", ".join(missing)),
                    _("Open {url} and choose the server again, or change the bot's role there.").format(url=url),
                )
            )
    return checks
