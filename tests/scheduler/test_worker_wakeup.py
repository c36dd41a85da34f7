"""Whatever is still to be sent wakes the clock by itself, without waiting for the next event."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import Session

from bot.core.context import Context
from bot.core.platform import Delivery, RetryAfter
from bot.ui import Message, ToCommunity, card
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from storage.communities import communities
from tests.support.chat import Chat
from tests.support.community import create_community

Deliver = Callable[[Delivery], Awaitable[str]]


def post(chat: Chat, words: str) -> None:
    def view() -> Message:
        return card(words)

    with Session(chat.engine) as session, session.begin():
        ctx = Context(session, chat.clock.now(), "cop", community_or_none=communities.get(session, 1))
        ctx.post(ToCommunity(), "x.card", view)


async def woken_by_sending(chat: Chat, monkeypatch: pytest.MonkeyPatch, deliver: Deliver) -> int:
    """Count how often the clock is woken while what waits is sent once."""
    woken: list[None] = []
    monkeypatch.setattr(chat, "deliver", deliver)
    monkeypatch.setattr(chat.app, "on_work_queued", lambda: woken.append(None))
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.pump()
    while not all(lane.empty for lane in worker.lanes.values()):
        await asyncio.sleep(0.005)
    await worker.stop()
    return len(woken)


async def test_requested_wait_is_the_lanes_own_and_wakes_nothing(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still meanwhile: the lane measures the wait, and sends when it is over."""
    tries: list[Delivery] = []

    async def busy_once(delivery: Delivery) -> str:
        tries.append(delivery)
        if len(tries) == 1:
            raise RetryAfter(0.05)
        return "m1"

    create_community(chat)
    post(chat, "Hello")
    assert await woken_by_sending(chat, monkeypatch, busy_once) == 0
    assert len(tries) == 2


async def test_worker_is_woken_after_a_rewrite_during_sending(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(delivery: Delivery) -> str:
        await asyncio.to_thread(post, chat, "Hello again")
        return "m1"

    create_community(chat)
    post(chat, "Hello")
    assert await woken_by_sending(chat, monkeypatch, slow) == 1


async def test_worker_is_not_woken_after_an_unchanged_arrival(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def quick(delivery: Delivery) -> str:
        return "m1"

    create_community(chat)
    post(chat, "Hello")
    assert await woken_by_sending(chat, monkeypatch, quick) == 0
