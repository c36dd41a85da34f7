"""Looks at servers, as Discord says that something changed there."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.discord import places as module
from adapters.discord import responses
from adapters.discord.client import Connection
from adapters.discord.places import DiscordPlaces


async def test_what_discord_says_last_is_saved_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the look before takes."""
    may_go_on, started, saved = threading.Event(), asyncio.Event(), list[str]()
    loop, guild = asyncio.get_running_loop(), SimpleNamespace(id=7, unavailable=False, says="closed")

    class Slow:
        def connected(self) -> list[tuple[str, str]]:
            return [("7", "1")]

        def space_found(self, _space: str) -> bool:
            return False

        def look(self, _space: str, state: str) -> None:
            if state == "closed":
                loop.call_soon_threadsafe(started.set)
                may_go_on.wait()
            saved.append(state)

    app: Any = None
    client: Any = None
    looking = DiscordPlaces(client, app)
    monkeypatch.setattr(looking, "places", Slow())
    monkeypatch.setattr(module, "states", lambda server, _channels: server.says)
    server: Any = guild
    first = asyncio.create_task(looking.look(server))
    await started.wait()
    guild.says = "open"
    second = asyncio.create_task(looking.look(server))
    # Time enough to overtake, if it could.
    for _each in range(50):
        await asyncio.sleep(0.001)
    may_go_on.set()
    await asyncio.gather(first, second)
    assert saved == ["closed", "open"]


GUILD: Any = SimpleNamespace(id=7)
OTHER: Any = SimpleNamespace(id=5, guild=GUILD)
OWN: Any = SimpleNamespace(id=1, guild=GUILD)


@pytest.mark.parametrize(
    ("event", "about", "is_looked_at"),
    [
        ("guild_join", (GUILD,), True),
        ("guild_available", (GUILD,), True),
        ("guild_channel_create", (OTHER,), True),
        ("guild_channel_update", (OTHER, OTHER), True),
        ("guild_channel_delete", (OTHER,), True),
        ("guild_role_update", (OTHER, OTHER), True),
        ("guild_role_delete", (OTHER,), True),
        ("member_update", (OWN, OWN), True),
        ("member_update", (OTHER, OTHER), False),
    ],
)
async def test_server_is_looked_at_after_what_may_change_where_the_bot_can_post(
    monkeypatch: pytest.MonkeyPatch, event: str, about: tuple[Any, ...], is_looked_at: bool
) -> None:
    """By the library's names for the events."""
    looks: list[Any] = []

    async def look(guild: Any) -> None:
        looks.append(guild)

    app: Any = SimpleNamespace()
    connection = Connection(app, "")
    await connection._async_setup_hook()
    monkeypatch.setattr(Connection, "user", OWN)
    monkeypatch.setattr(connection.places, "look", look)
    before = asyncio.all_tasks()
    connection.dispatch(event, *about)
    await asyncio.gather(*(asyncio.all_tasks() - before))
    assert looks == ([GUILD] if is_looked_at else [])


@pytest.mark.parametrize("writer", [{"webhook_id": 9, "bot": False}, {"webhook_id": None, "bot": True}])
async def test_message_that_no_person_wrote_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, writer: dict[str, Any]
) -> None:
    async def answer(*_what: object) -> None:
        raise AssertionError("answered")

    monkeypatch.setattr(responses, "answer_mention", answer)
    app: Any = SimpleNamespace()
    monkeypatch.setattr(Connection, "user", OWN)
    message: Any = SimpleNamespace(
        author=SimpleNamespace(bot=writer["bot"]), webhook_id=writer["webhook_id"], channel=None, mentions=[OWN]
    )
    await Connection(app, "").on_message(message)
