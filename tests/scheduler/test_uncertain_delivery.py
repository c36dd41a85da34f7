"""An uncertain delivery is looked up before it is sent again, or sent again where nobody can tell."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery import attempts
from bot.ui import ToCommunity, ToPerson
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from storage.messaging import outbox
from tests.support.community import actors, create_community
from tests.support.deliveries import person_id, post, row
from tests.support.interruptions import Remembering, killed_while_sending, posted_words, remembering, restarted, until


@pytest.fixture
def chat(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Remembering:
    return remembering(engine, monkeypatch)


@pytest.mark.parametrize("arrived", [True, False])
async def test_message_is_there_once_after_a_power_cut(chat: Remembering, arrived: bool) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=arrived)
    await restarted(chat)
    assert posted_words(chat) == ["Hello"]
    assert len(chat.asked) == 1
    assert (row(chat, "x.card").state, row(chat, "x.card").receipt) == (outbox.SENT, "m1")


async def test_platform_is_asked_when_its_answer_was_lost(chat: Remembering) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.mute = True
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.pump()
    # Only then is the time of the next attempt written.
    await until(lambda: row(chat, "x.card").state == outbox.UNCERTAIN)
    chat.mute = False
    chat.clock.move(chat.clock.now() + timedelta(seconds=10))
    await worker.wait_until_idle()
    await worker.stop()
    assert len(chat.posts) == 1
    assert row(chat, "x.card").state == outbox.SENT


async def test_message_is_sent_again_with_its_key_when_lookup_is_unavailable(chat: Remembering) -> None:
    create_community(chat)
    chat.secretive = True
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=True)
    await restarted(chat)
    assert len(chat.posts) == 2
    assert len(chat.taken) == 1


async def test_message_rewritten_while_uncertain_ends_with_the_new_words(chat: Remembering) -> None:
    """It was rewritten before anybody knew whether it had arrived."""
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "First")
    await killed_while_sending(chat, "x.card", arrived=True)
    post(chat, ToCommunity(), "x.card", "Second")
    await restarted(chat)
    assert [(p.words.strip(), p.edits) for p in chat.posts] == [("Second", 1)]
    assert len(chat.taken) == 2, "the post, and its rewriting"


async def test_rewrite_is_repeated_without_lookup(chat: Remembering) -> None:
    """Rewriting a message twice changes nothing, so nobody is asked."""
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "First")
    await restarted(chat)
    post(chat, ToCommunity(), "x.card", "Second")
    await killed_while_sending(chat, "x.card", arrived=True)
    await restarted(chat)
    assert posted_words(chat) == ["Second"]
    assert chat.asked == []


async def test_lookup_of_a_direct_message_names_its_conversation(chat: Remembering) -> None:
    create_community(chat)
    actors(chat, "Mei")
    post(chat, ToPerson(person_id(chat, "Mei")), "x.first", "One")
    await restarted(chat)
    post(chat, ToPerson(person_id(chat, "Mei")), "x.second", "Two")
    await killed_while_sending(chat, "x.second", arrived=False)
    await restarted(chat)
    [uncertain] = chat.asked
    assert uncertain.conversation_receipt == "m1"
    assert uncertain.since == row(chat, "x.second").made_at


def test_reused_row_id_is_not_taken_for_the_same_message(chat: Remembering) -> None:
    """A database may give the id of a deleted row again."""
    create_community(chat)
    refs = []
    for _round in range(2):
        post(chat, ToCommunity(), "x.card", "Hello")
        with Session(chat.engine) as session, session.begin():
            ready = attempts.begin_attempt(session, row(chat, "x.card").id or 0, chat.clock.now())
            assert ready
            refs.append(ready.delivery.idempotency_key)
            session.delete(session.get_one(outbox.Outgoing, ready.id))
        chat.clock.move(chat.clock.now() + timedelta(seconds=1))
    assert len(set(refs)) == 2
    assert all(len(ref) <= 25 for ref in refs)
