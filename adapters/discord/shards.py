"""Which part of the servers this process is connected for, where Discord has them split among several connections."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.telemetry import metrics
from storage.database.leases import Leases

log = structlog.get_logger(__name__)
LOOK = 1.0  # seconds between two looks at which shards nobody has
ANSWER = 3.0  # seconds in which the database must say that a lease is kept
IDENTIFY_GAP = 5.0  # seconds; Discord: one shard may identify in five seconds
IDENTIFYING = 1_000_000  # the lease of whoever may connect next, beyond every shard's number

Stay = Callable[[int], Awaitable[None]]  # connected as that shard, until cancelled


def shard_of(space: str, count: int) -> int:
    """The shard that hears of a server; direct messages are heard by the first (Discord's rule)."""
    return (int(space) >> 22) % count if space else 0


class Shards:
    """Keeps as many shards as it finds free, each by a lease, so that no two processes are connected as one."""

    def __init__(self, leases: Leases, count: int, stay: Stay) -> None:
        self.leases, self.count, self.stay = leases, count, stay
        self.held: dict[int, asyncio.Task[None]] = {}
        self.connected_at: float | None = None  # while this process has the right to connect next

    async def keep(self) -> None:
        """Until cancelled. Raises what a shard cannot go on for."""
        try:
            while True:
                await self._tend()
                resting = asyncio.create_task(asyncio.sleep(LOOK))
                done, _pending = await asyncio.wait({resting, *self.held.values()}, return_when=asyncio.FIRST_COMPLETED)
                resting.cancel()
                for task in done - {resting}:
                    task.result()
        finally:
            await self._let_go()
            await asyncio.to_thread(self.leases.close)

    async def _tend(self) -> None:
        try:
            async with asyncio.timeout(ANSWER):
                kept = await asyncio.to_thread(self.leases.kept)
            if not kept:
                raise ConnectionError("the leases are lost")
            await self._take_one()
        except Exception as fault:
            log.warning("shards are let go until the database answers", held=sorted(self.held), exc_info=fault)
            await self._let_go()
            self.leases = Leases(self.leases.engine)  # whatever still waits for an answer has the old connection
            await asyncio.sleep(2 * LOOK)  # whoever lost theirs at the same time has noticed by then

    async def _take_one(self) -> None:
        """At most one in IDENTIFY_GAP, over all processes."""
        now = asyncio.get_running_loop().time()
        if self.connected_at is not None:
            if now - self.connected_at < IDENTIFY_GAP:
                return
            await asyncio.to_thread(self.leases.give_back, IDENTIFYING)
            self.connected_at = None
        if len(self.held) == self.count or not await asyncio.to_thread(self.leases.take, IDENTIFYING):
            return
        for shard in await asyncio.to_thread(self.leases.free, self.count):
            if shard not in self.held and await asyncio.to_thread(self.leases.take, shard):
                self.held[shard] = asyncio.ensure_future(self.stay(shard))
                self.connected_at = now
                metrics.SHARDS.set(len(self.held))
                log.info("a shard is this process’s", shard=shard, of=self.count)
                return
        await asyncio.to_thread(self.leases.give_back, IDENTIFYING)

    async def _let_go(self) -> None:
        """Hang up first: somebody else may connect as these at once."""
        tasks, self.held, self.connected_at = list(self.held.values()), {}, None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        metrics.SHARDS.set(0)
