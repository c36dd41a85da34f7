"""Lane runner of a cluster: processes on one PostgreSQL share the lanes. One process runs a lane at a time.

Procrastinate assigns lanes. A job is one run of a lane, from when something is due until the lane is at rest. The job's
lock is the lane's name, so only one process runs it and its rate limiter can stay in memory. The lanes of a dead
process are taken over. Import this module only on PostgreSQL: what it loads takes time and memory.
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

# Seconds after taking over a lane for which the platform may still accept what the process before sent. It is the
# longest that a request can take (Slack's).
IN_FLIGHT = 15.0
LOOK = 0.25  # seconds between two checks whether a running lane has more to do
POLL = 0.5  # seconds until a run that waited for another's end is found
MOST_LANES = 1_000  # lanes that one process runs at one time
# Seconds between two searches for deliveries in SENDING that a process left when it lost its lane.
LEFTOVERS = 20.0
GOODBYE = 1.0  # seconds for runs to end at shutdown
# Seconds until work that failed, such as while the database was down, starts again.
AGAIN = 1.0
LANE, HOUSEKEEPING = "lane", "housekeeping"
EVERY_SIX_HOURS = "17 */6 * * *"


class ClusterRunner:
    """Lane runner of a process that is one of several."""

    def __init__(self, worker: DeliveryWorker, database: URL, housekeeping: Callable[[], None]) -> None:
        self.worker = worker
        self.stopping = False
        # Lanes that this process runs, and those of them that another process has requested.
        self.running: dict[str, LaneName] = {}
        self.called: set[str] = set()
        # Lanes about to be requested, and when each was last requested (monotonic).
        self.asking: set[str] = set()
        self.asked: dict[str, float] = {}
        self.asks: set[asyncio.Task[None]] = set()
        self.tasks: list[asyncio.Task[None]] = []
        plain = database.set(drivername="postgresql").render_as_string(hide_password=False)
        connector = PsycopgConnector(conninfo=plain, configure=_in_our_schema, min_size=1, max_size=4)
        self.jobs = App(connector=connector)
        self.manager = self.jobs.job_manager = Manager(connector)
        self._register_tasks(housekeeping)

    def _register_tasks(self, housekeeping: Callable[[], None]) -> None:
        @self.jobs.task(name=LANE)
        async def run(name: str, platform: str, space: str) -> None:
            lane = LaneName(name, platform, space)
            try:
                await self._run(lane)
            except Exception:
                log.exception("a lane could not be run; it is tried again", lane=name)
                await asyncio.sleep(AGAIN)
                await self._request_run(lane)

        @self.jobs.periodic(cron=EVERY_SIX_HOURS)
        @self.jobs.task(name=HOUSEKEEPING, queue=HOUSEKEEPING, lock=HOUSEKEEPING, queueing_lock=HOUSEKEEPING)
        async def keep_house(timestamp: int) -> None:
            await asyncio.to_thread(housekeeping)

    # --- the port -------------------------------------------------------------------------------

    def wake(self, lane: LaneName) -> None:
        if lane.name not in self.running and lane.name not in self.asking and not self.stopping:
            self.asking.add(lane.name)
            task = asyncio.create_task(self._request_run_soon(lane))
            self.asks.add(task)
            task.add_done_callback(self.asks.discard)

    def owns_lanes(self) -> bool:
        return self.manager.ours

    def runs(self) -> list[str]:
        return sorted(self.running)

    async def start(self) -> None:
        await self.jobs.open_async()
        work = (self._work, self._replace_stalled_runs, self._listen, self._wake_interrupted_lanes)
        self.tasks = [asyncio.create_task(_restart_forever(each), name=each.__name__) for each in work]

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

    async def _request_run_soon(self, lane: LaneName) -> None:
        """Request a run, but not more often than its runner checks for requests."""
        await asyncio.sleep(self.asked.get(lane.name, -LOOK) + LOOK - monotonic())
        # Before the request, so that whatever becomes due from now on makes another one.
        self.asking.discard(lane.name)
        self.asked[lane.name] = monotonic()
        await self._request_run(lane)

    async def _request_run(self, lane: LaneName) -> None:
        """Enqueue a run of the lane. A process that runs it already takes that as the sign to look for more."""
        deferrer = self.jobs.tasks[LANE].configure(queue=lane.platform, lock=lane.name, queueing_lock=lane.name)
        try:
            await deferrer.defer_async(**lane._asdict())
        except AlreadyEnqueued:
            return
        except ConnectorException:
            log.warning("a lane could not be asked for; the next look at the clock does it", lane=lane.name)

    async def _run(self, lane: LaneName) -> None:
        """Run the lane until it is at rest. Only then has its rate limiter nothing that the next runner must know."""
        resumed = await self.worker.adopt_interrupted(lane.name)
        opened = self.worker.open(lane, monotonic() + IN_FLIGHT if resumed else 0.0)
        self.running[lane.name] = lane
        metrics.LANES.set(len(self.running))
        try:
            await self.worker.pump()
            while self._may_continue():
                await asyncio.sleep(LOOK)
                resting = opened.at_rest
                if resting or lane.name in self.called:
                    self.called.discard(lane.name)
                    await self.worker.pump()
                if resting and opened.at_rest and lane.name not in self.called:
                    # This process is sending nothing, so a dead one left whatever is still SENDING.
                    if not await self.worker.adopt_interrupted(lane.name):
                        return
                    opened.settled = monotonic() + IN_FLIGHT
                    await self.worker.pump()
            # The lane is not at rest, so another process has to go on.
            await self._request_run(lane)
        finally:
            del self.running[lane.name]
            metrics.LANES.set(len(self.running))
            await self.worker.close(lane.name)

    def _may_continue(self) -> bool:
        return self.owns_lanes() and not self.stopping

    # --- the work of the process ----------------------------------------------------------------

    async def _work(self) -> None:
        """Run lanes that were requested, until stopped, or until the database was down for too long."""
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

    async def _replace_stalled_runs(self) -> None:
        """End the runs of processes without a heartbeat, and request new ones.

        Not with Procrastinate's own retry_job: it fails if another run is waiting already, and the lane stays locked.
        """
        while True:
            await asyncio.sleep(HEARTBEAT)
            for job in await self.manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                # Another process may have been quicker.
                with suppress(ConnectorException):
                    await self._replace(job)

    async def _wake_interrupted_lanes(self) -> None:
        """Wake lanes with deliveries in SENDING: their runner recovers what a dead process left."""
        while True:
            for lane in await asyncio.to_thread(self.worker.interrupted):
                self.wake(lane)
            await asyncio.sleep(LEFTOVERS)

    async def _replace(self, job: Job) -> None:
        await self.manager.finish_job(job, status=Status.FAILED, delete_job=True)
        if job.task_name == LANE:
            log.warning("a process is gone; its lane goes on elsewhere", lane=job.lock)
            await self._request_run(_lane_of(job))

    async def _listen(self) -> None:
        """Check for requests for lanes that run here, so that they needn't wait until the lane is at rest."""
        while True:
            await asyncio.sleep(LOOK)
            if not self.running:
                continue
            for platform in {lane.platform for lane in self.running.values()}:
                for job in await self.manager.list_jobs_async(queue=platform, status=Status.TODO.value):
                    if job.lock in self.running and job.id:
                        await self._accept_request(job.id, job)

    async def _accept_request(self, id: int, job: Job) -> None:
        """Delete a waiting run and make its lane look for more. If the lane has ended meanwhile, request it again."""
        if await self.manager.cancel_job_by_id_async(id, delete_job=True):
            lane = _lane_of(job)
            if lane.name in self.running:
                self.called.add(lane.name)
            else:
                await self._request_run(lane)


def _lane_of(job: Job) -> LaneName:
    return LaneName(*(str(job.task_kwargs[part]) for part in LaneName._fields))


async def _in_our_schema(connection: Any) -> None:
    await connection.execute(f"SET search_path TO {SCHEMA}")
    await connection.commit()


async def _restart_forever(work: Callable[[], Any]) -> None:
    """Run `work` again whenever it ends or fails, such as while the database restarts."""
    while True:
        try:
            await work()
            log.warning("sharing the work was broken off; it is taken up again")
        except Exception as fault:
            log.warning("sharing the work failed; it is taken up again", exc_info=fault)
        await asyncio.sleep(AGAIN)
