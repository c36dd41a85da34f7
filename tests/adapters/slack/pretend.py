"""A stand-in for the bot's core, which records events and answers as told, and messages and forms to answer with."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from adapters.slack.manifest import SCOPES
from bot.core.acceptance import Acceptance
from bot.core.app import App
from bot.core.events import AutocompleteQuery, Event
from bot.core.permissions import Role
from bot.core.platform import Delivery
from bot.core.routes import CommandSpec, Route, ShortcutSpec
from bot.core.workers import Workers
from bot.ui import (
    Button,
    ChannelField,
    ChoiceField,
    Facts,
    Form,
    Link,
    Message,
    PeopleField,
    Quote,
    Reply,
    Select,
    Text,
    TextField,
    TickField,
    card,
)

SHARED = Path(__file__).resolve().parents[4] / "shared"


def _nothing(*_: object) -> None:
    return None


MEMBERS, FACILITATORS = Route(_nothing, Role.MEMBER), Route(_nothing, Role.FACILITATOR)


class Pretend(App):
    """Records what it hears (`heard`), and answers with `says(event)`."""

    def __init__(self) -> None:
        self.root, self.identity_cache, self.workers = "cop", None, Workers()
        self.commands = (
            CommandSpec("share", "Share something useful", MEMBERS, "[link] [note]"),
            CommandSpec("find", "Find what was shared", MEMBERS, "<words or #topic>"),
            CommandSpec("checkin open", "Open a check-in", FACILITATORS, "[name]"),
        )
        self.shortcuts = (ShortcutSpec("resources.save", "Save to resources", MEMBERS),)
        # A database with nothing in it, for what asks where communities live.
        self.engine = self.read_engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        SQLModel.metadata.create_all(
            self.engine, tables=[SQLModel.metadata.tables[name] for name in ("person", "account", "channel")]
        )
        self.write_lock = threading.Lock()
        self.accepted_first: list[Event] = []
        self.acceptance = Acceptance(self.accepted_first.extend)
        self.events: list[Event] = []
        self.says: Callable[[Event], Reply] = lambda event: card("Done.")
        # A test that wants a slow core clears it.
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def handle(self, event: Event) -> Reply:
        self.events.append(event)
        self.may_go_on.wait(120)
        return self.says(event)

    def complete(self, typing: AutocompleteQuery) -> list[str]:
        return []


MODES = pytest.mark.parametrize("mode", ["socket", "http"])
ANSWER = Form(
    "rounds.answer",
    "Your answer",
    (
        TextField("body", "What did you try?", long=True, hint="Two lines are plenty"),
        ChoiceField("seen", "Who may see it?", (("all", "Everyone"), ("", "Nobody")), initial="all"),
        TickField("topics", "Topics", (("play", "Play"), ("food", "Food")), initial=("food",)),
        PeopleField("with", "With whom?", required=False, initial=("T000000001-U000000001",)),
        ChannelField("room", "Where?", required=False),
    ),
    value="12:3",
)
CARD = Message(
    title="What did you try?",
    parts=(Text("Closes [x](at:1765000000:full)"), Quote("Silent starts\n*really*"), Facts((("Answers", "0"),))),
    actions=(
        Button("Answer", "rounds.answer", "12:3", "primary"),
        Link("Read more", "https://example.org/a?b=1&c=2"),
        Select("Snooze", "calm.snooze", (("1w", "One week"), ("2w", "Two weeks")), "12:"),
    ),
)


def delivery(to: Any, message: Message = CARD, **more: Any) -> Delivery:
    return Delivery("T000000001", to, message, "ref-1", **more)


def no_findings(peer: Any) -> None:
    """Assert that every call is valid by Slack's rules, and within the scopes that the bot asks for."""
    from peers.slack.validate_calls import check_calls, missing_scopes

    assert check_calls(peer.calls) == []
    assert missing_scopes(peer.calls, list(SCOPES)) == []
