"""Discord's kinds of channel: which of ours each is, and how a post in a forum is tagged."""

import discord
from discord import ChannelType

from bot.domain.channel_kinds import ChannelKind

KINDS: dict[ChannelType, ChannelKind] = {
    ChannelType.text: "text",
    ChannelType.private: "direct message",
    ChannelType.voice: "voice",
    ChannelType.group: "group message",
    ChannelType.category: "category",
    ChannelType.news: "announcement",
    ChannelType.news_thread: "thread",
    ChannelType.public_thread: "thread",
    ChannelType.private_thread: "thread",
    ChannelType.stage_voice: "stage",
    ChannelType.forum: "forum",
    ChannelType.media: "media",
}
# A directory of a student hub, which the library has no name for.
DIRECTORY = 14

Channel = discord.abc.GuildChannel | discord.Thread


def kind_of(guild: discord.Guild, channel: str) -> ChannelKind:
    """Return the kind of one of the server's channels."""
    found = guild.get_channel_or_thread(int(channel)) if channel.isdecimal() else None
    if found is None:
        return "missing"
    if isinstance(found, discord.ForumChannel) and found.type is ChannelType.forum:
        return "forum without tags" if found.flags.require_tag and tag_for(found) is None else "forum"
    if getattr(found.type, "value", None) == DIRECTORY:
        return "directory"
    return KINDS.get(found.type, "unknown")


def tag_for(forum: discord.ForumChannel) -> discord.ForumTag | None:
    """Return the tag for a post of the bot, if the forum requires one: the one called like the bot, else the first.

    A tag for moderators can't be used.
    """
    if not forum.flags.require_tag:
        return None
    usable = [tag for tag in forum.available_tags if not tag.moderated]
    own = forum.guild.me.display_name.casefold() if forum.guild.me else ""
    return next((tag for tag in usable if tag.name.casefold() == own), usable[0] if usable else None)
