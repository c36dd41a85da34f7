"""Turns what Discord sends into events."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord import InteractionType

from adapters.discord import command_tree
from bot.core.events import AutocompleteQuery, Click, Command, MessageChanged, Place, PlatformUser, Shortcut, Submission

if TYPE_CHECKING:
    from bot.core.app import App

log = structlog.get_logger(__name__)

NAME = "discord"
# A component's type (Discord's documentation, component reference).
TEXT_INPUT = 4
Interaction = discord.Interaction[Any]
Read = Command | Click | Shortcut | Submission | AutocompleteQuery | None


def interaction(i: Interaction, app: "App") -> Read:
    """Read an interaction. None if it asks nothing of the bot, or isn't shaped as Discord documents it."""
    try:
        return _event(i, app)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        log.warning("an interaction that cannot be read", type=i.type.name, why=type(fault).__name__)
        return None


def _event(i: Interaction, app: "App") -> Read:
    data: Any = i.data
    where, who, once = place(i), person(i), str(i.id)
    match i.type:
        case InteractionType.application_command if data.get("type") == command_tree.ON_MESSAGE:
            name = next((s.name for s in app.shortcuts if s.label == data["name"]), str(data["name"]))
            message = data["resolved"]["messages"][data["target_id"]]
            return Shortcut(where, who, name, text(message), link(i, data["target_id"]), once)
        case InteractionType.application_command:
            return Command(where, who, command_tree.line_of(data), command_tree.root_of(data["name"]), once)
        case InteractionType.autocomplete:
            return AutocompleteQuery(where, who, command_tree.line_of(data), command_tree.root_of(data["name"]))
        case InteractionType.component:
            action, _, value = data["custom_id"].partition("|")
            return Click(where, who, action, value, tuple(map(str, data.get("values") or ())), once)
        case InteractionType.modal_submit:
            form, _, value = data["custom_id"].partition("|")
            given = dict(answers(data["components"]))
            return Submission(where, who, form, value, given, once, tuple(written(data["components"])))
    return None


def place(i: Interaction) -> Place:
    """Say where they acted. A thread counts as its channel."""
    channel = i.channel.parent_id if isinstance(i.channel, discord.Thread) else i.channel_id
    if i.guild_id is None:
        return Place(NAME, "", str(channel or ""), direct=True)
    return Place(NAME, str(i.guild_id), str(channel or ""), space_name=i.guild.name if i.guild else "")


def person(i: Interaction) -> PlatformUser:
    """Read who acted, with their roles in the server, if there is one."""
    manages, groups = i.permissions.manage_guild, roles(i.user, i.guild)
    return PlatformUser(str(i.user.id), i.user.display_name, i.locale.value, can_manage=manages, groups=groups)


def roles(user: discord.User | discord.Member, guild: discord.Guild | None) -> tuple[str, ...] | None:
    """Return the ids of somebody's roles in a server. None outside of servers, and in one the library doesn't know."""
    if not isinstance(user, discord.Member) or guild is None or not guild.default_role:
        return None
    return tuple(str(role.id) for role in user.roles if not role.is_default())


def answers(components: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Yield each field's name and answer. Several choices are joined by a space."""
    for outer in components:
        field = outer.get("component")
        if field:
            yield str(field["custom_id"]), str(field.get("value") or " ".join(field.get("values") or ()))


def written(components: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Yield the name of each field in which a person writes."""
    for outer in components:
        field = outer.get("component")
        if field and field.get("type") == TEXT_INPUT:
            yield str(field["custom_id"])


def text(message: Mapping[str, Any]) -> str:
    """Return a message as plain text, with people's names instead of their mentions."""
    words = str(message.get("content") or "")
    for user in message.get("mentions") or ():
        name = user.get("global_name") or user["username"]
        words = words.replace(f"<@{user['id']}>", f"@{name}").replace(f"<@!{user['id']}>", f"@{name}")
    return words


def link(i: Interaction, message: str) -> str:
    """Return the address of a message."""
    return f"https://discord.com/channels/{i.guild_id or '@me'}/{i.channel_id}/{message}"


def mention(message: discord.Message, bot: int) -> Command | None:
    """Read a message in a server that mentions the bot, or that replies to it, which Discord makes a mention.

    None if it says nothing: a message without words, or in a place that the library doesn't know.
    """
    author, channel, guild = message.author, message.channel, message.guild
    if guild is None or message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    line, named = re.subn(rf"<@!?{bot}>", "", message.content, count=1)
    if not message.content.strip():
        return None
    replies_to = []
    if message.reference and message.reference.message_id:
        replies_to.append(f"{message.reference.channel_id} {message.reference.message_id}")
    where = str(channel.id)
    if isinstance(channel, discord.Thread):
        where = str(channel.parent_id)
        # A thread has the id of the message it was opened under. The first message of a post in a forum has it too.
        replies_to += [f"{channel.parent_id} {channel.id}", f"{channel.id} {channel.id}"]
    manages = isinstance(author, discord.Member) and author.guild_permissions.manage_guild
    return Command(
        Place(NAME, str(guild.id), where, space_name=guild.name),
        # Discord says the language only with interactions.
        PlatformUser(str(author.id), author.display_name, locale="", can_manage=manages, groups=roles(author, guild)),
        line.strip(),
        idempotency_key=str(message.id),
        replies_to=tuple(replies_to),
        is_addressed=bool(named),
    )


def direct_message(message: discord.Message) -> Command:
    """Read a direct message to the bot as a command."""
    author = message.author
    return Command(
        Place(NAME, "", str(message.channel.id), direct=True),
        PlatformUser(str(author.id), author.display_name, locale=""),
        message.content,
        idempotency_key=str(message.id),
        message=f"{message.channel.id} {message.id}",
    )


def edited(payload: discord.RawMessageUpdateEvent) -> MessageChanged | None:
    """Read the edit of a direct message. None if nobody edited it: Discord also adds previews to messages."""
    message, at = payload.message, payload.message.edited_at
    if at is None or "content" not in payload.data:
        return None
    return MessageChanged(
        Place(NAME, "", str(payload.channel_id), direct=True),
        PlatformUser(str(message.author.id), message.author.display_name, locale=""),
        f"{payload.channel_id} {payload.message_id}",
        at,
        message.content,
        # A preview that comes later has the same moment.
        idempotency_key=f"{payload.message_id} {at.isoformat()}",
    )


def deleted(payload: discord.RawMessageDeleteEvent, writer: str) -> MessageChanged:
    """Read the deletion of a direct message. Discord doesn't say who wrote it."""
    return MessageChanged(
        Place(NAME, "", str(payload.channel_id), direct=True),
        PlatformUser(writer, "", locale=""),
        f"{payload.channel_id} {payload.message_id}",
        discord.utils.utcnow(),
        is_deleted=True,
        idempotency_key=f"{payload.message_id} deleted",
    )
