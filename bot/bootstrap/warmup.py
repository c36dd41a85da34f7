"""What takes long the first time (holidays, the names of zones and countries) is done before anybody waits."""

import asyncio
import gc
from collections.abc import Collection
from datetime import date
from threading import Thread

import structlog

from bot.cadence import ClosedDays, zones_near
from bot.core.platform import Platform

log = structlog.get_logger(__name__)
LOOK = 0.1  # seconds between two looks at whether the platforms are ready


async def when_ready(platforms: Collection[Platform]) -> None:
    """Warm up once the platforms are there, so that starting is not slowed; nothing waits for it, not even the end."""
    while not all(platform.ready for platform in platforms):
        await asyncio.sleep(LOOK)
    Thread(target=warm, name="warming", daemon=True).start()


def warm() -> None:
    ClosedDays("US").is_holiday(date(2025, 1, 1))  # any country: what they share is what takes long
    zones_near("New York")
    settle()
    log.info("what takes long the first time is done")


def settle() -> None:
    """What is loaded by now stays: to look through all of it for what can be thrown out held everybody up for 0.1 s."""
    gc.collect()
    gc.freeze()
