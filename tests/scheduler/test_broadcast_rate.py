"""A message to everyone goes as fast as each platform allows and never faster, in simulated time."""

import asyncio
import selectors
from dataclasses import dataclass, field
from itertools import count
from random import Random
from statistics import median
from typing import Any

import pytest

from scheduler import lanes
from scheduler.lanes import Lane, SendOutcome
from tests.bench.delivery import RATE_LIMITS, Server, servers

NEAR, FAR = (0.02, 0.08), (0.15, 0.35)  # seconds there and back
# The least share of what the platform allows.
LEAST_SHARE = {"slack": 0.95, "discord": 0.90}


class Seeming(selectors.SelectSelector):
    """Never waits: whatever there is to wait for, its time has come at once."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        # No clock stands still.
        self.passed += (timeout or 0.0) + 1e-9
        return super().select(0)


class SeemingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = Seeming()
        super().__init__(self.clock)

    def time(self) -> float:
        return 1_000.0 + self.clock.passed

    def stall(self, seconds: float) -> None:
        self.clock.passed += seconds


@dataclass
class Network:
    """How long a message takes to the platform, and its answer back."""

    span: tuple[float, float] = NEAR
    # One message in so many is held up.
    slow_every: int = 0
    slow_s: float = 0.0

    def ways(self, chance: Random, number: int) -> tuple[float, float]:
        there, back = (chance.uniform(*self.span) / 2 for _way in range(2))
        held_up = self.slow_s if self.slow_every and number % self.slow_every == 0 else 0.0
        return (there + held_up, back) if chance.random() < 0.5 else (there, back + held_up)


@dataclass
class Sent:
    seconds: float
    server: Server

    @property
    def share(self) -> float:
        return self.server.least_s / self.seconds


@dataclass
class Story:
    server: Server
    network: Network
    prepare_s: float = 0.002
    # When the process doesn't run: (seconds from the start, for how many seconds).
    stalls: tuple[tuple[float, float], ...] = ()
    requests: int = 1
    # To what people write meanwhile.
    replies_every_s: float = 0.0
    # How long those people waited.
    waited_s: list[float] = field(default_factory=list)

    def play(self, monkeypatch: pytest.MonkeyPatch) -> Sent:
        loop = SeemingLoop()
        monkeypatch.setattr(lanes, "monotonic", loop.time)
        try:
            return loop.run_until_complete(self._sent(loop))
        finally:
            loop.close()

    async def _sent(self, loop: SeemingLoop) -> Sent:
        chance, began = Random(7), loop.time()
        for at, seconds in self.stalls:
            loop.call_later(at, loop.stall, seconds)
        database, took = asyncio.Lock(), loop.create_future()

        async def send(id: int) -> SendOutcome:
            async with database:
                await asyncio.sleep(self.prepare_s)
            async with lane.slot(self.requests) as answered:
                for request in range(self.requests):
                    there, back = self.network.ways(chance, id)
                    await asyncio.sleep(there)
                    wait = self.server.accept(f"p{id}.{request}", loop.time())
                    await asyncio.sleep(back)
                answered()
            if self.server.taken == self.server.recipients and not took.done():
                took.set_result(loop.time() - began - back)
            async with database:
                await asyncio.sleep(self.prepare_s)
            return SendOutcome(done=not wait, channel_rests=wait)

        lane = Lane(RATE_LIMITS[self.server.name], send)
        for id in range(self.server.recipients // self.requests):
            lane.put(f"p{id}", id)
        running = asyncio.create_task(lane.run())
        replying = asyncio.create_task(self._reply(lane, loop, chance))
        seconds = await took
        replying.cancel()
        running.cancel()
        await asyncio.wait([running])
        return Sent(seconds, self.server)

    async def _reply(self, lane: Lane, loop: SeemingLoop, chance: Random) -> None:
        async def reply(number: int) -> None:
            asked = loop.time()
            async with lane.ancillary_request():
                self.waited_s.append(loop.time() - asked)
                there, back = self.network.ways(chance, number)
                await asyncio.sleep(there)
                if not self.server.accept(f"somebody {number}", loop.time()):
                    # This was no delivery.
                    self.server.taken -= 1
                await asyncio.sleep(back)

        async with asyncio.TaskGroup() as replies:
            for number in count() if self.replies_every_s else ():
                await asyncio.sleep(chance.expovariate(1 / self.replies_every_s))
                replies.create_task(reply(number))


def server(name: str, recipients: int) -> Server:
    return next(s for s in servers(recipients if name == "discord" else recipients * 10) if s.name == name)


@pytest.mark.parametrize(
    ("name", "recipients"), [("slack", 100), ("slack", 1_000), ("discord", 1_000), ("discord", 10_000)]
)
def test_nearly_all_of_the_allowed_rate_is_used(monkeypatch: pytest.MonkeyPatch, name: str, recipients: int) -> None:
    sent = Story(server(name, recipients), Network()).play(monkeypatch)
    assert sent.server.refused == 0
    assert sent.share >= LEAST_SHARE[name]


@pytest.mark.parametrize("name", ["slack", "discord"])
@pytest.mark.parametrize(
    "network",
    [
        Network(FAR),
        Network((0.0, 0.0)),
        Network(NEAR, slow_every=7, slow_s=0.9),
        Network(NEAR, slow_every=100, slow_s=5.0),
        Network((0.02, 1.5)),
    ],
    ids=["far", "none", "shaky", "stuck", "wild"],
)
@pytest.mark.parametrize(
    "stalls",
    [(), tuple((n * 1.7, 0.8) for n in range(1, 8)), ((0.01, 3.0), (4.0, 0.3), (4.5, 6.0))],
    ids=["running", "halting", "frozen"],
)
def test_platform_never_refuses_for_rate(
    monkeypatch: pytest.MonkeyPatch, name: str, network: Network, stalls: tuple[tuple[float, float], ...]
) -> None:
    sent = Story(server(name, 600), network, stalls=stalls).play(monkeypatch)
    assert sent.server.refused == 0


def test_slow_database_costs_speed_and_causes_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Story(server("discord", 600), Network(), prepare_s=0.02).play(monkeypatch)
    assert sent.server.refused == 0


def test_delivery_of_two_requests_consumes_two(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Story(server("discord", 1_000), Network(), requests=2).play(monkeypatch)
    assert sent.server.refused == 0
    assert sent.share >= 0.85


def test_reply_goes_before_queued_messages_within_the_rate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A person who writes meanwhile is answered before queued messages, and the platform refuses nothing."""
    story = Story(server("discord", 2_000), Network(), replies_every_s=0.5)
    sent = story.play(monkeypatch)
    assert sent.server.refused == 0
    assert len(story.waited_s) > 50
    assert max(story.waited_s) < 1.1
    assert median(story.waited_s) < 0.05
