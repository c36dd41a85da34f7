"""A platform that can be asked what has arrived, a bot that is killed while it sends, and one that goes on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.core.platform import Delivery, LookupUnavailable, RetryAfter, UncertainDelivery
from bot.delivery import attempts
from scheduler import local_runner
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from tests.support.chat import Chat
from tests.support.deliveries import row

PATIENCE_S = 30.0  # until a story that does not go on has failed: a busy machine may take long


@dataclass
class Remembering(Chat):
    """A platform that knows every ref it has taken."""

    taken: dict[str, str] = field(default_factory=dict)
    asked: list[UncertainDelivery] = field(default_factory=list)
    mute: bool = False  # it takes messages and is not heard
    secretive: bool = False

    async def deliver(self, delivery: Delivery) -> str:
        receipt = self.taken[delivery.idempotency_key] = await super().deliver(delivery)
        if self.mute:
            raise RetryAfter(0.0, fault=True)
        return receipt

    async def find(self, uncertain: UncertainDelivery) -> str | None:
        self.asked.append(uncertain)
        if self.secretive:
            raise LookupUnavailable
        return self.taken.get(uncertain.delivery.idempotency_key)


def remembering(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Remembering:
    """Whoever takes over a lane of it does not wait first."""
    monkeypatch.setattr(local_runner, "SETTLING", 0.0)
    return Remembering(engine)


async def killed_while_sending(chat: Chat, key: str, *, arrived: bool) -> None:
    """As a power cut leaves it: marked as being sent, and taken by the platform or not."""
    with Session(chat.engine) as session, session.begin():
        ready = attempts.begin_attempt(session, row(chat, key).id or 0, chat.clock.now())
        assert ready
    if arrived:
        await chat.deliver(ready.delivery)


async def restarted(chat: Chat) -> None:
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.start()
    await worker.settle()
    await worker.stop()


async def until(there: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not there():
            await asyncio.sleep(0.005)


def said(chat: Chat, channel: str | None = None) -> list[str]:
    posts = chat.posts if channel is None else chat.in_channel(channel)
    return [post.words.strip() for post in posts]
