"""Notices of a channel that can't be reached: facilitators are told once, with the remedy, and nobody else is."""

import pytest
from sqlmodel import Session

from bot.core.platform import Undeliverable
from bot.delivery import failure_notices
from bot.ui import ToCommunity, ToPerson
from storage.operations import audit_log
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community
from tests.support.deliveries import person_id, post, row


@pytest.fixture
def ben(chat: Chat) -> Actor:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    return ben


def notices_to(actor: Actor) -> list[str]:
    return [p.words for p in actor.direct() if "I cannot post" in p.words]


def test_facilitators_are_told_once_per_channel_and_cause(chat: Chat, ben: Actor) -> None:
    chat.unreachable["general"] = "not in the channel"
    post(chat, ToCommunity(), "x.one", "Hello")
    post(chat, ToCommunity(), "x.two", "Hello again")
    chat.deliver_all()
    [notice] = notices_to(ben)
    assert "Youth workers" in notice
    assert "I am not in the channel" in notice
    assert "/invite" in notice
    assert "/cop-admin status" in notice
    chat.unreachable["general"] = "no permission"
    post(chat, ToCommunity(), "x.three", "And again")
    chat.deliver_all()
    assert len(notices_to(ben)) == 2
    assert [p for p in chat.posts if p.person not in ("", "ben")] == []


def test_next_failure_is_reported_again_after_a_success(chat: Chat, ben: Actor) -> None:
    """Once something has arrived there again, the next failure is news."""
    for n in range(2):
        chat.unreachable["general"] = "no permission"
        post(chat, ToCommunity(), f"x.dead{n}", "Hello")
        chat.deliver_all()
        assert len(notices_to(ben)) == n + 1
        del chat.unreachable["general"]
        post(chat, ToCommunity(), f"x.fine{n}", "Hello")
        chat.deliver_all()
        chat.wait(days=1)


def test_failed_direct_message_is_reported_only_to_its_person_and_admins(chat: Chat, ben: Actor) -> None:
    chat.unreachable["mei"] = "direct messages closed"
    post(chat, ToPerson(person_id(chat, "Mei")), "x.private", "Just you")
    chat.deliver_all()
    assert notices_to(ben) == []
    ada = chat.person("Ada", manages=True)
    said = ada.types("status", root="admin")
    assert "to one person: direct messages closed" in said
    assert "Mei" not in said


def test_repeated_failure_is_reported_too(chat: Chat, ben: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver = chat.deliver

    async def fail(delivery):  # type: ignore[no-untyped-def]
        if delivery.to.kind == "channel":
            raise KeyError("a fault of our own, with words that people typed")
        return await deliver(delivery)

    monkeypatch.setattr(chat, "deliver", fail)
    post(chat, ToCommunity(), "x.one", "Hello")
    chat.wait(days=1)
    [notice] = notices_to(ben)
    assert "failed again and again" in notice
    assert row(chat, "x.one").problem == failure_notices.KEPT_FAILING


@pytest.mark.parametrize("verb", ["Retry", "Drop"])
def test_retry_and_failure_are_audited(chat: Chat, ben: Actor, verb: str) -> None:
    chat.unreachable["general"] = "no permission"
    post(chat, ToCommunity(), "x.one", "Hello")
    chat.deliver_all()
    del chat.unreachable["general"]
    ada = chat.person("Ada", manages=True)
    ada.types("status", root="admin")
    ada.presses(verb)
    assert [p.words.strip() for p in chat.in_channel()] == (["Hello"] if verb == "Retry" else [])
    admin = person_id(chat, "Ada")
    with Session(chat.engine) as session:
        [note] = [n for n in audit_log.notes(session, 1, 10) if n.action.startswith("status.")]
        assert (note.action, note.detail, note.person_id) == (f"status.{verb.lower()}", "1", admin)


@pytest.mark.parametrize("why", [*Undeliverable.REASONS, failure_notices.KEPT_FAILING])
def test_every_cause_has_words_and_a_remedy(why: str) -> None:
    message = failure_notices.undeliverable("Youth *workers*", "C1", here=True, why=why)
    assert len(message.parts) == 3
    assert failure_notices.reason(why) != why or why == "direct messages closed"
