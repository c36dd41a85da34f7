"""One process at work: its clock, its platforms, its database, until it is told to stop."""

import asyncio
import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from bot import metrics
from bot.app import App
from bot.clock import Clock
from bot.features import ALL
from bot.platform import Platform
from bot.settings import Settings
from bot.wiring.warming import when_ready
from scheduler.clock import HEARTBEAT, Alarm
from scheduler.sender import Sender
from storage import db, outbox, records, retention

log = structlog.get_logger(__name__)
LATEST_TICK = 3 * HEARTBEAT  # a clock that has not looked for this long is not ready
KEEP_HANDLED = timedelta(days=2)  # Slack sends again within an hour, Discord within minutes
KEEP_DRAFTS = timedelta(days=14)
KEEP_TROUBLES = timedelta(days=90)
STOP = 1.2  # seconds that platforms get to say goodbye


def open_database(settings: Settings) -> Engine:
    """The database, brought up to this version. Raises storage.db.Unusable in words."""
    engine = db.connect(settings.database)
    db.upgrade(engine)
    return engine


def make_app(settings: Settings, engine: Engine, clock: Clock) -> App:
    return App(ALL, engine, clock.now, settings.cop_root)


def housekeeping(app: App) -> None:
    """Forget what nobody needs, and what was promised to be forgotten."""
    now = app.clock()
    with app.turn, Session(app.engine) as session, session.begin():
        records.forget(
            session,
            handled_before=now - KEEP_HANDLED,
            drafts_before=now - KEEP_DRAFTS,
            troubles_before=now - KEEP_TROUBLES,
        )
        expired = retention.expire(session, now)
    if expired:
        log.info("answers deleted as promised", count=expired)


class Process:
    def __init__(self, app: App, clock: Clock, platforms: Mapping[str, Platform]) -> None:
        self.app, self.platforms = app, dict(platforms)
        app.running = self.platforms.keys()
        self.sender = Sender(app, self.platforms)
        self.alarm = Alarm(app, clock, self.sender, lambda: housekeeping(app))

    def add(self, platform: Platform) -> None:
        """One more platform, before the work begins."""
        self.platforms[platform.name] = platform

    async def readiness(self) -> dict[str, bool]:
        """What must be true for the bot to do its work, by name."""
        answers = {name: platform.ready for name, platform in self.platforms.items()}
        tick = self.alarm.last_tick
        answers["clock"] = tick is not None and datetime.now(UTC) - tick < LATEST_TICK
        answers["database"] = await asyncio.to_thread(self._database_answers)
        return answers

    def _database_answers(self) -> bool:
        try:
            with Session(self.app.looking) as session:
                for state in (outbox.WAITING, outbox.SENDING, outbox.DEAD):
                    metrics.WAITING.labels(state).set(outbox.count(session, state))
            return True
        except Exception:
            log.exception("the database does not answer")
            return False

    async def until_stopped(self) -> None:
        """Work until a signal asks to stop. Raises what a platform cannot go on for."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        await self.alarm.start()
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
            await self.alarm.stop()
            await asyncio.wait(tasks, timeout=STOP)
