"""Interrupted deliveries: a platform that can be asked what arrived, and a bot killed while sending and restarted."""

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

# A busy machine can take long, but a story that doesn't go on must fail.
PATIENCE_S = 30.0


@dataclass
class Remembering(Chat):
    """A platform that knows every idempotency key it has taken.

    `mute`: it takes messages, but its answer is lost. `secretive`: it refuses lookups.
    """

    taken: dict[str, str] = field(default_factory=dict)
    asked: list[UncertainDelivery] = field(default_factory=list)
    mute: bool = False
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
    """Create the platform. Taking over a lane doesn't wait for what was on its way."""
    monkeypatch.setattr(local_runner, "SETTLING", 0.0)
    return Remembering(engine)


async def killed_while_sending(chat: Chat, key: str, *, arrived: bool) -> None:
    """Leave a delivery as a power cut would: in SENDING, and taken by the platform or not."""
    with Session(chat.engine) as session, session.begin():
        ready = attempts.begin_attempt(session, row(chat, key).id or 0, chat.clock.now())
        assert ready
    if arrived:
        await chat.deliver(ready.delivery)


async def restarted(chat: Chat) -> None:
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.start()
    await worker.wait_until_idle()
    await worker.stop()


async def until(there: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not there():
            await asyncio.sleep(0.005)


def posted_words(chat: Chat, channel: str | None = None) -> list[str]:
    posts = chat.posts if channel is None else chat.in_channel(channel)
    return [post.words.strip() for post in posts]
