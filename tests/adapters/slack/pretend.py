"""A stand-in for the bot's core: it writes down what it hears and says what it is told to say."""

import threading
from collections.abc import Callable
from pathlib import Path

from bot.app import App
from bot.events import Event, Typing
from bot.feature import CommandSpec, Route, ShortcutSpec
from bot.permissions import Role
from bot.ui import Reply, card

SHARED = Path(__file__).resolve().parents[4] / "shared"


def _nothing(*_: object) -> None:
    return None


MEMBERS, FACILITATORS = Route(_nothing, Role.MEMBER), Route(_nothing, Role.FACILITATOR)


class Pretend(App):
    def __init__(self) -> None:
        self.root = "cop"
        self.commands = (
            CommandSpec("share", "Share something useful", MEMBERS, "[link] [note]"),
            CommandSpec("find", "Find what was shared", MEMBERS, "<words or #topic>"),
            CommandSpec("checkin open", "Open a check-in", FACILITATORS, "[name]"),
        )
        self.shortcuts = (ShortcutSpec("resources.save", "Save to resources", MEMBERS),)
        self.heard: list[Event] = []
        self.says: Callable[[Event], Reply] = lambda event: card("Done.")
        self.may_go_on = threading.Event()  # a test that wants a slow core clears it
        self.may_go_on.set()

    def handle(self, event: Event) -> Reply:
        self.heard.append(event)
        self.may_go_on.wait(10)
        return self.says(event)

    def complete(self, typing: Typing) -> list[str]:
        return []
