"""A message that a platform says to wait with keeps its place, and no other channel waits for it."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from bot.core.platform import Delivery, InChannel, RetryAfter
from bot.delivery import attempts
from bot.ui import ToCommunity
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from storage.communities import communities
from storage.messaging import outbox
from tests.support.chat import Chat
from tests.support.community import create_community
from tests.support.deliveries import post, row
from tests.support.interruptions import PATIENCE_S, posted_words, until

MESSAGES = 3


@dataclass
class Crowded(Chat):
    """Refuses the first message to each place in `refusals`: once, or until all is sent in `until_said_in`."""

    refusals: dict[str, RetryAfter] = field(default_factory=dict)
    until_said_in: str = ""
    tried: list[str] = field(default_factory=list)

    async def deliver(self, delivery: Delivery) -> str:
        assert isinstance(delivery.to, InChannel)
        self.tried.append(f"{delivery.to.channel} {delivery.message.parts[0].body}")  # type: ignore[union-attr]
        if wait := self.refusals.get(delivery.to.channel):
            if not self.until_said_in or len(posted_words(self, self.until_said_in)) == MESSAGES:
                del self.refusals[delivery.to.channel]
            raise wait
        return await super().deliver(delivery)


async def spoken(chat: Crowded, channels: list[str]) -> None:
    """Post messages to each channel, and move the clock on second by second until all are sent."""
    create_community(chat, channel=channels[0])
    with Session(chat.engine) as session, session.begin():
        for channel in channels[1:]:
            communities.bind(session, 1, chat.name, chat.space, channel)
    for n in range(1, MESSAGES + 1):
        post(chat, ToCommunity(), f"x.{n}", str(n))
    worker = DeliveryWorker(chat.app, {chat.name: chat}, LocalRunner)
    await worker.pump()
    async with asyncio.timeout(PATIENCE_S):
        while not all(lane.empty for lane in worker.lanes.values()):
            chat.clock.move(chat.clock.now() + timedelta(seconds=1))
            await asyncio.sleep(0.005)
    await worker.stop()


async def test_waiting_channel_keeps_its_order_and_delays_no_other(engine: Engine) -> None:
    chat = Crowded(engine, refusals={"busy": RetryAfter(0.02)}, until_said_in="calm")
    # This would never end if the calm channel had to wait for the busy one.
    await spoken(chat, ["busy", "calm"])
    assert list(dict.fromkeys(t for t in chat.tried if "busy" in t)) == ["busy 1", "busy 2", "busy 3"]
    assert chat.tried[-2:] == ["busy 2", "busy 3"]
    assert [t for t in chat.tried if "calm" in t] == ["calm 1", "calm 2", "calm 3"]


async def test_waiting_lane_keeps_the_order_in_every_channel(engine: Engine) -> None:
    chat = Crowded(engine, refusals={"a": RetryAfter(0.2, whole_lane=True), "b": RetryAfter(0.1, fault=True)})
    await spoken(chat, ["a", "b"])
    for channel in "ab":
        assert posted_words(chat, channel) == ["1", "2", "3"]


async def test_wait_of_one_platform_does_not_delay_another(engine: Engine) -> None:
    busy, calm = Crowded(engine, refusals={"general": RetryAfter(30.0, whole_lane=True)}), Crowded(engine, name="other")
    create_community(busy)
    with Session(busy.engine) as session, session.begin():
        communities.bind(session, 1, calm.name, calm.space, "elsewhere")
    post(busy, ToCommunity(), "x.card", "Hello")
    worker = DeliveryWorker(busy.app, {busy.name: busy, calm.name: calm}, LocalRunner)
    await worker.pump()
    await until(lambda: calm.posts and busy.tried)
    await worker.stop()
    assert busy.posts == []


def test_message_fails_for_its_own_fault_and_never_for_an_outage(chat: Chat) -> None:
    create_community(chat)
    for key, why, state in (
        ("x.out", RetryAfter(5.0, fault=True), outbox.UNCERTAIN),
        ("x.bug", KeyError("x"), outbox.FAILED),
    ):
        post(chat, ToCommunity(), key, "Hello")
        for _try in range(30):
            with Session(chat.engine) as session, session.begin():
                ready = attempts.begin_attempt(session, row(chat, key).id or 0, chat.clock.now())
                wait = attempts.mark_failed(session, ready, why, chat.clock.now(), "cop") if ready else 0.0
            assert wait <= max(attempts.LONGEST_OUTAGE, attempts.LONGEST_WAIT) * 1.2
            chat.clock.move(chat.clock.now() + timedelta(seconds=wait + 1))
        assert row(chat, key).state == state


def test_wait_is_kept_to_the_second_and_is_no_uncertain_delivery(chat: Chat) -> None:
    create_community(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    with Session(chat.engine) as session, session.begin():
        ready = attempts.begin_attempt(session, row(chat, "x.card").id or 0, chat.clock.now())
        assert ready
        assert attempts.mark_failed(session, ready, RetryAfter(7.0), chat.clock.now(), "cop") == 7.0
    after = row(chat, "x.card")
    assert (after.state, after.attempts) == (outbox.WAITING, 0)
    assert after.not_before == chat.clock.now() + timedelta(seconds=7)
