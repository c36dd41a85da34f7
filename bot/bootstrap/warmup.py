"""Warm-up: loads what is slow the first time (holidays, names of zones and countries) before anybody waits for it."""

import asyncio
import gc
from collections.abc import Collection
from datetime import date
from threading import Thread

import structlog

from bot.cadence import ClosedDays, zones_near
from bot.core.platform import Platform

log = structlog.get_logger(__name__)
# Those of Python itself: objects made before a collection of the young, and collections of each generation before the
# next one's.
USUAL_THRESHOLDS = (700, 10, 10)
LOOK = 0.1  # seconds between two checks whether the platforms are ready


async def when_ready(platforms: Collection[Platform], refused: Collection[str] = ()) -> None:
    """Warm up once the platforms are ready, those that `refused` the bot aside, so that starting isn't slowed.

    Nothing waits for it, not even shutdown.
    """
    while not all(platform.ready or platform.name in refused for platform in platforms):
        await asyncio.sleep(LOOK)
    Thread(target=warm, name="warming", daemon=True).start()


def warm() -> None:
    # Any country will do: what takes long is loading what all countries share.
    ClosedDays("US").is_holiday(date(2025, 1, 1))
    zones_near("New York")
    freeze_heap()
    log.info("what takes long the first time is done")


def freeze_heap() -> None:
    """Exclude everything loaded so far from garbage collection: collecting it paused everything for 0.1 s."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*USUAL_THRESHOLDS)
