"""A wrong clock that is set back: nothing waits an hour, and nothing changes its order."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.core.platform import Delivery, RetryAfter
from bot.ui import ToCommunity
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from storage.messaging import outbox_queue
from tests.support.chat import Chat
from tests.support.community import create_community
from tests.support.deliveries import post
from tests.support.interruptions import posted_words, until


async def test_message_is_sent_after_the_clock_was_set_back(chat: Chat) -> None:
    create_community(chat)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.clock.at -= timedelta(hours=1)
    await worker.wait_until_idle()
    await worker.stop()
    assert posted_words(chat) == ["Hello"]


async def test_order_is_kept_when_the_clock_is_set_back_between_messages(chat: Chat) -> None:
    create_community(chat)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    for word in ("First", "Second", "Third"):
        post(chat, ToCommunity(), f"x.{word}", word)
    await worker.pump()
    # The worker has not noticed yet.
    chat.clock.at -= timedelta(hours=1)
    await until(lambda: all(lane.empty for lane in worker.lanes.values()))
    await worker.stop()
    assert posted_words(chat) == ["First", "Second", "Third"]


async def test_message_saved_with_the_old_time_is_not_delayed(chat: Chat) -> None:
    """It was saved by someone who read the clock before it was set back."""
    create_community(chat)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    before = chat.clock.now()
    chat.clock.at -= timedelta(hours=1)
    # Now it is noticed. On PostgreSQL, another process may be in the middle of something.
    await worker.wait_until_idle()
    now, chat.clock.at = chat.clock.at, before
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.clock.at = now
    await worker.wait_until_idle()
    await worker.stop()
    assert posted_words(chat) == ["Hello"]


@pytest.mark.parametrize("seconds", [2, 5, 59])
async def test_order_is_that_of_posting_when_the_clock_is_set_back_a_little(chat: Chat, seconds: int) -> None:
    """Too little to be noticed as set back: what was posted later has the earlier time."""
    create_community(chat)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    for word in ("First", "Second", "Third"):
        post(chat, ToCommunity(), f"x.{word}", word)
        chat.clock.at -= timedelta(seconds=seconds)
    await worker.wait_until_idle()
    await worker.stop()
    assert posted_words(chat) == ["First", "Second", "Third"]


async def test_order_is_that_of_posting_when_two_processes_have_two_clocks(chat: Chat) -> None:
    create_community(chat)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    words = [f"Message {n}" for n in range(20)]
    for n, word in enumerate(words):
        chat.clock.at += timedelta(seconds=3 if n % 2 else -3)
        post(chat, ToCommunity(), f"x.{n}", word)
    await worker.wait_until_idle()
    await worker.stop()
    assert posted_words(chat) == words


async def test_edit_of_a_waiting_message_keeps_its_turn(chat: Chat) -> None:
    create_community(chat)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    post(chat, ToCommunity(), "x.first", "First")
    post(chat, ToCommunity(), "x.second", "Second")
    chat.clock.at += timedelta(seconds=5)
    post(chat, ToCommunity(), "x.first", "First, edited")
    await worker.wait_until_idle()
    await worker.stop()
    assert posted_words(chat) == ["First, edited", "Second"]


async def test_message_of_a_faster_clock_goes_first_after_a_restart(chat: Chat) -> None:
    """The clock was set back by hours while no process ran."""
    create_community(chat)
    post(chat, ToCommunity(), "x.first", "First")
    chat.clock.at -= timedelta(hours=5)
    post(chat, ToCommunity(), "x.second", "Second")
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.start()
    await worker.wait_until_idle()
    await worker.stop()
    assert posted_words(chat) == ["First", "Second"]


async def test_retry_stays_first_in_its_channel_when_the_clock_is_set_back(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform asks for a short wait, and the clock is set back during it."""
    create_community(chat)
    deliver, asked = chat.deliver, list[Delivery]()

    async def once_not_now(delivery: Delivery) -> str:
        if not asked:
            asked.append(delivery)
            chat.clock.at -= timedelta(seconds=5)
            raise RetryAfter(0.01)
        return await deliver(delivery)

    monkeypatch.setattr(chat, "deliver", once_not_now)
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    for word in ("First", "Second"):
        post(chat, ToCommunity(), f"x.{word}", word)
    await worker.pump()
    await until(lambda: all(lane.empty for lane in worker.lanes.values()))
    await worker.stop()
    assert posted_words(chat) == ["First", "Second"]


def test_set_back_message_is_seen_by_a_pump_begun_before_and_keeps_its_turn(chat: Chat) -> None:
    """A look at the outbox that began just before sees it, and nothing overtakes it."""
    create_community(chat)
    post(chat, ToCommunity(), "x.first", "First")
    chat.clock.at -= timedelta(hours=1)
    now = chat.clock.now()
    chat.clock.at -= timedelta(seconds=2)
    post(chat, ToCommunity(), "x.second", "Second")
    with Session(chat.engine) as session, session.begin():
        assert outbox_queue.set_back(session, now) == 1
        seen = outbox_queue.due(session, now - timedelta(seconds=0.5), 10, [(chat.name, chat.space)])
        assert [key.partition("@")[0] for *_, key in seen] == ["x.first", "x.second"]
