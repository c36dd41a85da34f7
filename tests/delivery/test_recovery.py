"""Recovering deliveries whose worker died: each is sent once, in its place in the order."""

import asyncio
from datetime import timedelta
from time import monotonic

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.core.platform import RetryAfter
from bot.delivery import attempts
from bot.ui import ToCommunity
from scheduler import delivery_worker as worker_module
from scheduler.delivery_worker import DeliveryWorker
from scheduler.lane_runner import LaneName
from scheduler.local_runner import LocalRunner
from storage.messaging import outbox, outbox_queue
from tests.support.chat import Chat
from tests.support.community import actors, create_community
from tests.support.deliveries import post, row
from tests.support.interruptions import Remembering, killed_while_sending, posted_words, remembering, restarted, until


@pytest.fixture
def chat(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Remembering:
    return remembering(engine, monkeypatch)


def test_lost_commit_acknowledgement_ends_in_one_delivery(engine: Engine, mocker: MockerFixture) -> None:
    chat = Chat(engine)
    create_community(chat, ["Mei"])
    [ben] = actors(chat, "Ben")
    real = DeliveryWorker._begin_attempt
    lost: list[int] = []

    async def begin_attempt(worker: DeliveryWorker, id: int) -> object:
        # It is marked and committed, but the answer is lost.
        ready = await real(worker, id)
        if not lost:
            lost.append(id)
            raise OperationalError("COMMIT", None, ConnectionError("the server closed the connection"))
        return ready

    mocker.patch.object(DeliveryWorker, "_begin_attempt", begin_attempt)
    ben.types("checkin open What helped?")
    chat.deliver_all()
    assert lost
    assert len([post for post in chat.in_channel() if "What helped?" in post.words]) == 1
    with Session(chat.engine) as session:
        assert outbox_queue.interrupted(session) == []


async def taken_over(chat: Chat) -> tuple[DeliveryWorker, str]:
    """Let another worker open the lane of x.card and begin to look it up. Returns the worker and the lane."""
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.adopt_interrupted()
    name = worker.lane_of(chat.name, chat.space)
    worker.open(LaneName(name, chat.name, chat.space), settled=monotonic() + 1.0)
    await worker.pump()
    await until(lambda: row(chat, "x.card").state == outbox.SENDING)
    return worker, name


def the_first_of_two_was_put_off(chat: Chat) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.first", "First")
    post(chat, ToCommunity(), "x.second", "Second")
    with Session(chat.engine) as session, session.begin():
        ready = attempts.begin_attempt(session, row(chat, "x.first").id or 0, chat.clock.now())
        assert ready
        attempts.mark_failed(session, ready, RetryAfter(0.5), chat.clock.now(), "cop")


async def test_delivery_recorded_after_a_takeover_is_not_sent_again(
    chat: Remembering,
) -> None:
    """Its sender could record it only after the lane was taken over."""
    chat.secretive = True
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    with Session(chat.engine) as session, session.begin():
        first = attempts.begin_attempt(session, row(chat, "x.card").id or 0, chat.clock.now())
    assert first
    # The database is gone before that is written down.
    receipt = await chat.deliver(first.delivery)
    worker, name = await taken_over(chat)
    with Session(chat.engine) as session, session.begin():
        attempts.mark_delivered(session, first, receipt, chat.clock.now())
    await until(lambda: worker.lanes[name].empty)
    await worker.close(name)
    assert posted_words(chat) == ["Hello"]
    assert (row(chat, "x.card").state, row(chat, "x.card").receipt) == (outbox.SENT, receipt)


async def test_lane_is_released_when_closing_is_cancelled(chat: Remembering) -> None:
    """Whoever closes it may be cancelled while waiting; the lane is released all the same."""
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=False)
    worker, name = await taken_over(chat)
    lane = worker.lanes[name]
    closing = asyncio.create_task(worker.close(name))
    await asyncio.sleep(0.01)
    closing.cancel()
    await asyncio.wait([closing])
    await until(lambda: not lane.sending)
    assert worker.lanes == {}
    assert chat.posts == []


async def test_pending_retry_keeps_its_place_in_another_runner(chat: Remembering) -> None:
    """What is to be retried goes before later messages of its channel, whichever process goes on."""
    the_first_of_two_was_put_off(chat)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.start()
    await worker.pump()
    await asyncio.sleep(0.1)
    assert chat.posts == []
    chat.clock.at += timedelta(seconds=0.5)
    await worker.wait_until_idle()
    await worker.stop()
    assert posted_words(chat) == ["First", "Second"]


async def test_retry_keeps_its_place_after_its_sender_was_killed(chat: Remembering) -> None:
    the_first_of_two_was_put_off(chat)
    chat.clock.at += timedelta(seconds=1)
    await killed_while_sending(chat, "x.first", arrived=False)
    await restarted(chat)
    assert posted_words(chat) == ["First", "Second"]


async def test_delivery_that_outlives_its_lane_is_left_to_the_new_owner(
    chat: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delivery that ends after its lane was closed here is left to the process that runs the lane now."""
    monkeypatch.setattr(worker_module, "LAST", 0.0)
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=False)
    worker, name = await taken_over(chat)
    lane = worker.lanes[name]
    await worker.close(name)
    await until(lambda: not lane.sending)
    assert len(chat.asked) == 1
    assert chat.posts == []
    assert row(chat, "x.card").state == outbox.SENDING
