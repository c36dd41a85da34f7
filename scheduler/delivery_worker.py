"""Delivery worker: sends the outbox to the platforms, through lanes that keep to their rate limits.

It may send only in lanes that the lane runner has opened here, because several processes can share an outbox.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlmodel import Session

from bot.core.app import App
from bot.core.platform import (
    LookupUnavailable,
    MessageGone,
    Platform,
    RetryAfter,
    RewriteRefused,
    SupportsLookup,
    SupportsRequestCost,
    Undeliverable,
)
from bot.delivery import attempts, recovery
from bot.telemetry import tracing
from scheduler.group_commit import GroupCommit
from scheduler.lane_runner import LaneName, LaneRunner
from scheduler.lanes import Lane, SendOutcome
from storage.messaging import outbox, outbox_queue

log = structlog.get_logger(__name__)
# Deliveries queued in lanes at one time. Each is a few numbers, never the message.
MOST_AT_HAND = 20_000
LAST = 1.8  # seconds for deliveries being sent to finish, when a lane is closed
# If the clock is earlier than before by more than this, it was set back.
SET_BACK = timedelta(minutes=1)
# Seconds after that for which rows with times of the old clock may still be committed, on PostgreSQL.
WARY = 30.0
AGAIN = 1.0  # seconds until a delivery that could not be begun is attempted again


class DeliveryWorker:
    """Queues due messages in the lanes that this process runs, sends them, and records the results."""

    def __init__(
        self, app: App, platforms: Mapping[str, Platform], runner: Callable[["DeliveryWorker"], LaneRunner]
    ) -> None:
        """`runner` makes the lane runner, which decides which lanes this process runs."""
        self.app, self.platforms = app, platforms
        self.runner = runner(self)
        self.commits = GroupCommit(app)
        app.ancillary_request = self.ancillary_request
        # Lanes that this process runs, by name, and the task of each.
        self.lanes: dict[str, Lane] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        # Deliveries that may be SENDING already, because the database failed while they were begun.
        self.unconfirmed: set[int] = set()
        # Platforms that refused the bot's token. What is for them waits until they let it in.
        self.refused: set[str] = set()
        # Retries whose wait their lane measures, by the monotonic clock.
        self.rested: set[int] = set()
        # How many deliveries this process has made.
        self.sent = 0
        # The latest time the clock has shown.
        self.latest = app.clock()
        self.wary_until = 0.0  # monotonic

    async def start(self) -> None:
        # The clock may have been set back while no process ran.
        await asyncio.to_thread(self._set_back, self.app.clock(), retries=False)
        await self.runner.start()

    async def pump(self) -> None:
        """Wake every lane with something due, and queue it in the lanes that this process runs.

        What is queued or being sent already is not queued again.
        """
        due = [(place, self.lane_of(*place)) for place in await asyncio.to_thread(self._due_in)]
        for name, (platform, space) in {name: place for place, name in due}.items():
            self.runner.wake(LaneName(name, platform, space))
        here = [place for place, name in due if name in self.lanes]
        await self._queue_pending_retries(here)
        for id, platform, space, key in await asyncio.to_thread(self._due, here) if here else ():
            if lane := self.lanes.get(self.lane_of(platform, space)):
                lane.put(outbox.where(key), id)

    async def _queue_pending_retries(self, here: Collection[tuple[str, str]]) -> None:
        """Queue what the lane's runner before was waiting to retry, ahead of what is due now in the same channels."""
        new = [place for place in here if place not in self.lanes[self.lane_of(*place)].places]
        for retry in await asyncio.to_thread(self._pending_retries, new) if new else ():
            if lane := self.lanes.get(self.lane_of(*retry.place)):
                self.rested.add(retry.id)
                lane.put(retry.channel, retry.id, retry.wait)
        for place in new:
            if lane := self.lanes.get(self.lane_of(*place)):
                lane.places.add(place)

    def _pending_retries(self, among: Collection[tuple[str, str]]) -> Sequence[recovery.PendingRetry]:
        with Session(self.app.read_engine) as session:
            return recovery.pending_retries(session, self.app.clock(), among)

    def lane_of(self, platform: str, space: str) -> str:
        """Return the name of the lane for a space."""
        return self.platforms[platform].rate_limit(space).lane

    def ancillary_request(self, platform: str, space: str) -> AbstractAsyncContextManager[None]:
        """Implement App.ancillary_request. If another process runs the lane, this doesn't wait."""
        lane = self.lanes.get(self.lane_of(platform, space)) if platform in self.platforms else None
        return lane.ancillary_request() if lane else nullcontext()

    def _now(self) -> datetime:
        """Return the time. If the clock was set back, first make due what would be sent at once or retried."""
        now = self.app.clock()
        if now < self.latest - SET_BACK:
            self._set_back(now)
            self.latest, self.wary_until = now, monotonic() + WARY
        self.latest = max(self.latest, now)
        return now

    def _set_back(self, now: datetime, *, retries: bool = True) -> None:
        with self.app.write_lock, Session(self.app.engine) as session, session.begin():
            if count := outbox_queue.set_back(session, now, retries=retries):
                log.warning("the clock was set back", deliveries=count)

    def _due_in(self) -> Collection[tuple[str, str]]:
        now = self._now()
        if monotonic() < self.wary_until:
            self._set_back(now)
        with Session(self.app.read_engine) as session:
            return outbox_queue.due_in(session, now, self.platforms.keys() - self.refused)

    def _due(self, among: Collection[tuple[str, str]]) -> Sequence[tuple[int, str, str, str]]:
        with Session(self.app.read_engine) as session:
            return outbox_queue.due(session, self.app.clock(), MOST_AT_HAND, among)

    def interrupted(self) -> list[LaneName]:
        """Return lanes with deliveries in SENDING, whether their process is working or dead."""
        with Session(self.app.read_engine) as session:
            places = {(row.platform, row.space) for row in outbox_queue.interrupted(session)}
        return [LaneName(self.lane_of(*place), *place) for place in places if place[0] in self.platforms]

    async def adopt_interrupted(self, lane: str | None = None) -> int:
        """Recover what a dead process left in SENDING, in a lane that the caller owns, or with None in all lanes.

        Returns how many.
        """

        def mine(platform: str, space: str) -> bool:
            return lane is None or (platform in self.platforms and self.lane_of(platform, space) == lane)

        resumed = await self.commits.write(lambda session: recovery.recover_interrupted(session, mine))
        if resumed:
            log.info("deliveries resumed", count=resumed, lane=lane)
        return resumed

    def open(self, lane: LaneName, settled: float = 0.0) -> Lane:
        """Run the lane from now on.

        `settled` (monotonic) is when the platform has accepted whatever another process was sending.
        """
        new = self.lanes[lane.name] = Lane(
            self.platforms[lane.platform].rate_limit(lane.space), lambda id: self._send(id, new, lane.platform), settled
        )
        self.tasks[lane.name] = asyncio.create_task(new.run(), name=f"lane {lane.name}")
        return new

    async def close(self, *names: str) -> None:
        """Stop running these lanes. What is being sent is finished first, if that takes at most LAST seconds."""
        tasks = [self.tasks.pop(name) for name in names]
        for task in tasks:
            task.cancel()
        try:
            if tasks:
                await asyncio.wait(tasks, timeout=LAST)
        # Even if the caller is cancelled: a lane that stayed would send at the same time as its next runner.
        finally:
            for name in names:
                del self.lanes[name]

    async def _send(self, id: int, lane: Lane, platform: str) -> SendOutcome:
        # The lane is about to be closed.
        if not self._still_ours(lane):
            return SendOutcome(done=False, channel_rests=AGAIN)
        if platform in self.refused:
            return SendOutcome(done=False, lane_rests=AGAIN)
        try:
            ready = await self._begin_attempt(id)
        except Exception:
            log.exception("a delivery could not be begun", delivery=id)
            self.unconfirmed.add(id)
            return SendOutcome(done=False, channel_rests=AGAIN)
        self.unconfirmed.discard(id)
        self.rested.discard(id)
        # It may wait for its time, which the timer loop has to know.
        if ready is None:
            self.app.on_work_queued()
            return SendOutcome()
        with attempts.delivery_context(ready):
            return await self._deliver(ready, lane)

    async def _deliver(self, ready: attempts.Ready, lane: Lane) -> SendOutcome:
        try:
            receipt = await self._find_earlier_attempt(ready, lane)
            if receipt is None:
                platform = self.platforms[ready.platform]
                requests = platform.requests(ready.delivery) if isinstance(platform, SupportsRequestCost) else 1
                async with lane.slot(requests) as answered:
                    # The lane's next runner recovers it.
                    if not self._still_ours(lane):
                        return SendOutcome()
                    receipt = await platform.deliver(ready.delivery)
                    answered()
        except (RetryAfter, MessageGone, RewriteRefused, Undeliverable) as why:
            return await self._put_back(ready, lane, why)
        except Exception as why:
            log.exception("delivery failed")
            tracing.fault(why, event_name="delivery", event_id=ready.event_id)
            return await self._put_back(ready, lane, why)
        at = self.app.clock()
        if await self.commits.write_until_committed(
            lambda session: attempts.mark_delivered(session, ready, receipt, at)
        ):
            # It was edited while it was being sent.
            self.app.on_work_queued()
        self.sent += 1
        return SendOutcome()

    def _still_ours(self, lane: Lane) -> bool:
        """Return whether this process still runs the lane.

        A delivery can outlive that, such as while the database is down for long. It must not be sent at the same time
        as by the next runner.
        """
        return self.runner.owns_lanes() and lane in self.lanes.values()

    async def _begin_attempt(self, id: int) -> attempts.Ready | None:
        now = self.app.clock()
        # Otherwise it would wait for its time by the old clock, and later messages would pass it.
        if now < self.latest - SET_BACK:
            now = await asyncio.to_thread(self._now)
        self.latest, commit_unknown, rested = max(self.latest, now), id in self.unconfirmed, id in self.rested
        return await self.commits.write(
            lambda session: attempts.begin_attempt(
                session, id, now, app=self.app, commit_unknown=commit_unknown, rested=rested
            )
        )

    async def _find_earlier_attempt(self, ready: attempts.Ready, lane: Lane) -> str | None:
        """Return the receipt of an earlier attempt that arrived, as saved meanwhile or found on the platform.

        Returns None if there was none, it didn't arrive, or that can't be known.
        """
        if ready.uncertain is None:
            return None
        await asyncio.sleep(max(0.0, lane.settled - monotonic()))
        if receipt := await asyncio.to_thread(self._receipt, ready.id):
            return receipt
        platform = self.platforms[ready.platform]
        if not isinstance(platform, SupportsLookup):
            return None
        try:
            async with lane.ancillary_request():
                found = await platform.find(ready.uncertain)
        except LookupUnavailable:
            return None
        log.info("asked whether a delivery arrived", arrived=found is not None)
        return found

    def _receipt(self, id: int) -> str:
        with Session(self.app.read_engine) as session:
            return outbox.receipt(session, id)

    async def _put_back(self, ready: attempts.Ready, lane: Lane, why: Exception) -> SendOutcome:
        def put(session: Session) -> float:
            return attempts.mark_failed(session, ready, why, self.app.clock(), self.app.root, self.app.running)

        if not self._still_ours(lane):
            return SendOutcome()
        wait = await self.commits.write_until_committed(put)
        # The same message again, before anything else in its channel.
        if isinstance(why, RetryAfter):
            self.rested.add(ready.id)
            return SendOutcome(done=False, **{"lane_rests" if why.whole_lane else "channel_rests": wait})
        # The message that hung under a deleted one is next, now for the channel.
        if isinstance(why, MessageGone):
            return SendOutcome(done=False)
        # The timer loop must know when to retry, and messages to facilitators may have been posted.
        self.app.on_work_queued()
        return SendOutcome()

    async def wait_until_idle(self) -> None:
        """Send until nothing that is due now is left. For moving the clock, and for tests."""
        await self.pump()
        while busy := [lane for lane in self.lanes.values() if not lane.empty]:
            for lane in busy:
                await lane.idle.wait()
            # A lane that no longer runs is idle too, until it is forgotten.
            await asyncio.sleep(0)
            # Only when idle, because looking for more takes longer than most deliveries.
            if not self._busy():
                await self.pump()

    def _busy(self) -> bool:
        return not all(lane.empty for lane in self.lanes.values())

    async def stop(self) -> None:
        await self.runner.stop()
