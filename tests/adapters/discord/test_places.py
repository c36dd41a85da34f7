"""Looks at servers, as Discord says that something changed there."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.discord import places as module
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
