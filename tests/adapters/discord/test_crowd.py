"""Many at once: Discord is asked for more time before a handler has begun, however long the others take."""

import asyncio
import threading
from typing import Any

import pytest

from adapters.discord import responses, texts
from bot.core.events import Click, Command, Event, Place, PlatformUser
from bot.core.workers import CROWD
from bot.ui import Button, Reply, card
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


def test_click_whose_form_came_too_late_is_offered_again() -> None:
    """Where many press at once, none of their forms can open any more."""
    place, ben = Place("discord", "1", "2"), PlatformUser("3", "Ben")
    [button] = texts.too_late_for_a_form(Click(place, ben, "rounds.answer", "12:3")).actions
    assert isinstance(button, Button)
    assert (button.action, button.value) == ("rounds.answer", "12:3")
    assert texts.too_late_for_a_form(Command(place, ben, "reflect")).actions == ()
    assert texts.too_late_for_a_form(Click(place, ben, "rounds.answer", "1" * 90)).actions == ()
