"""A wrong clock that is set back: nothing waits an hour, and nothing changes its order."""

from datetime import timedelta

from sqlmodel import Session

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


def test_set_back_message_is_seen_by_a_pump_begun_before_and_keeps_order(chat: Chat) -> None:
    """A look at the outbox that began just before sees it, and it overtakes nothing."""
    create_community(chat)
    post(chat, ToCommunity(), "x.later", "Later")
    chat.clock.at -= timedelta(hours=1)
    now = chat.clock.now()
    chat.clock.at -= timedelta(seconds=2)
    post(chat, ToCommunity(), "x.earlier", "Earlier")
    with Session(chat.engine) as session, session.begin():
        assert outbox_queue.set_back(session, now) == 1
        seen = outbox_queue.due(session, now - timedelta(seconds=0.5), 10, [(chat.name, chat.space)])
        assert [key.partition("@")[0] for *_, key in seen] == ["x.earlier", "x.later"]
