"""Runs a bot with many communities for some months, and measures it at the end of each."""

import asyncio
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, event, text
from sqlmodel import Session, SQLModel, select

from bot.core.app import App
from bot.core.clock import StoppedClock
from bot.core.platform import Delivery, RateLimit
from bot.features import ALL
from bot.operations.maintenance import housekeeping
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from scheduler.time_travel import travel
from storage import database
from storage.communities import communities
from storage.meetings.meetings import Meeting
from tests.soak.people import MEMBERS, PLATFORMS, SPACE, WEEK, SimulatedMembers, place, zone
from tests.support.chat import START, Chat
from tests.support.community import create_community

# The retention of answers, short enough that their deletion is seen within the year.
KEPT_MONTHS = 3
# Thirteen such months are a year.
MONTH_WEEKS = 4


class Nowhere:
    """A platform that takes every message and remembers none, so that nothing grows but the bot."""

    ready, taken = True, 0

    def __init__(self, name: str) -> None:
        self.name = name

    async def run(self) -> None: ...

    def rate_limit(self, space: str) -> RateLimit:
        return RateLimit(self.name, per_second=1_000_000, channel_interval=0.0)

    async def deliver(self, delivery: Delivery) -> str:
        self.taken += 1
        return delivery.replaces or f"m{self.taken}"


@dataclass
class Weight:
    """What the bot takes at the end of a month.

    `events` are those that people caused so far, `cpu_s` is the process's time so far, and `file_mb` what the database
    holds without its free pages.
    """

    month: int
    events: int
    delivered: int
    cpu_s: float
    rss_mb: float
    file_mb: float
    rows: dict[str, int] = field(default_factory=dict)


@contextmanager
def life(folder: Path, count: int) -> "Iterator[Life]":
    """Create communities in a new database, which needn't survive a power cut."""
    engine = database.connect(f"sqlite:///{folder}/soak.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    database.upgrade(engine)
    yield Life(engine, count)
    engine.dispose()


@dataclass
class Life:
    """The communities' life on a movable clock."""

    engine: Engine
    count: int

    def __post_init__(self) -> None:
        self.clock = StoppedClock(START)
        self.app = App(ALL, self.engine, self.clock.now)
        self.people = SimulatedMembers(self.app, self.clock, self.count)
        self.platforms = {name: Nowhere(name) for name in PLATFORMS}
        self.app.running = self.platforms.keys()
        chats = {name: Chat(self.engine, name=name, space=SPACE) for name in PLATFORMS}
        for n in range(self.count):
            chat = chats[place(n).platform]
            id = create_community(
                chat, [f"{name} {n}" for name in MEMBERS], name=f"Circle {n}", channel=f"c{n}", facilitator=f"Fay {n}"
            )
            with Session(self.engine) as session, session.begin():
                community = communities.get(session, id)
                assert community
                community.retention_months, community.zone = KEPT_MONTHS, zone(n)
            self.people.begin(n)
        with Session(self.engine) as session:
            assert len(session.exec(select(Meeting.community_id).distinct()).all()) == self.count, "everybody meets"

    def months(self, months: int) -> Iterator[Weight]:
        for month in range(1, months + 1):
            for week in range(MONTH_WEEKS):
                asyncio.run(self._travel(self.clock.now() + WEEK))
                self.people.live_week(month * MONTH_WEEKS + week)
                housekeeping(self.app)
            yield self._weighed(month)

    async def _travel(self, to: datetime) -> None:
        worker = DeliveryWorker(self.app, self.platforms, LocalRunner)
        try:
            await travel(self.app, worker, self.clock, to)
        finally:
            await worker.stop()

    def _weighed(self, month: int) -> Weight:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        with self.engine.connect() as connection:
            rows = {
                name: connection.execute(text(f'select count(*) from "{name}"')).scalar_one()  # noqa: S608
                for name in sorted(SQLModel.metadata.tables)
            }
            pages, free, size = (
                connection.exec_driver_sql(f"pragma {what}").scalar_one()
                for what in ("page_count", "freelist_count", "page_size")
            )
        assert rows["incident"] == 0, "nothing failed"
        file_mb = (pages - free) * size / 1e6
        taken, cpu = sum(platform.taken for platform in self.platforms.values()), round(time.process_time(), 1)
        return Weight(month, self.people.events, taken, cpu, round(resident, 1), round(file_mb, 2), rows)
