"""How late timers fire: one by one among 100,000 pending ones, and 10,000 at one instant, as at nine on a Monday.

PENDING= and DUE= change how many. Lateness is measured until the timer's own work begins. The baseline is APScheduler
alone, which keeps its jobs in memory and loses all of them in a power cut.
"""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Engine, insert

from bot.bootstrap.warmup import freeze_heap
from bot.core.app import App
from bot.core.clock import RealClock
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.core.feature import Feature
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from scheduler.timer_loop import TimerLoop
from storage import database
from storage.communities.communities import Community
from storage.messaging.timers import Timer
from tests.bench.figure import Figure

PENDING = int(os.environ.get("PENDING") or 100_000)
DUE = int(os.environ.get("DUE") or 10_000)
SPREAD, SPREAD_S = 300, 5.0
FAR = timedelta(days=30)
LOOK_S = 0.005
# Between the end of the setup and the first timer.
SETTLE_S = 1.0

Late = list[float]  # seconds


def figures() -> list[Figure]:
    alone, burst = _ours(_spread(), PENDING), _ours([0.0] * DUE, DUE)
    plain_alone, plain_burst = asyncio.run(_plain(_spread(), DUE)), asyncio.run(_plain([0.0] * DUE, 0))
    return [
        Figure("clock.late_p50_ms", _part(alone[0], 0.5), "ms", _part(plain_alone[0], 0.5)),
        Figure("clock.late_p99_ms", _part(alone[0], 0.99), "ms", _part(plain_alone[0], 0.99)),
        Figure("clock.burst_p50_ms", _part(burst[0], 0.5), "ms", _part(plain_burst[0], 0.5)),
        Figure("clock.burst_p99_ms", _part(burst[0], 0.99), "ms", _part(plain_burst[0], 0.99)),
        Figure(
            "clock.loop_blocked_ms", max(alone[1], burst[1]) * 1000, "ms", max(plain_alone[1], plain_burst[1]) * 1000
        ),
    ]


def _spread() -> list[float]:
    return [n * SPREAD_S / SPREAD for n in range(SPREAD)]


def _part(late: Late, share: float) -> float:
    return sorted(late)[min(len(late) - 1, int(len(late) * share))] * 1000


def _ours(moments: Sequence[float], pending: int) -> tuple[Late, float]:
    """Fire timers at `moments` (seconds from the start) among `pending` later ones.

    Returns how late each was, and the longest time that the event loop was blocked.
    """
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        engine = database.connect(f"sqlite:///{folder}/bench.db")
        database.upgrade(engine)
        now = datetime.now(UTC)
        _fill(engine, [now + FAR + timedelta(seconds=n) for n in range(pending)], "far")
        found = asyncio.run(_fired(engine, moments))
        engine.dispose()
    return found


def _fill(engine: Engine, moments: Sequence[datetime], value: str) -> None:
    """Add timers, each in its own community, since those of one community fire one after the other anyway."""
    with engine.begin() as connection:
        known = connection.exec_driver_sql("select count(*) from community").scalar_one()
        new = [{"id": n, "name": f"C{n}", "created_at": moments[0]} for n in range(known + 1, len(moments) + 1)]
        if new:
            connection.execute(insert(Community), new)
        rows = [{"community_id": n + 1, "kind": "bench.ring", "value": value, "at": at} for n, at in enumerate(moments)]
        connection.execute(insert(Timer), rows)


async def _fired(engine: Engine, moments: Sequence[float]) -> tuple[Late, float]:
    late: Late = []
    bench = Feature("bench")

    @bench.timer("ring")
    def ring(ctx: Context, event: TimerFired) -> None:
        late.append((datetime.now(UTC) - event.at).total_seconds())

    clock = RealClock()
    app = App([bench], engine, clock.now)
    timer_loop = TimerLoop(app, clock, DeliveryWorker(app, {}, LocalRunner), lambda: None)
    await timer_loop.start()
    begin = datetime.now(UTC) + timedelta(seconds=SETTLE_S + len(moments) / 10_000)
    await asyncio.to_thread(_fill, engine, [begin + timedelta(seconds=m) for m in moments], "due")
    timer_loop.wake()
    # `cop run` does the same after its warm-up.
    freeze_heap()
    watch = asyncio.create_task(_longest_block(begin))
    while len(late) < len(moments):
        await asyncio.sleep(0.05)
    watch.cancel()
    await timer_loop.stop()
    return late, await watch


async def _longest_block(begin: datetime) -> float:
    """Return the longest time that the event loop was blocked after `begin`, in seconds."""
    longest = 0.0
    try:
        await asyncio.sleep((begin - datetime.now(UTC)).total_seconds() - 0.1)
        while True:
            before = monotonic()
            await asyncio.sleep(LOOK_S)
            longest = max(longest, monotonic() - before - LOOK_S)
    except asyncio.CancelledError:
        return longest


async def _plain(moments: Sequence[float], pending: int) -> tuple[Late, float]:
    late: Late = []
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})
    scheduler.start(paused=True)

    async def ring(at: datetime) -> None:
        late.append((datetime.now(UTC) - at).total_seconds())

    for n in range(pending):
        at = datetime.now(UTC) + FAR + timedelta(seconds=n)
        scheduler.add_job(ring, "date", run_date=at, args=[at])
    begin = datetime.now(UTC) + timedelta(seconds=SETTLE_S + len(moments) / 4_000)
    for moment in moments:
        at = begin + timedelta(seconds=moment)
        scheduler.add_job(ring, "date", run_date=at, args=[at])
    scheduler.resume()
    watch = asyncio.create_task(_longest_block(begin))
    while len(late) < len(moments):
        await asyncio.sleep(0.05)
    watch.cancel()
    scheduler.shutdown(wait=False)
    return late, await watch
