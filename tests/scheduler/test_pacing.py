"""A message to everybody, as fast as each platform allows and never faster, in time that only seems to pass."""

import asyncio
import selectors
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platform import Pace, TryLater
from scheduler import lanes
from scheduler.lanes import After, Lane
from scheduler.pacing import Bucket, Window, meter
from tests.bench.delivery import PACES, Server, servers

NEAR, FAR = (0.02, 0.08), (0.15, 0.35)  # seconds there and back
LEAST_SHARE = {"slack": 0.95, "discord": 0.90}  # of what the platform allows


class Seeming(selectors.SelectSelector):
    """Waits for nothing: whatever there is to wait for, its time has come."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.passed += (timeout or 0.0) + 1e-9  # no clock stands still
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
    """How long a message is on its way there, and its answer back."""

    span: tuple[float, float] = NEAR
    slow_every: int = 0  # messages, of which one is held up
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
    stalls: tuple[tuple[float, float], ...] = ()  # (from the start, for so long), seconds: the process does not run
    requests: int = 1

    def tell(self, monkeypatch: pytest.MonkeyPatch) -> Sent:
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

        async def send(id: int) -> After:
            async with database:
                await asyncio.sleep(self.prepare_s)
            async with lane.turn(self.requests) as answered:
                for request in range(self.requests):
                    there, back = self.network.ways(chance, id)
                    await asyncio.sleep(there)
                    wait = self.server.take(f"p{id}.{request}", loop.time())
                    await asyncio.sleep(back)
                answered()
            if self.server.taken == self.server.recipients and not took.done():
                took.set_result(loop.time() - began - back)
            async with database:
                await asyncio.sleep(self.prepare_s)
            return After(done=not wait, channel_rests=wait)

        lane = Lane(PACES[self.server.name], send)
        for id in range(self.server.recipients // self.requests):
            lane.put(f"p{id}", id)
        running = asyncio.create_task(lane.run())
        seconds = await took
        running.cancel()
        await asyncio.wait([running])
        return Sent(seconds, self.server)


def server(name: str, recipients: int) -> Server:
    return next(s for s in servers(recipients if name == "discord" else recipients * 10) if s.name == name)


@pytest.mark.parametrize(
    ("name", "recipients"), [("slack", 100), ("slack", 1_000), ("discord", 1_000), ("discord", 10_000)]
)
def test_nearly_all_that_the_platform_allows_is_used(
    monkeypatch: pytest.MonkeyPatch, name: str, recipients: int
) -> None:
    sent = Story(server(name, recipients), Network()).tell(monkeypatch)
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
def test_nobody_is_ever_told_to_wait(
    monkeypatch: pytest.MonkeyPatch, name: str, network: Network, stalls: tuple[tuple[float, float], ...]
) -> None:
    sent = Story(server(name, 600), network, stalls=stalls).tell(monkeypatch)
    assert sent.server.refused == 0


def test_a_slow_database_costs_speed_and_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Story(server("discord", 600), Network(), prepare_s=0.02).tell(monkeypatch)
    assert sent.server.refused == 0


def test_a_delivery_of_two_requests_takes_the_room_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Story(server("discord", 1_000), Network(), requests=2).tell(monkeypatch)
    assert sent.server.refused == 0
    assert sent.share >= 0.85


# --- what the meters promise, whatever the network does ------------------------------------------

Way = st.floats(0.0, 3.0)


def played(meter: Window | Bucket, ways: list[tuple[float, float]]) -> list[float]:
    """When each message arrives, earliest first, where each leaves as soon as it may."""
    now, arrived = 100.0, list[float]()
    under_way: list[tuple[float, float]] = []
    for there, back in ways:
        while (wait := meter.wait(now, 1)) > 0:
            over = min((end for _left, end in under_way), default=float("inf"))
            now = min(now + wait + 1e-9, over)
            for left, end in [u for u in under_way if u[1] <= now]:
                under_way.remove((left, end))
                meter.answered(left, end, 1, heard=False)
        meter.leave(1)
        under_way.append((now, now + there + back))
        arrived.append(now + there)
    return sorted(arrived)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(Way, Way), min_size=12, max_size=60))
def test_no_second_holds_more_than_it_may(ways: list[tuple[float, float]]) -> None:
    arrived = played(Window(5), ways)
    assert all(later - earlier >= 1.0 - 1e-6 for earlier, later in zip(arrived, arrived[5:], strict=False))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(Way, Way), min_size=12, max_size=60))
def test_no_bucket_runs_over(ways: list[tuple[float, float]]) -> None:
    full = 0.0
    for at in played(Bucket(5, at_once=4), ways):
        assert at >= full - 3 / 5 - 1e-6
        full = max(full, at) + 1 / 5


@pytest.mark.parametrize(
    ("pace", "leaving"),
    [
        (Pace("bucket", per_second=2, channel_gap=0, at_once=3), [0, 0, 0, 0.5, 1, 1.5]),
        (Pace("window", per_second=3, channel_gap=0), [0, 0, 0, 1, 1, 1, 2]),
        (Pace("slow", per_second=0.5, channel_gap=0), [0, 2, 4]),
    ],
    ids=lambda value: value.lane if isinstance(value, Pace) else "",
)
def test_what_leaves_when_where_the_network_takes_no_time(pace: Pace, leaving: list[float]) -> None:
    at_work, now, left = meter(pace), 0.0, []
    for _message in leaving:
        now += at_work.wait(now, 1)
        at_work.leave(1)
        at_work.answered(now, now, 1, heard=True)
        left.append(now)
    assert left == pytest.approx(leaving)
    assert not at_work.quiet(now)
    assert at_work.quiet(now + 2)


async def test_what_only_waits_for_its_turn_is_put_back_when_the_lane_is_closed() -> None:
    put_back: list[int] = []
    left: list[int] = []

    async def send(id: int) -> After:
        try:
            async with lane.turn():
                left.append(id)
        except TryLater:
            put_back.append(id)
            return After(done=False)
        return After()

    lane = Lane(Pace("lane", per_second=20, channel_gap=0.0, at_once=1), send)
    for id in range(30):
        lane.put(f"c{id}", id)
    running = asyncio.create_task(lane.run())
    while not left:
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    assert len(left) + len(put_back) <= 1 + lane.ahead + 1
    assert put_back
    assert not lane.sending
