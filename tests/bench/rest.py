"""How much memory and processor time the bot takes while nothing happens, with 10,000 communities and with one.

COMMUNITIES= changes how many there are, REST_S= for how many seconds they are watched.
"""

import asyncio
import multiprocessing
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from bot.bootstrap.process import Process
from bot.core.app import App
from bot.core.clock import RealClock
from bot.core.platform import Delivery, RateLimit
from bot.features import ALL
from storage import database
from storage.communities.communities import Community
from storage.messaging.timers import Timer
from storage.people.people import Membership, Person
from tests.bench.figure import Figure

COMMUNITIES = int(os.environ.get("COMMUNITIES") or 10_000)
REST_S = float(os.environ.get("REST_S") or 12.0)
# Both are at rest once they take less processor time than this in a second, together.
CALM_S, GIVE_UP_S = 0.05, 30.0
# People and timers of each community.
MEMBERS, TO_COME = 10, 4
TICKS = os.sysconf("SC_CLK_TCK")
SPAWN = multiprocessing.get_context("spawn")


def figures() -> list[Figure]:
    """Measure both at the same time, so that whatever else the machine does affects both."""
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        many, one = (_at_rest(f"sqlite:///{folder}/{count}.db", count) for count in (COMMUNITIES, 1))
        _until_calm(many, one)
        before = _cpu_s(many), _cpu_s(one)
        time.sleep(REST_S)
        took = _cpu_s(many) - before[0], _cpu_s(one) - before[1]
        memory = _resident_mb(many), _resident_mb(one)
        for process in (many, one):
            process.terminate()
            process.join()
    return [
        Figure("rest.rss_mb", memory[0], "MB", memory[1]),
        Figure("rest.cpu_percent", took[0] / REST_S * 100, "%", took[1] / REST_S * 100),
    ]


def _until_calm(*processes: Any) -> None:
    until = time.monotonic() + GIVE_UP_S
    while time.monotonic() < until:
        before = sum(map(_cpu_s, processes))
        time.sleep(1.0)
        if before and sum(map(_cpu_s, processes)) - before < CALM_S:
            return


def _at_rest(url: str, communities: int) -> Any:
    engine = database.connect(url)
    database.upgrade(engine)
    _fill(engine, communities)
    engine.dispose()
    process = SPAWN.Process(target=_work, args=(url,), daemon=True)
    process.start()
    return process


def _fill(engine: Engine, communities: int) -> None:
    now, ids = datetime.now(UTC), range(1, communities + 1)
    with engine.begin() as connection:
        connection.execute(insert(Community), [{"id": n, "name": f"C{n}", "created_at": now} for n in ids])
        people = [{"id": n, "name": f"P{n}"} for n in range(1, communities * MEMBERS + 1)]
        connection.execute(insert(Person), people)
        joined = [{"community_id": n % communities + 1, "person_id": p["id"]} for n, p in enumerate(people)]
        connection.execute(insert(Membership), joined)
        moments = [
            {
                "community_id": n,
                "kind": "meetings.plan",
                "value": f"{week}",
                "at": now + timedelta(weeks=week, seconds=n),
            }
            for n in ids
            for week in range(1, TO_COME + 1)
        ]
        connection.execute(insert(Timer), moments)


class Silent:
    """A platform on which nothing happens."""

    name, ready = "silent", True

    async def run(self) -> None:
        await asyncio.Event().wait()

    def rate_limit(self, space: str) -> RateLimit:
        return RateLimit(self.name, 1.0, 1.0)

    async def deliver(self, delivery: Delivery) -> str:
        raise AssertionError("nothing is to be said here")


def _work(url: str) -> None:
    clock = RealClock()
    app = App(ALL, database.connect(url), clock.now)
    asyncio.run(Process(app, clock, {"silent": Silent()}).until_stopped())


def _cpu_s(process: Any) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident_mb(process: Any) -> float:
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
