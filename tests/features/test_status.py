"""How the bot is doing, told by Ada when something is stuck."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from sqlmodel import Session, select

from bot.core.events import Command
from storage.communities import communities
from storage.messaging import timers
from storage.messaging.outbox import Outgoing
from storage.operations.incidents import Incident
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community


@pytest.fixture
def ada(chat: Chat) -> Actor:
    create_community(chat)
    return chat.person("Ada", manages=True)


def test_status_is_good_when_nothing_is_wrong(chat: Chat, ada: Actor) -> None:
    said = ada.types("status", root="admin")
    assert "All is well." in said
    assert "Members: 4" in said
    assert "Channels: 1" in said


def test_failed_message_is_retried(chat: Chat, ada: Actor) -> None:
    chat.unreachable["zed"] = "direct messages closed"
    zed = chat.person("Zed")
    zed.types("join")
    zed.presses("Join")
    said = ada.types("status", root="admin")
    assert "to one person: direct messages closed" in said
    del chat.unreachable["zed"]
    assert "Trying one message again" in ada.presses("Retry")
    assert [p.words.splitlines()[0] for p in zed.direct()] == ["Welcome"]
    assert "All is well." in ada.types("status", root="admin")


def test_failed_message_is_dropped(chat: Chat, ada: Actor) -> None:
    chat.unreachable["zed"] = "direct messages closed"
    zed = chat.person("Zed")
    zed.types("join")
    zed.presses("Join")
    ada.types("status", root="admin")
    shown = ada.sees
    assert "Dropped one message" in ada.presses("Drop")
    ada.sees = shown
    assert "nothing to drop" in ada.presses("Drop")
    with Session(chat.engine) as session:
        assert [row.key for row in session.exec(select(Outgoing)) if row.address.count("zed")] == []


def test_stopped_clock_is_reported(chat: Chat, ada: Actor) -> None:
    with Session(chat.engine) as session, session.begin():
        [community] = communities.every(session)
        timers.put(session, community.id, "rounds.close", "1", chat.clock.now())
    chat.clock.move(chat.clock.now() + timedelta(minutes=10))
    assert "One thing is overdue" in words(chat.app.handle(Command(ada.place(), ada.who, "status", "admin")))


def test_incident_is_found_by_its_reference(chat: Chat, ada: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    [mei] = actors(chat, "Mei")
    with monkeypatch.context() as broken:
        broken.setattr(import_module("bot.features.availability.handlers"), "read_hours", None)
        said = mei.types("quiet 20 8")
    reference = re.search(r"the reference (\w{4})", said)
    assert reference
    looked_up = ada.types(f"status {reference[1].lower()}", root="admin")
    assert "Doing: command" in looked_up
    assert "TypeError" in looked_up
    assert "I know no reference “XXXX”" in ada.types("status XXXX", root="admin")


def test_incident_of_another_community_is_not_shown(chat: Chat, ada: Actor) -> None:
    other = create_community(chat, [], name="Staff leaders", channel="staff")
    with Session(chat.engine) as session, session.begin():
        session.add(Incident(reference="ABCD", community_id=other, event_name="x", error="secret", at=chat.clock.now()))
    assert "I know no reference" in ada.types("status ABCD", root="admin")


def test_status_says_that_a_community_has_no_channel(chat: Chat, ada: Actor) -> None:
    ada.types("role map admin <@mei>", root="admin")
    [mei] = actors(chat, "Mei")
    ada.types("channel unbind", root="admin")
    assert "lives in no channel" in mei.whispers("status")
