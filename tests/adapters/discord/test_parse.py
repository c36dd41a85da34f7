"""Parsing what Discord sends, from recorded frames and from frames of the peer, read by the real library."""

import json
from pathlib import Path
from typing import Any

import discord
import pytest

from adapters.discord import command_tree, parse
from adapters.discord.client import INTENTS
from bot.core.events import AutocompleteQuery, Click, Command, Place, PlatformUser, Shortcut, Submission
from tests.adapters.discord.small_app import small_app

MISSING_FROM_OLD_RECORDINGS = {
    "version": 1,
    "token": "t",
    "entitlements": [],
    "attachment_size_limit": 1,
    "authorizing_integration_owners": {},
    "type": 2,
}
USER = {"id": "5", "username": "mei", "global_name": "Mei", "discriminator": "0", "avatar": None}
IN_A_DIRECT_MESSAGE = {
    **MISSING_FROM_OLD_RECORDINGS,
    "id": "1",
    "application_id": "2",
    "locale": "pt-BR",
    "app_permissions": "16",
    "channel_id": "4",
    "channel": {"id": "4", "type": 1},
    "user": USER,
}
MEI = PlatformUser("5", "Mei", "pt-BR")
PLACE = Place("discord", "", "4", direct=True)


async def parsed(frame: dict[str, Any]) -> Any:
    client = discord.Client(intents=INTENTS)
    await client._async_setup_hook()
    client._connection.user = discord.ClientUser(state=client._connection, data=USER)  # type: ignore[arg-type]
    interaction = discord.Interaction[discord.Client](data=frame, state=client._connection)  # type: ignore[arg-type]
    return parse.interaction(interaction, small_app())


async def test_recorded_clicks_are_parsed(payloads: Path) -> None:
    files = sorted(payloads.glob("interaction_create-*.json"))
    clicks = [await parsed({**MISSING_FROM_OLD_RECORDINGS, **json.loads(f.read_text())["d"]}) for f in files]
    assert [click.action for click in clicks] == ["hello", "messages"]
    for click in clicks:
        assert isinstance(click, Click)
        assert click.person.can_manage
        assert click.person.locale == "en-US"
        assert click.place.space == "1457468924290662599"
        assert click.place.channel == "1457510428359004343", "a thread counts as its channel"


@pytest.mark.parametrize(
    ("type", "data", "event"),
    [
        (
            2,
            {
                "id": "9",
                "type": 1,
                "name": "cop",
                "options": [
                    {"type": 1, "name": "say", "options": [{"type": 3, "name": "words", "value": "hi <@1> <#2> <@&3>"}]}
                ],
            },
            Command(PLACE, MEI, "say hi <@1> <#2> <@&3>", "member", "1"),
        ),
        (2, {"id": "9", "type": 1, "name": "cop-admin"}, Command(PLACE, MEI, "", "admin", "1")),
        (
            4,
            {
                "id": "9",
                "type": 1,
                "name": "cop",
                "options": [
                    {
                        "type": 1,
                        "name": "zone",
                        "options": [{"type": 3, "name": "zone", "value": "Eur", "focused": True}],
                    }
                ],
            },
            AutocompleteQuery(PLACE, MEI, "zone Eur", "member"),
        ),
        (
            2,
            {
                "id": "9",
                "type": 3,
                "name": "Save to resources",
                "target_id": "7",
                "resolved": {"messages": {"7": {"id": "7", "content": "<@5> and <@!5>: look", "mentions": [USER]}}},
            },
            Shortcut(PLACE, MEI, "demo.save", "@Mei and @Mei: look", "https://discord.com/channels/@me/4/7", "1"),
        ),
        (
            2,
            {
                "id": "9",
                "type": 3,
                "name": "Gone by now",
                "target_id": "7",
                "resolved": {"messages": {"7": {"id": "7"}}},
            },
            Shortcut(PLACE, MEI, "Gone by now", "", "https://discord.com/channels/@me/4/7", "1"),
        ),
        (3, {"custom_id": "rsvp.yes|12:a|b", "component_type": 2}, Click(PLACE, MEI, "rsvp.yes", "12:a|b", (), "1")),
        (
            3,
            {"custom_id": "rsvp.pick|", "component_type": 3, "values": ["a", "b"]},
            Click(PLACE, MEI, "rsvp.pick", "", ("a", "b"), "1"),
        ),
        (
            5,
            {
                "custom_id": "demo.send|12:7",
                "components": [
                    {"type": 10, "id": 1},
                    {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "body", "value": "<b>hi</b>"}},
                    {
                        "type": 18,
                        "id": 4,
                        "component": {"type": 22, "id": 5, "custom_id": "ticks", "values": ["a", "b"]},
                    },
                    {"type": 18, "id": 6, "component": {"type": 3, "id": 7, "custom_id": "none", "values": []}},
                ],
            },
            Submission(
                PLACE,
                MEI,
                "demo.send",
                "12:7",
                {"body": "<b>hi</b>", "ticks": "a b", "none": ""},
                "1",
                written=("body",),
            ),
        ),
        (1, {}, None),
    ],
)
async def test_message_to_the_bot_is_parsed(type: int, data: dict[str, Any], event: Any) -> None:
    assert await parsed({**IN_A_DIRECT_MESSAGE, "type": type, "data": data}) == event


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("checkin open Week 12", "checkin open"),
        ("Agenda add Tea", "agenda add"),
        ("agenda", "agenda"),
        ("say", "say"),
        ("nonsense", None),
        ("", None),
    ],
)
def test_command_is_found_at_the_start_of_a_line(typed: str, name: str | None) -> None:
    found = command_tree.named(typed, small_app())
    assert (found and found.name) == name
