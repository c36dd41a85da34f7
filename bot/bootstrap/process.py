"""One running process: its timer loop, delivery worker, platforms and database, until a signal stops it."""

import asyncio
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from bot.bootstrap.warmup import when_ready
from bot.core.app import App
from bot.core.clock import Clock
from bot.core.platform import (
    ConfigurationError,
    HidesCommands,
    Platform,
    ShownTo,
    SupportsChannelKinds,
    SupportsScheduledEvents,
    SupportsSharding,
    Undeliverable,
)
from bot.features import ALL
from bot.operations import health
from bot.operations.maintenance import housekeeping
from bot.operations.readiness import DatabaseProbe
from bot.settings import Settings
from bot.telemetry import metrics
from scheduler.delivery_worker import DeliveryWorker
from scheduler.lane_runner import LaneRunner
from scheduler.local_runner import LocalRunner
from scheduler.timer_loop import HEARTBEAT, TimerLoop
from storage import database
from storage.database import faults, files, process_lock, remnants

log = structlog.get_logger(__name__)
# A timer loop that has not ticked for this long is not ready.
LATEST_TICK = 3 * HEARTBEAT
# Seconds until a platform that refused the bot is tried again: at first, and at most.
FIRST_RETRY, LONGEST_RETRY = 30.0, 900.0
LOOK = 1.0  # seconds between two looks whether one has let it in
LONGEST_PROBE = 8.0  # seconds until a database that doesn't answer is not ready
# An accepted event that nobody has handled after so long was left by a process that is gone.
LEFT = timedelta(minutes=2)
LOOK_FOR_LEFT = 30.0  # seconds
STOP = 1.2  # seconds that platforms get to disconnect


@contextmanager
def own_database(settings: Settings) -> Iterator[Engine]:
    """Connect to the database, for a process that runs on it, and migrate it to this version.

    A SQLite file is held until the end, and only this user can read it. Raises storage.database.UnusableDatabase.
    """
    with process_lock.held(settings.database):
        if file := database.file_of(settings.database):
            files.make_private(file)
            _closed, still_open = files.make_all_private(file, settings.cop_data)
            if still_open:
                log.warning("other users can read the data", paths=[str(path) for path in still_open])
        engine = database.connect(settings.database)
        try:
            database.upgrade(engine)
            remnants.rebuild_once(engine)
            yield engine
        finally:
            engine.dispose()


def make_app(settings: Settings, engine: Engine, clock: Clock) -> App:
    app = App(ALL, engine, clock.now, settings.cop_root)
    app.address, app.reads_threads = settings.public_address, settings.slack_threads
    return app


class Process:
    """A process: builds the delivery worker and timer loop for an App, and runs them with the platforms."""

    def __init__(self, app: App, clock: Clock, platforms: Mapping[str, Platform]) -> None:
        self.app, self.platforms = app, dict(platforms)
        self.probe = DatabaseProbe(app.engine)
        # What doesn't work, by part, in words.
        self.problems: dict[str, str] = {}
        app.channel_kind, app.shown_to = self._channel_kind, self._shown_to
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

    def _channel_kind(self, platform: str, space: str, channel: str) -> str:
        found = self.platforms.get(platform)
        return found.channel_kind(space, channel) if isinstance(found, SupportsChannelKinds) else "unknown"

    def _shown_to(self, platform: str, role: str) -> ShownTo | None:
        found = self.platforms.get(platform)
        return found.shown_to(role) if isinstance(found, HidesCommands) else None

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
        parts = self.component_status()
        try:
            async with asyncio.timeout(LONGEST_PROBE):
                problem = await asyncio.to_thread(self._ask_database, parts)
        except TimeoutError:
            problem = f"It hasn’t answered for {LONGEST_PROBE:.0f} seconds."
        if problem:
            metrics.IS_READY.labels("database").set(0)
        if problem != self.problems.get("database", ""):
            log.error("the database does not work", why=problem) if problem else log.info("the database works again")
        self.problems.pop("database", None)
        if problem:
            self.problems["database"] = problem
        return parts | {"database": not problem}

    def _ask_database(self, parts: dict[str, bool]) -> str:
        """Update the metrics. Returns what is wrong with the database, or ""."""
        if problem := self.probe.problem():
            return problem
        try:
            with Session(self.app.read_engine) as session:
                health.export_metrics(health.check(session, self.app.clock(), parts | {"database": True}))
        except Exception as fault:
            return faults.advice(fault, self.probe.url)
        return ""

    async def _run_platform(self, platform: Platform) -> None:
        """Run a platform. While another one works, one that refuses the bot is tried again, less and less often.

        Raises what it refuses with if all of them refuse, so that somebody who just started the bot sees it.
        """
        pause = FIRST_RETRY
        while True:
            try:
                await platform.run()
                return
            except (ConfigurationError, Undeliverable) as refusal:
                self.problems[platform.name] = str(refusal)
                self.worker.refused.add(platform.name)
                if self.worker.refused >= self.platforms.keys():
                    raise
                log.error("a platform refuses the bot", platform=platform.name, why=str(refusal), again_in=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY)

    def _notice_accepted(self) -> None:
        """Deliver again to platforms that refused the bot and have let it in since."""
        for name in [name for name in self.worker.refused if self.platforms[name].ready]:
            self.worker.refused.discard(name)
            self.problems.pop(name, None)
            self.timer_loop.wake()

    async def _watch_refused(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            self._notice_accepted()

    async def _take_up_left(self) -> None:
        """Handle what was acknowledged and left: on SQLite by an earlier process, on PostgreSQL by any."""
        shared = self.app.engine.dialect.name == "postgresql"
        before = self.app.clock() - (LEFT if shared else timedelta())
        while True:
            try:
                if taken := await asyncio.to_thread(self.app.take_up, before):
                    log.info("handled what a stopped process had left", count=taken)
            except Exception:
                log.exception("what was left could not be looked for")
            await asyncio.sleep(LOOK_FOR_LEFT)
            before = self.app.clock() - LEFT

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
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(self._run_platform(p)) for p in self.platforms.values()]
        tasks.append(asyncio.create_task(stop.wait()))
        warming = asyncio.create_task(when_ready(self.platforms.values(), self.worker.refused))
        watching = asyncio.create_task(self._watch_refused())
        taking_up = asyncio.create_task(self._take_up_left())
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (*tasks, warming, watching, taking_up):
                task.cancel()
            await self.timer_loop.stop()
            await asyncio.wait(tasks, timeout=STOP)
