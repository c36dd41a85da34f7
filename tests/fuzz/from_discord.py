"""Reads what Discord might send: an interaction, passed through the real library to the bot's parser."""

import asyncio
import json
from contextlib import suppress
from functools import lru_cache
from typing import Any

import discord

from adapters.discord import parse as bot
from adapters.discord.client import INTENTS
from tests.adapters.discord.small_app import small_app
from tests.fuzz.from_slack import body_of, holds_words

USER = {"id": "5", "username": "mei", "global_name": "Mei", "discriminator": "0", "avatar": None}


@lru_cache
def _state() -> Any:
    client = discord.Client(intents=INTENTS)
    asyncio.run(client._async_setup_hook())
    client._connection.user = discord.ClientUser(state=client._connection, data=USER)  # type: ignore[arg-type]
    return client._connection


def to_interaction(frame: Any) -> discord.Interaction[Any] | None:
    """Return the interaction, None if the library itself refuses it, before the bot hears of it."""
    with suppress(Exception):
        interaction = discord.Interaction[Any](data=frame, state=_state())
        _ = interaction.locale, interaction.permissions, interaction.user.display_name
        return interaction
    return None


def read(data: bytes) -> None:
    frame = body_of(data)
    if frame is not None and (interaction := to_interaction({**_FRAME, **frame})):
        holds_words(bot.interaction(interaction, small_app()))


_FRAME: dict[str, Any] = {
    "id": "1",
    "application_id": "2",
    "token": "t",
    "version": 1,
    "entitlements": [],
    "attachment_size_limit": 1,
    "authorizing_integration_owners": {},
    "locale": "pt-BR",
    "app_permissions": "16",
    "channel_id": "4",
    "channel": {"id": "4", "type": 1},
    "user": USER,
}


def _option(type: int, name: str, **more: Any) -> dict[str, Any]:
    return {"type": type, "name": name, **more}


SEEDS = tuple(
    json.dumps(frame)
    for frame in (
        {"type": 2, "data": {"id": "9", "type": 1, "name": "cop", "options": [
            _option(1, "say", options=[_option(3, "words", value="hi <@1>")])]}},
        {"type": 2, "data": {"id": "9", "type": 1, "name": "cop-facilitate", "options": [
            _option(2, "checkin", options=[_option(1, "open", options=[_option(3, "title", value="Well?")])])]}},
        {"type": 4, "data": {"id": "9", "type": 1, "name": "cop", "options": [
            _option(1, "zone", options=[_option(3, "zone", value="Eur", focused=True)])]}},
        {"type": 2, "data": {"id": "9", "type": 3, "name": "Save to resources", "target_id": "7",
            "resolved": {"messages": {"7": {"id": "7", "content": "<@5>: look", "mentions": [USER]}}}}},
        {"type": 3, "data": {"custom_id": "rsvp.pick|1:2", "component_type": 3, "values": ["a", "b"]}},
        {"type": 5, "data": {"custom_id": "demo.send|12:7", "components": [
            {"type": 10, "id": 1},
            {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "body", "value": "hi"}},
            {"type": 18, "id": 4, "component": {"type": 22, "id": 5, "custom_id": "ticks", "values": ["a"]}}]}},
        {"type": 3, "guild_id": "8", "guild": {"id": "8", "features": [], "locale": "en-US"}, "channel": {"id": "4",
            "type": 11, "guild_id": "8", "parent_id": "3", "name": "t", "permissions": "0"},
            "member": {"user": USER, "roles": ["8", "11"], "permissions": "32", "joined_at": "2025-01-01T00:00:00",
            "deaf": False, "mute": False, "flags": 0}, "data": {"custom_id": "a|b", "component_type": 2}},
    )
)  # fmt: skip
VOCABULARY = ("options", "resolved", "messages", "mentions", "components", "custom_id", "values")
