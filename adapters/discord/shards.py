"""Shares the shards among processes: which part of the servers each process is connected for.

Discord may require several connections (shards), each for a part of the servers. A process takes free ones by lease,
so that no two processes are connected as the same shard.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.telemetry import metrics
from storage.database.leases import Leases

log = structlog.get_logger(__name__)
POLL_INTERVAL = 1.0  # seconds
# The database must confirm the leases within this time.
CONFIRM_TIMEOUT = 3.0  # seconds
# Discord lets one shard identify every five seconds.
IDENTIFY_GAP = 5.0  # seconds
# The lease of the process that may connect next. No shard has this number.
IDENTIFYING = 1_000_000

# Stays connected as that shard until cancelled.
Stay = Callable[[int], Awaitable[None]]


def shard_of(space: str, count: int) -> int:
    """Return the shard that hears a server, by Discord's formula. The first one hears direct messages."""
    return (int(space) >> 22) % count if space else 0


class Shards:
    """Holds the leases of this process's shards, and stays connected as each."""

    def __init__(self, leases: Leases, count: int, stay: Stay) -> None:
        self.leases, self.count, self.stay = leases, count, stay
        self.held: dict[int, asyncio.Task[None]] = {}
        # Set while this process holds the lease IDENTIFYING.
        self.connected_at: float | None = None

    async def run(self) -> None:
        """Take and keep shards until cancelled. Raises what ended a shard."""
        try:
            while True:
                await self._tend()
                resting = asyncio.create_task(asyncio.sleep(POLL_INTERVAL))
                done, _pending = await asyncio.wait({resting, *self.held.values()}, return_when=asyncio.FIRST_COMPLETED)
                resting.cancel()
                for task in done - {resting}:
                    task.result()
        finally:
            await self._release()
            await asyncio.to_thread(self.leases.close)

    async def _tend(self) -> None:
        try:
            async with asyncio.timeout(CONFIRM_TIMEOUT):
                kept = await asyncio.to_thread(self.leases.is_held)
            if not kept:
                raise ConnectionError("the leases are lost")
            await self._take_one()
        except Exception as fault:
            log.warning("shards are let go until the database answers", held=sorted(self.held), exc_info=fault)
            await self._release()
            # A call that still waits for the database keeps the old connection.
            self.leases = Leases(self.leases.engine)
            # Other processes that lost theirs at the same time will have noticed by then.
            await asyncio.sleep(2 * POLL_INTERVAL)

    async def _take_one(self) -> None:
        """Take a free shard, if there is one: at most one in IDENTIFY_GAP over all processes."""
        now = asyncio.get_running_loop().time()
        if self.connected_at is not None:
            if now - self.connected_at < IDENTIFY_GAP:
                return
            await asyncio.to_thread(self.leases.give_back, IDENTIFYING)
            self.connected_at = None
        if len(self.held) == self.count or not await asyncio.to_thread(self.leases.acquire, IDENTIFYING):
            return
        for shard in await asyncio.to_thread(self.leases.free, self.count):
            if shard not in self.held and await asyncio.to_thread(self.leases.acquire, shard):
                self.held[shard] = asyncio.ensure_future(self.stay(shard))
                self.connected_at = now
                metrics.SHARDS.set(len(self.held))
                log.info("a shard is this process’s", shard=shard, of=self.count)
                return
        await asyncio.to_thread(self.leases.give_back, IDENTIFYING)

    async def _release(self) -> None:
        """Disconnect, before the leases end and other processes connect as these shards."""
        tasks, self.held, self.connected_at = list(self.held.values()), {}, None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        metrics.SHARDS.set(0)
