"""Timer loop: wakes the bot when the next timer or waiting message is due, and fires what is due.

APScheduler runs a single job, moved to the earliest due time. Due times are never in its job store, which commits apart
from our rows and would lose them when the process is killed. A heartbeat is the safety net.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.core.app import App
from bot.core.clock import Clock
from bot.telemetry import metrics
from scheduler.delivery_worker import DeliveryWorker
from scheduler.due_timers import fire_burst, next_moment

log = structlog.get_logger(__name__)
# Backoff while something is due that can't be done, because another process is doing it or the database takes no
# writes: from FLOOR, doubled each time, up to CEILING.
FLOOR = timedelta(milliseconds=20)
CEILING = timedelta(seconds=1)
HEARTBEAT = timedelta(seconds=30)
LAST_LOOK = 1.0  # seconds for a running tick to finish at shutdown
HOUSEKEEPING = timedelta(hours=6)
# Soon after a start, so that a bot that is restarted every night does its housekeeping too.
FIRST_HOUSEKEEPING = timedelta(minutes=5)


class TimerLoop:
    """The timer loop of one process."""

    def __init__(self, app: App, clock: Clock, worker: DeliveryWorker, housekeeping: Callable[[], None] | None) -> None:
        """`housekeeping` is None where something else runs it."""
        self.app, self.clock, self.worker, self.housekeeping = app, clock, worker, housekeeping
        # Held while the clock is being moved. Moving it fires everything itself.
        self.moving = asyncio.Lock()
        self.last_tick: datetime | None = None
        self.rerun = self.ticking = self.stopping = False
        # Consecutive ticks at which something was due that couldn't be done.
        self.in_vain = 0
        self.idle = asyncio.Event()
        self.idle.set()
        self.scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    async def start(self) -> None:
        await self.worker.start()
        self.loop = asyncio.get_running_loop()
        self.scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=int(HEARTBEAT.total_seconds())),
            id="clock",
            next_run_time=datetime.now(UTC),
        )
        if self.housekeeping:
            self.scheduler.add_job(
                asyncio.to_thread,
                IntervalTrigger(seconds=int(HOUSEKEEPING.total_seconds())),
                args=[self.housekeeping],
                id="housekeeping",
                next_run_time=datetime.now(UTC) + FIRST_HOUSEKEEPING,
            )
        # Rescheduled from the listener: a job that moves itself while it runs can vanish in APScheduler 3.11.
        self.scheduler.add_listener(self._rearm, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self.scheduler.start()
        self.app.on_work_queued = self.wake
        self.heart = asyncio.create_task(self._beat(), name="heartbeat")

    async def _beat(self) -> None:
        """Tick at every heartbeat: APScheduler uses the machine's clock, and oversleeps if that is set back."""
        while True:
            await asyncio.sleep(HEARTBEAT.total_seconds())
            self._tick_soon()

    def wake(self) -> None:
        """Tick now. Can be called from any thread."""
        self.loop.call_soon_threadsafe(self._tick_soon)

    def _tick_soon(self) -> None:
        self.rerun = True
        if self.scheduler.running and not self.ticking:
            self.scheduler.modify_job("clock", next_run_time=datetime.now(UTC))

    async def _tick(self) -> datetime | None:
        self.rerun, self.ticking = False, True
        self.idle.clear()
        try:
            return await self._do_due_work()
        finally:
            self.ticking = False
            self.idle.set()

    async def _do_due_work(self) -> datetime | None:
        """Do what is due. Returns when something is due next, or None for the next heartbeat."""
        self.last_tick = datetime.now(UTC)
        metrics.LAST_TICK.set_to_current_time()
        if self.moving.locked():
            return None
        fired = await asyncio.to_thread(fire_burst, self.app, lambda: not self.stopping)
        await self.worker.pump()
        moment = await asyncio.to_thread(next_moment, self.app)
        stuck = not fired and moment is not None and moment <= self.clock.now()
        self.in_vain = self.in_vain + 1 if stuck else 0
        return moment

    def _rearm(self, event: JobExecutionEvent) -> None:
        if event.job_id != "clock" or self.stopping:
            return
        now = datetime.now(UTC)
        if event.exception:
            log.error("the clock failed; it tries again", exc_info=event.exception)
            at = now + timedelta(seconds=1)
        else:
            wait = HEARTBEAT if event.retval is None else min(self.clock.wait(event.retval), HEARTBEAT)
            if self.in_vain:
                wait = max(wait, min(FLOOR * 2 ** min(self.in_vain - 1, 10), CEILING))
            at = now + (min(wait, FLOOR) if self.rerun else wait)
        self.scheduler.modify_job("clock", next_run_time=at)

    async def stop(self) -> None:
        """Stop firing timers, let a running tick finish, then stop the worker."""
        self.stopping = True
        self.scheduler.pause()
        # Shutting APScheduler down would break off a running tick.
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_LOOK):
                await self.idle.wait()
        self.app.on_work_queued = lambda: None
        self.heart.cancel()
        self.scheduler.shutdown(wait=False)
        await self.worker.stop()
