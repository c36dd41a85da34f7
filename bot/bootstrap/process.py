"""One running process: its timer loop, delivery worker, platforms and database, until a signal stops it."""

import asyncio
import signal
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from bot.bootstrap.warmup import when_ready
from bot.core.app import App
from bot.core.clock import Clock
from bot.core.platform import Platform, SupportsScheduledEvents, SupportsSharding
from bot.features import ALL
from bot.operations import health
from bot.operations.maintenance import housekeeping
from bot.settings import Settings
from bot.telemetry import metrics
from scheduler.delivery_worker import DeliveryWorker
from scheduler.lane_runner import LaneRunner
from scheduler.local_runner import LocalRunner
from scheduler.timer_loop import HEARTBEAT, TimerLoop
from storage import database

log = structlog.get_logger(__name__)
# A timer loop that has not ticked for this long is not ready.
LATEST_TICK = 3 * HEARTBEAT
STOP = 1.2  # seconds that platforms get to disconnect


def open_database(settings: Settings) -> Engine:
    """Connect to the database and migrate it to this version. Raises storage.database.UnusableDatabase."""
    engine = database.connect(settings.database)
    database.upgrade(engine)
    return engine


def make_app(settings: Settings, engine: Engine, clock: Clock) -> App:
    app = App(ALL, engine, clock.now, settings.cop_root)
    app.address = settings.public_address
    return app


class Process:
    """A process: builds the delivery worker and timer loop for an App, and runs them with the platforms."""

    def __init__(self, app: App, clock: Clock, platforms: Mapping[str, Platform]) -> None:
        self.app, self.platforms = app, dict(platforms)
        app.running, app.component_status = self.platforms.keys(), self.component_status
        # Any number of processes may share a PostgreSQL.
        shared = app.engine.dialect.name == "postgresql"
        self.worker = DeliveryWorker(app, self.platforms, self._cluster_runner if shared else LocalRunner)
        self.timer_loop = TimerLoop(app, clock, self.worker, None if shared else lambda: housekeeping(app))

    def _cluster_runner(self, worker: DeliveryWorker) -> LaneRunner:
        # Imported here, because it takes time and memory that a process on SQLite should not pay for.
        from scheduler.cluster_runner import ClusterRunner

        return ClusterRunner(worker, self.app.engine.url, lambda: housekeeping(self.app))

    def add(self, platform: Platform) -> None:
        """Add a platform. Call before `until_stopped`."""
        self.platforms[platform.name] = platform

    def component_status(self) -> dict[str, bool]:
        """Return which parts of this process work, by name, without querying the database."""
        tick = self.timer_loop.last_tick
        ticking = tick is not None and datetime.now(UTC) - tick < LATEST_TICK
        return {"clock": ticking} | {name: platform.ready for name, platform in self.platforms.items()}

    def runs(self) -> dict[str, list[str]]:
        """Return this process's share of the work: lanes, and shards of a platform."""
        shards = {
            name: platform.runs() for name, platform in self.platforms.items() if isinstance(platform, SupportsSharding)
        }
        return {"lanes": self.worker.runner.runs(), **shards}

    async def readiness(self) -> dict[str, bool]:
        """Return what must be true for the bot to work, by name. Also updates the metrics."""
        return await asyncio.to_thread(self._ask_database, self.component_status())

    def _ask_database(self, parts: dict[str, bool]) -> dict[str, bool]:
        try:
            with Session(self.app.read_engine) as session:
                health.export_metrics(health.check(session, self.app.clock(), parts | {"database": True}))
            return parts | {"database": True}
        except Exception:
            log.exception("the database does not answer")
            metrics.IS_READY.labels("database").set(0)
            return parts | {"database": False}

    async def until_stopped(self) -> None:
        """Run until SIGTERM or SIGINT. Raises the exception of a platform that can't continue."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        self.app.calendars = [
            name for name, platform in self.platforms.items() if isinstance(platform, SupportsScheduledEvents)
        ]
        await self.timer_loop.start()
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(p.run()) for p in self.platforms.values()]
        tasks.append(asyncio.create_task(stop.wait()))
        warming = asyncio.create_task(when_ready(self.platforms.values()))
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (*tasks, warming):
                task.cancel()
            await self.timer_loop.stop()
            await asyncio.wait(tasks, timeout=STOP)
