"""Many at once: Discord is asked for more time before a handler has begun, however long the others take."""

import asyncio
import threading
from typing import Any

import pytest

from adapters.discord import responses
from bot.core.events import Command, Event, Place, PlatformUser
from bot.core.workers import CROWD
from bot.ui import Reply, card
from tests.adapters.discord.small_app import SmallApp

MANY = 200


class Busy(SmallApp):
    """Lets everyone wait until the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()

    def handle(self, event: Event) -> Reply:
        self.may_go_on.wait()
        return card("At last.")


class Held:
    """An interaction, as far as asking for more time goes."""

    def __init__(self) -> None:
        self.message, self.response, self.held = None, self, False

    async def defer(self, **_how: bool) -> None:
        self.held = True


async def test_all_are_held_while_all_workers_are_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "HOLD_AFTER", 1e6)
    app: Any = Busy()
    event = Command(Place("discord", "1", "2"), PlatformUser("3", "Ben"), "say x")
    waiting: list[Any] = [Held() for _each in range(MANY)]
    working = [asyncio.create_task(responses.work(each, app, event)) for each in waiting]
    while sum(each.held for each in waiting) < MANY - CROWD:
        await asyncio.sleep(0)
    app.may_go_on.set()
    assert [reply == card("At last.") for reply in await asyncio.gather(*working)] == [True] * MANY
