"""Time travel: moves a clock forward, and does everything due on the way at its own time and in order."""

import asyncio
from datetime import datetime
from typing import Protocol

from bot.core.app import App
from scheduler.delivery_worker import DeliveryWorker
from scheduler.due_timers import fire_due, next_moment

# How many times `travel_to_next` moves on in search of one at which a message is sent.
MOST_STEPS = 2_000


class Movable(Protocol):
    def now(self) -> datetime: ...

    def move(self, to: datetime) -> None: ...


async def run_until_idle(app: App, worker: DeliveryWorker) -> None:
    """Do everything that is due now, and whatever becomes due because of it."""
    while await asyncio.to_thread(fire_due, app):
        pass
    await worker.wait_until_idle()


async def travel(app: App, worker: DeliveryWorker, clock: Movable, to: datetime) -> None:
    """Move `clock` to `to`, stopping at each time on the way at which something is due."""
    await run_until_idle(app, worker)
    while (moment := await asyncio.to_thread(next_moment, app)) is not None and moment <= to:
        clock.move(moment)
        await run_until_idle(app, worker)
    if clock.now() != to:
        clock.move(to)
        await run_until_idle(app, worker)


async def travel_to_next(app: App, worker: DeliveryWorker, clock: Movable, until: datetime) -> bool:
    """Move `clock` to the next time at which a message is delivered. Returns False if there is none by `until`."""
    await run_until_idle(app, worker)
    before = worker.sent
    for _step in range(MOST_STEPS):
        moment = await asyncio.to_thread(next_moment, app)
        if moment is None or moment > until:
            return False
        clock.move(moment)
        await run_until_idle(app, worker)
        if worker.sent > before:
            return True
    return False
