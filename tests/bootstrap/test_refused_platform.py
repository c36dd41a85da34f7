"""A platform that refuses the bot's token never stops another: it is tried again, and what is for it waits."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.bootstrap import process
from bot.bootstrap.process import Process
from bot.core.clock import RealClock
from bot.core.platform import ConfigurationError, Delivery, RateLimit
from bot.ui import ToCommunity
from tests.support.chat import Chat
from tests.support.community import create_community
from tests.support.deliveries import post
from tests.support.interruptions import posted_words, until


class Refusing:
    """A platform that refuses the token until `lets_in`."""

    def __init__(self, chat: Chat, name: str) -> None:
        self.name, self.chat = name, chat
        self.lets_in = self.ready = False
        self.tries = 0

    async def run(self) -> None:
        self.tries += 1
        if not self.lets_in:
            raise ConfigurationError("Slack refuses the token")
        self.ready = True
        await asyncio.Event().wait()

    async def deliver(self, delivery: Delivery) -> str:
        assert self.ready, "delivered to a platform that refuses the bot"
        return await self.chat.deliver(delivery)

    def rate_limit(self, space: str) -> RateLimit:
        return self.chat.rate_limit(space)


class Working(Refusing):
    async def run(self) -> None:
        self.ready = True
        await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "FIRST_RETRY", 0.02)
    monkeypatch.setattr(process, "LONGEST_RETRY", 0.05)
    monkeypatch.setattr(process, "LOOK", 0.01)


@asynccontextmanager
async def running(bot: Process) -> AsyncIterator[None]:
    task = asyncio.create_task(bot.until_stopped())
    await until(lambda: bot.timer_loop.last_tick)
    yield
    os.kill(os.getpid(), signal.SIGTERM)
    await task


async def test_other_platform_works_and_deliveries_wait_until_the_token_is_accepted(chat: Chat) -> None:
    create_community(chat)
    chat.clock.at = RealClock().now()
    refusing, working = Refusing(chat, chat.name), Working(chat, "another")
    bot = Process(chat.app, RealClock(), {p.name: p for p in (refusing, working)})
    async with running(bot):
        await until(lambda: refusing.tries > 3)
        post(chat, ToCommunity(), "x.card", "Hello")
        await bot.worker.pump()
        assert await bot.readiness() == {"clock": True, chat.name: False, "another": True, "database": True}
        assert bot.problems == {chat.name: "Slack refuses the token"}
        assert posted_words(chat) == []
        refusing.lets_in = True
        await until(lambda: posted_words(chat) == ["Hello"])
        await until(lambda: not bot.problems)
        assert all((await bot.readiness()).values())


async def test_process_ends_in_words_if_every_platform_refuses_the_bot(chat: Chat) -> None:
    refusing = [Refusing(chat, name) for name in ("slack", "discord")]
    bot = Process(chat.app, RealClock(), {p.name: p for p in refusing})
    with pytest.raises(ConfigurationError, match="refuses the token"):
        await bot.until_stopped()
