"""What `cop doctor` checks on Discord: the token, the application, its commands, and the servers it is in."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from adapters.discord import command_tree, invite
from bot.core.platform import Check, RoleHolder
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


async def find_hidden(app: "App", token: str, holders: Sequence[RoleHolder]) -> list[Check]:
    """Report who can't see the commands of their role, because of permissions that a server's admin can change."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
            assert client.application_id
            listed: list[Any] = list(await client.http.get_global_commands(client.application_id))
            ids = {command["name"]: int(command["id"]) for command in listed}
            return [check for holder in holders if (check := await _hidden(client, app, ids, holder))]
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            # The other checks say what is wrong.
            return []


async def _hidden(client: discord.Client, app: "App", ids: Mapping[str, int], holder: RoleHolder) -> Check | None:
    shown_to = command_tree.shown_to(app.root, holder.role)
    command = ids.get(shown_to.command.removeprefix("/")) if shown_to else None
    if shown_to is None or command is None or not (holder.space.isdecimal() and holder.account.isdecimal()):
        return None
    try:
        guild = await client.fetch_guild(int(holder.space), with_counts=False)
        member = await guild.fetch_member(int(holder.account))
    except discord.NotFound:
        return None
    needed = command_tree.ROOTS[holder.role].shown_to
    if needed is None or needed <= member.guild_permissions or await _is_shown(client, guild, command, member):
        return None
    return Check(
        _("Discord server {name}").format(name=guild.name),
        False,
        _("{person} can’t see {command}, because they don’t have {permission}.").format(
            person=member.display_name, command=shown_to.command, permission=shown_to.permission
        ),
        _("Open {path}, choose {command}, and press Add roles or members.").format(
            path=shown_to.settings, command=shown_to.command
        ),
    )


async def _is_shown(client: discord.Client, guild: discord.Guild, command: int, member: discord.Member) -> bool:
    """Return whether the server's admins show the command to this member, or to a role of theirs."""
    assert client.application_id
    try:
        found: Any = await client.http.get_application_command_permissions(client.application_id, guild.id, command)
    except discord.NotFound:
        # They have changed nothing.
        return False
    allowed = {int(each["id"]) for each in found["permissions"] if each["permission"]}
    return bool(allowed & {member.id, guild.id, *(role.id for role in member.roles)})


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
