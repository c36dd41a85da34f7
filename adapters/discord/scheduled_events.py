"""The next meeting among a server's own events: made, changed and taken out again with the meeting.

Discord's events cannot say the community's rules, and a server has at most 100, so only one is shown ahead.
"""

from dataclasses import replace
from datetime import datetime
from typing import TypedDict

import discord

from adapters.discord import render
from adapters.discord.client import Connection
from bot.core.platform import Delivery
from bot.ui import CalendarEvent

MOST_NAME, MOST_DESCRIPTION, MOST_WHERE = 100, 1_000, 100  # characters; Discord's limits
UNKNOWN_EVENT = 10070


class Said(TypedDict):
    name: str
    description: str
    start_time: datetime
    end_time: datetime
    location: str


async def show(client: Connection, delivery: Delivery) -> str:
    """Make or change the event, or take it out where nothing is to happen; returns what names it."""
    guild = await _guild(client, delivery)
    event = await _earlier(guild, delivery)
    happening = delivery.message.happening
    if happening is None:
        if event:
            await event.delete()
        return delivery.replaces
    said = _said(delivery, happening)
    if event is None:
        made = await guild.create_scheduled_event(
            entity_type=discord.EntityType.external, privacy_level=discord.PrivacyLevel.guild_only, **said
        )
        return str(made.id)
    if event.status is discord.EventStatus.scheduled:  # one that has begun can no longer be moved, and need not be
        await event.edit(entity_type=discord.EntityType.external, **said)
    return delivery.replaces


async def find(client: Connection, delivery: Delivery) -> str | None:
    """The event that an earlier try may have made: the bot's own, of that name and at that time."""
    guild = await _guild(client, delivery)
    happening = delivery.message.happening
    for event in await guild.fetch_scheduled_events(with_counts=False):
        own = client.user is not None and event.creator_id == client.user.id
        if own and happening and event.name == _name(delivery) and event.start_time == happening.starts_at:
            return str(event.id)
    return None


async def _guild(client: Connection, delivery: Delivery) -> discord.Guild:
    return client.get_guild(int(delivery.space)) or await client.fetch_guild(int(delivery.space), with_counts=False)


async def _earlier(guild: discord.Guild, delivery: Delivery) -> discord.ScheduledEvent | None:
    """The event as it stands; None where there was none, or somebody has deleted it."""
    if not delivery.replaces:
        return None
    try:
        return await guild.fetch_scheduled_event(int(delivery.replaces), with_counts=False)
    except discord.NotFound as gone:
        if gone.code == UNKNOWN_EVENT:
            return None
        raise


def _name(delivery: Delivery) -> str:
    return delivery.message.title[:MOST_NAME]


def _said(delivery: Delivery, happening: CalendarEvent) -> Said:
    view, _files = render.message(replace(delivery.message, title="", actions=()))
    words = "\n".join(render.texts(view.to_components()))  # type: ignore[no-untyped-call]
    return {
        "name": _name(delivery),
        "description": words[:MOST_DESCRIPTION],
        "start_time": happening.starts_at,
        "end_time": happening.ends_at,
        "location": happening.where[:MOST_WHERE],
    }
