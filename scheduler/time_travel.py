"""Moving the clock: everything on the way happens at its own moment, in order, as it would have."""

import asyncio
from datetime import datetime
from typing import Protocol

from bot.core.app import App
from scheduler.delivery_worker import DeliveryWorker
from scheduler.due_timers import fire_due, next_moment

MOST_STEPS = 2_000  # moments visited in search of the next one that shows


class Movable(Protocol):
    def now(self) -> datetime: ...

    def move(self, to: datetime) -> None: ...


async def settle(app: App, worker: DeliveryWorker) -> None:
    """Do everything that is due at this very moment, and what that leads to."""
    while await asyncio.to_thread(fire_due, app):
        pass
    await worker.settle()


async def travel(app: App, worker: DeliveryWorker, clock: Movable, to: datetime) -> None:
    """Move `clock` to `to`, stopping at each moment on the way for what happens there."""
    await settle(app, worker)
    while (moment := await asyncio.to_thread(next_moment, app)) is not None and moment <= to:
        clock.move(moment)
        await settle(app, worker)
    clock.move(to)
    await settle(app, worker)


async def travel_to_next(app: App, worker: DeliveryWorker, clock: Movable, until: datetime) -> bool:
    """Move `clock` to the next moment at which a message reaches somebody; False if none does before `until`."""
    await settle(app, worker)
    before = worker.sent
    for _step in range(MOST_STEPS):
        moment = await asyncio.to_thread(next_moment, app)
        if moment is None or moment > until:
            return False
        clock.move(moment)
        await settle(app, worker)
        if worker.sent > before:
            return True
    return False
