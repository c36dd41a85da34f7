"""Many processes on one PostgreSQL share the lanes: one runs a lane at a time, and a dead one's are taken over.

Procrastinate hands them out: a job is one run of a lane, from when something is due until it is at rest. Its lock is
the lane, so pacing stays the memory of whoever runs it. What is loaded here is loaded only on PostgreSQL.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from sqlalchemy import URL

from bot.telemetry import metrics
from scheduler.delivery_worker import LAST, DeliveryWorker
from scheduler.heartbeat import HEARTBEAT, STALLED, Manager
from scheduler.lane_runner import LaneName
from storage.database.procrastinate_schema import SCHEMA

log = structlog.get_logger(__name__)

IN_FLIGHT = 15.0  # seconds from then on in which a platform may still take what it sent: the longest request (Slack's)
LOOK = 0.25  # seconds between two looks of a lane's runner at whether there is more to do
POLL = 0.5  # seconds until a run that waited for another's end is found
MOST_LANES = 1_000  # that one process runs at one time
LEFTOVERS = 20.0  # seconds between two looks for what a process left behind that lost its lane in the middle
GOODBYE = 1.0  # seconds that runs get to end when the bot stops
AGAIN = 1.0  # seconds until the work is taken up after the database was away
LANE, HOUSEKEEPING = "lane", "housekeeping"
EVERY_SIX_HOURS = "17 */6 * * *"


class ClusterRunner:
    """The engine of a process that is one of several."""

    def __init__(self, worker: DeliveryWorker, database: URL, housekeeping: Callable[[], None]) -> None:
        self.worker = worker
        self.stopping = False
        self.running: dict[str, LaneName] = {}  # lanes that this process runs
        self.called: set[str] = set()  # of them: those that another process has asked for
        self.asking: set[str] = set()  # lanes about to be asked for
        self.asked: dict[str, float] = {}  # when, monotonic
        self.asks: set[asyncio.Task[None]] = set()
        self.tasks: list[asyncio.Task[None]] = []
        plain = database.set(drivername="postgresql").render_as_string(hide_password=False)
        connector = PsycopgConnector(conninfo=plain, configure=_in_our_schema, min_size=1, max_size=4)
        self.jobs = App(connector=connector)
        self.manager = self.jobs.job_manager = Manager(connector)
        self._tell_what_to_do(housekeeping)

    def _tell_what_to_do(self, housekeeping: Callable[[], None]) -> None:
        @self.jobs.task(name=LANE)
        async def run(name: str, platform: str, space: str) -> None:
            lane = LaneName(name, platform, space)
            try:
                await self._run(lane)
            except Exception:
                log.exception("a lane could not be run; it is tried again", lane=name)
                await asyncio.sleep(AGAIN)
                await self._ask_for(lane)

        @self.jobs.periodic(cron=EVERY_SIX_HOURS)
        @self.jobs.task(name=HOUSEKEEPING, queue=HOUSEKEEPING, lock=HOUSEKEEPING, queueing_lock=HOUSEKEEPING)
        async def keep_house(timestamp: int) -> None:
            await asyncio.to_thread(housekeeping)

    # --- the engine -----------------------------------------------------------------------------

    def wake(self, lane: LaneName) -> None:
        if lane.name not in self.running and lane.name not in self.asking and not self.stopping:
            self.asking.add(lane.name)
            task = asyncio.create_task(self._ask_soon(lane))
            self.asks.add(task)
            task.add_done_callback(self.asks.discard)

    def owns_lanes(self) -> bool:
        return self.manager.ours

    def runs(self) -> list[str]:
        return sorted(self.running)

    async def start(self) -> None:
        await self.jobs.open_async()
        work = (self._work, self._watch_over_others, self._listen, self._look_for_leftovers)
        self.tasks = [asyncio.create_task(_again_and_again(each), name=each.__name__) for each in work]

    async def stop(self) -> None:
        self.stopping = True
        for task in self.tasks:
            task.cancel()
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=GOODBYE + LAST)
        with suppress(Exception):
            async with asyncio.timeout(GOODBYE):
                await self.jobs.close_async()

    # --- lanes ----------------------------------------------------------------------------------

    async def _ask_soon(self, lane: LaneName) -> None:
        """Not more often than whoever runs it looks."""
        await asyncio.sleep(self.asked.get(lane.name, -LOOK) + LOOK - monotonic())
        self.asking.discard(lane.name)  # for what comes from here on it is asked for again
        self.asked[lane.name] = monotonic()
        await self._ask_for(lane)

    async def _ask_for(self, lane: LaneName) -> None:
        """Have some process run it; one that runs it already is told to look for more."""
        deferrer = self.jobs.tasks[LANE].configure(queue=lane.platform, lock=lane.name, queueing_lock=lane.name)
        try:
            await deferrer.defer_async(**lane._asdict())
        except AlreadyEnqueued:
            return
        except ConnectorException:
            log.warning("a lane could not be asked for; the next look at the clock does it", lane=lane.name)

    async def _run(self, lane: LaneName) -> None:
        """From taking it over until it is at rest: only then is pacing nothing to remember."""
        resumed = await self.worker.adopt_interrupted(lane.name)
        at_work = self.worker.open(lane, monotonic() + IN_FLIGHT if resumed else 0.0)
        self.running[lane.name] = lane
        metrics.LANES.set(len(self.running))
        try:
            await self.worker.pump()
            while self._goes_on():
                await asyncio.sleep(LOOK)
                resting = at_work.at_rest
                if resting or lane.name in self.called:
                    self.called.discard(lane.name)
                    await self.worker.pump()
                if resting and at_work.at_rest and lane.name not in self.called:
                    # Nothing is on its way from here, so whatever is still marked as being sent is nobody's.
                    if not await self.worker.adopt_interrupted(lane.name):
                        return
                    at_work.settled = monotonic() + IN_FLIGHT
                    await self.worker.pump()
            await self._ask_for(lane)  # for whoever goes on
        finally:
            del self.running[lane.name]
            metrics.LANES.set(len(self.running))
            await self.worker.close(lane.name)

    def _goes_on(self) -> bool:
        return self.owns_lanes() and not self.stopping

    # --- the work of the process ----------------------------------------------------------------

    async def _work(self) -> None:
        """Take lanes that want to be run, until stopped, or until the database was away for too long."""
        await self.jobs.run_worker_async(
            queues=[*self.worker.platforms, HOUSEKEEPING],
            concurrency=MOST_LANES,
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=GOODBYE,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
        )

    async def _watch_over_others(self) -> None:
        """End the runs of processes that give no sign of life, and have their lanes run by others.

        Not Procrastinate's own retry_job: where a run is already waiting, it fails, and the lane stays locked.
        """
        while True:
            await asyncio.sleep(HEARTBEAT)
            for job in await self.manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                with suppress(ConnectorException):  # another process was quicker
                    await self._replace(job)

    async def _look_for_leftovers(self) -> None:
        """Have lanes run in which something is marked as being sent: whoever runs one sees what became of that."""
        while True:
            for lane in await asyncio.to_thread(self.worker.interrupted):
                self.wake(lane)
            await asyncio.sleep(LEFTOVERS)

    async def _replace(self, job: Job) -> None:
        await self.manager.finish_job(job, status=Status.FAILED, delete_job=True)
        if job.task_name == LANE:
            log.warning("a process is gone; its lane goes on elsewhere", lane=job.lock)
            await self._ask_for(_lane_of(job))

    async def _listen(self) -> None:
        """What another process has for a lane that is run here must not wait until the lane is at rest."""
        while True:
            await asyncio.sleep(LOOK)
            if not self.running:
                continue
            for platform in {lane.platform for lane in self.running.values()}:
                for job in await self.manager.list_jobs_async(queue=platform, status=Status.TODO.value):
                    if job.lock in self.running and job.id:
                        await self._hear(job.id, job)

    async def _hear(self, id: int, job: Job) -> None:
        """Take a waiting run as the sign to look again; where the lane has come to rest meanwhile, ask for it anew."""
        if await self.manager.cancel_job_by_id_async(id, delete_job=True):
            lane = _lane_of(job)
            if lane.name in self.running:
                self.called.add(lane.name)
            else:
                await self._ask_for(lane)


def _lane_of(job: Job) -> LaneName:
    return LaneName(*(str(job.task_kwargs[part]) for part in LaneName._fields))


async def _in_our_schema(connection: Any) -> None:
    await connection.execute(f"SET search_path TO {SCHEMA}")
    await connection.commit()


async def _again_and_again(work: Callable[[], Any]) -> None:
    """Whatever breaks it, such as a database that restarts, ends it only for a moment."""
    while True:
        try:
            await work()
            log.warning("sharing the work was broken off; it is taken up again")
        except Exception as fault:
            log.warning("sharing the work failed; it is taken up again", exc_info=fault)
        await asyncio.sleep(AGAIN)
