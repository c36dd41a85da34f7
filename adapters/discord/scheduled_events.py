"""Shows the next meeting among a server's scheduled events: created, changed, and deleted with the meeting.

Discord's events can't express a community's cadence, and a server can have at most 100, so only the next one is shown.
"""

from dataclasses import replace
from datetime import datetime
from typing import TypedDict

import discord

from adapters.discord import render
from adapters.discord.client import Connection
from bot.core.platform import Delivery
from bot.ui import CalendarEvent

# Discord's limits in characters.
MOST_NAME, MOST_DESCRIPTION, MOST_WHERE = 100, 1_000, 100


class EventFields(TypedDict):
    name: str
    description: str
    start_time: datetime
    end_time: datetime
    location: str


async def show(client: Connection, delivery: Delivery) -> str:
    """Create or change the event, or delete it if nothing is to happen. Returns its id, "" if there is none now.

    An event that someone has deleted can't be changed (errors.UNKNOWN_EVENT), and is not created again.
    """
    guild = await _guild(client, delivery)
    calendar_event = delivery.message.calendar_event
    event = None
    if delivery.replaces:
        event = await guild.fetch_scheduled_event(int(delivery.replaces), with_counts=False)
    if calendar_event is None:
        if event:
            await event.delete()
        return ""
    fields = _event_fields(delivery, calendar_event)
    if event is None:
        made = await guild.create_scheduled_event(
            entity_type=discord.EntityType.external, privacy_level=discord.PrivacyLevel.guild_only, **fields
        )
        return str(made.id)
    # An event that has started can't be moved any more, and needn't be.
    if event.status is discord.EventStatus.scheduled:
        await event.edit(entity_type=discord.EntityType.external, **fields)
    return delivery.replaces


async def find(client: Connection, delivery: Delivery) -> str | None:
    """Return the id of the event that an earlier attempt may have created: the bot's own, of that name and time."""
    guild = await _guild(client, delivery)
    calendar_event = delivery.message.calendar_event
    for event in await guild.fetch_scheduled_events(with_counts=False):
        own = client.user is not None and event.creator_id == client.user.id
        if own and calendar_event and event.name == _name(delivery) and event.start_time == calendar_event.starts_at:
            return str(event.id)
    return None


async def _guild(client: Connection, delivery: Delivery) -> discord.Guild:
    return client.get_guild(int(delivery.space)) or await client.fetch_guild(int(delivery.space), with_counts=False)


def _name(delivery: Delivery) -> str:
    return delivery.message.title[:MOST_NAME]


def _event_fields(delivery: Delivery, calendar_event: CalendarEvent) -> EventFields:
    view, _files = render.message(replace(delivery.message, title="", actions=()))
    words = "\n".join(render.texts(view.to_components()))  # type: ignore[no-untyped-call]
    return {
        "name": _name(delivery),
        "description": words[:MOST_DESCRIPTION],
        "start_time": calendar_event.starts_at,
        "end_time": calendar_event.ends_at,
        "location": calendar_event.where[:MOST_WHERE],
    }
