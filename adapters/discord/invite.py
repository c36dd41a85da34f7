"""The invitation to a Discord server: which permissions the bot needs, and why."""

from collections.abc import Mapping

import discord

SCOPES = ("bot", "applications.commands")

PERMISSIONS: Mapping[str, str] = {
    "view_channel": "to see the channels that a community is bound to",
    "send_messages": "to post prompts, check-ins, reminders and summaries there",
    "create_public_threads": "to open a thread under a prompt",
    "send_messages_in_threads": "to post in that thread",
    "create_events": "to show the next meeting among the server's events",
    "attach_files": "to add a calendar file to a meeting",
    "read_message_history": "to open a thread under, or answer, a message it posted before",
}


def needed() -> discord.Permissions:
    return discord.Permissions(**dict.fromkeys(PERMISSIONS, True))


def invite_url(application_id: int | str) -> str:
    """Return the address of the page where a server's admin adds the bot."""
    return discord.utils.oauth_url(int(application_id), permissions=needed(), scopes=SCOPES)


def lacking(granted: int) -> list[str]:
    """Return the needed permissions that are missing from `granted` (Discord's bit set), as its settings name them."""
    has = discord.Permissions(granted)
    if has.administrator:
        return []
    return [name.replace("_", " ").title() for name in PERMISSIONS if not getattr(has, name)]
