"""Closing a lane ends, whatever happens at that very moment."""

import asyncio

import pytest

from bot.core.platform import RateLimit, RetryAfter
from scheduler.lanes import Lane, SendOutcome

# Steps of the event loop, in which it has nothing else to do.
STEPS = 50


@pytest.mark.parametrize("between", range(8), ids=lambda steps: f"{steps} steps between")
async def test_message_put_during_shutdown_does_not_keep_the_lane_open(between: int) -> None:
    """However many steps of the event loop lie between the message and the end."""
    said: list[int] = []

    async def send(id: int) -> SendOutcome:
        said.append(id)
        return SendOutcome()

    lane = Lane(RateLimit("lane", per_second=10_000, channel_interval=60.0), send)
    lane.put("one", 1)
    running = asyncio.create_task(lane.run())
    # Until it waits for the channel's interval.
    for _step in range(STEPS):
        await asyncio.sleep(0)
    lane.put("two", 2)
    for _step in range(between):
        await asyncio.sleep(0)
    running.cancel()
    for _step in range(STEPS):
        await asyncio.sleep(0)
    ended = running.done()
    running.cancel()
    await asyncio.wait([running])
    assert said[0] == 1
    assert ended


async def test_waiting_message_is_put_back_at_shutdown() -> None:
    """It only waits for its turn, so another process can send it."""
    put_back: list[int] = []
    left: list[int] = []

    async def send(id: int) -> SendOutcome:
        try:
            async with lane.slot():
                left.append(id)
        except RetryAfter:
            put_back.append(id)
            return SendOutcome(done=False)
        return SendOutcome()

    lane = Lane(RateLimit("lane", per_second=20, channel_interval=0.0, burst=1), send)
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
