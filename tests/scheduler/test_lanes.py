"""Lanes: order within a channel, channels independent of each other, and never faster than allowed."""

import asyncio
import itertools
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.platform import RateLimit
from scheduler.lanes import Lane, SendOutcome

FAST = RateLimit("lane", per_second=10_000, channel_interval=0.0)


async def drained(lane: Lane) -> None:
    running = asyncio.create_task(lane.run())
    while not lane.empty:
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.wait([running])


def test_channel_keeps_its_order_whatever_the_number_of_messages() -> None:
    said: dict[str, list[int]] = defaultdict(list)
    homes = {n: f"c{n % 3}" for n in range(60)}

    async def send(id: int) -> SendOutcome:
        await asyncio.sleep(0.001 if id % 2 else 0)
        said[homes[id]].append(id)
        return SendOutcome()

    async def story() -> None:
        lane = Lane(FAST, send)
        for id, channel in homes.items():
            lane.put(channel, id)
        await drained(lane)

    asyncio.run(story())
    assert [sorted(ids) for ids in said.values()] == list(said.values())
    assert sum(map(len, said.values())) == 60


def test_failing_channel_holds_up_no_other() -> None:
    """One channel's message is stuck, and all of another channel's go first."""
    order: list[int] = []
    stuck = asyncio.Event()

    async def send(id: int) -> SendOutcome:
        if id == 0:
            await stuck.wait()
        order.append(id)
        return SendOutcome()

    async def story() -> None:
        lane = Lane(FAST, send)
        for id in range(0, 40, 4):
            lane.put("slow", id)
        for id in range(1, 40, 4):
            lane.put("quick", id)
        running = asyncio.create_task(lane.run())
        while len(order) < 10:
            await asyncio.sleep(0.001)
        assert order == list(range(1, 40, 4))
        stuck.set()
        while not lane.empty:
            await asyncio.sleep(0.001)
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(story())
    assert order[10:] == list(range(0, 40, 4))


def test_retried_message_goes_before_the_next_of_its_channel() -> None:
    tried: list[int] = []

    async def send(id: int) -> SendOutcome:
        tried.append(id)
        return SendOutcome(done=len(tried) > 2)

    async def story() -> None:
        lane = Lane(FAST, send)
        lane.put("c", 1)
        lane.put("c", 2)
        await drained(lane)

    asyncio.run(story())
    assert tried == [1, 1, 1, 2]


def test_message_is_taken_once_however_often_it_is_put() -> None:
    sent: list[int] = []

    async def send(id: int) -> SendOutcome:
        sent.append(id)
        return SendOutcome()

    async def story() -> None:
        lane = Lane(FAST, send)
        for _time in range(3):
            lane.put("c", 7)
        await drained(lane)
        lane.put("c", 7)
        await drained(lane)

    asyncio.run(story())
    assert sent == [7, 7]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=12))
def test_channel_interval_is_kept(channels: list[int]) -> None:
    spoke: dict[int, list[float]] = defaultdict(list)
    gap = 0.004

    async def send(id: int) -> SendOutcome:
        spoke[channels[id]].append(asyncio.get_running_loop().time())
        return SendOutcome()

    async def story() -> None:
        lane = Lane(RateLimit("lane", per_second=10_000, channel_interval=gap), send)
        for id, channel in enumerate(channels):
            lane.put(f"c{channel}", id)
        await drained(lane)

    asyncio.run(story())
    for moments in spoke.values():
        assert all(b - a >= gap * 0.9 for a, b in itertools.pairwise(moments))
