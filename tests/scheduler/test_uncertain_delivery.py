"""A message whose fate is not known is asked about before it is sent again; where nobody can tell, it is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery import attempts
from bot.ui import ToCommunity, ToPerson
from scheduler.delivery_worker import Sender
from scheduler.local_runner import LocalRunner
from storage.messaging import outbox
from tests.support.community import actors, create_community
from tests.support.deliveries import person_id, post, row
from tests.support.interruptions import Remembering, killed_while_sending, remembering, restarted, said, until


@pytest.fixture
def chat(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Remembering:
    return remembering(engine, monkeypatch)


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_power_cut_it_is_there_once(chat: Remembering, arrived: bool) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=arrived)
    await restarted(chat)
    assert said(chat) == ["Hello"]
    assert len(chat.asked) == 1
    assert (row(chat, "x.card").state, row(chat, "x.card").receipt) == (outbox.SENT, "m1")


async def test_a_platform_that_is_not_heard_is_asked_too(chat: Remembering) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.mute = True
    sender = Sender(chat.app, {chat.name: chat}, LocalRunner)
    await sender.pump()
    await until(lambda: row(chat, "x.card").state == outbox.DOUBTFUL)  # only then is it written when to try again
    chat.mute = False
    chat.clock.move(chat.clock.now() + timedelta(seconds=10))
    await sender.settle()
    await sender.stop()
    assert len(chat.posts) == 1
    assert row(chat, "x.card").state == outbox.SENT


async def test_where_nobody_can_tell_it_is_sent_again_under_the_same_ref(chat: Remembering) -> None:
    create_community(chat)
    chat.secretive = True
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=True)
    await restarted(chat)
    assert len(chat.posts) == 2
    assert len(chat.taken) == 1


async def test_rewritten_before_it_was_known_to_have_arrived_it_ends_with_the_new_words(chat: Remembering) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "First")
    await killed_while_sending(chat, "x.card", arrived=True)
    post(chat, ToCommunity(), "x.card", "Second")
    await restarted(chat)
    assert [(p.words.strip(), p.edits) for p in chat.posts] == [("Second", 1)]
    assert len(chat.taken) == 2, "the post, and its rewriting"


async def test_to_rewrite_a_message_once_more_nobody_is_asked(chat: Remembering) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "First")
    await restarted(chat)
    post(chat, ToCommunity(), "x.card", "Second")
    await killed_while_sending(chat, "x.card", arrived=True)
    await restarted(chat)
    assert said(chat) == ["Second"]
    assert chat.asked == []


async def test_of_a_private_message_the_platform_is_told_where_that_talk_is(chat: Remembering) -> None:
    create_community(chat)
    actors(chat, "Mei")
    post(chat, ToPerson(person_id(chat, "Mei")), "x.first", "One")
    await restarted(chat)
    post(chat, ToPerson(person_id(chat, "Mei")), "x.second", "Two")
    await killed_while_sending(chat, "x.second", arrived=False)
    await restarted(chat)
    [doubt] = chat.asked
    assert doubt.beside == "m1"
    assert doubt.since == row(chat, "x.second").made_at


def test_a_number_that_a_database_gives_twice_is_never_taken_for_the_same_message(chat: Remembering) -> None:
    create_community(chat)
    refs = []
    for _round in range(2):
        post(chat, ToCommunity(), "x.card", "Hello")
        with Session(chat.engine) as session, session.begin():
            ready = attempts.prepare(session, row(chat, "x.card").id or 0, chat.clock.now())
            assert ready
            refs.append(ready.parcel.ref)
            session.delete(session.get_one(outbox.Outgoing, ready.id))
        chat.clock.move(chat.clock.now() + timedelta(seconds=1))
    assert len(set(refs)) == 2
    assert all(len(ref) <= 25 for ref in refs)
