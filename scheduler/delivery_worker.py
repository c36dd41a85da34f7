"""Takes what waits in the outbox to the platforms, each message at its lane's pace."""

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
    Platform,
    RetryAfter,
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
MOST_AT_HAND = 20_000  # deliveries known to the lanes at one time: some numbers each, never the messages
LAST = 1.8  # seconds that what is being sent gets to be finished
SET_BACK = timedelta(minutes=1)  # a clock that is earlier than before by more than this was set back
WARY = 30.0  # seconds from then on in which something decided on before may still be saved, on PostgreSQL
AGAIN = 1.0  # seconds until what could not be begun is tried again


class DeliveryWorker:
    def __init__(
        self, app: App, platforms: Mapping[str, Platform], runner: Callable[["DeliveryWorker"], LaneRunner]
    ) -> None:
        """`runner` makes what decides which lanes this process runs."""
        self.app, self.platforms = app, platforms
        self.runner = runner(self)
        self.commits = GroupCommit(app)
        app.ancillary_request = self.ancillary_request
        self.lanes: dict[str, Lane] = {}  # that this process runs
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.unheard: set[int] = set()  # deliveries that may have been begun without our hearing so
        self.sent = 0  # deliveries made by this process
        self.latest = app.clock()  # that the clock has said
        self.wary_until = 0.0  # monotonic

    async def start(self) -> None:
        await self.runner.start()

    async def pump(self) -> None:
        """Wake every lane that something is due in; hand those that this process runs what it is.

        What is on its way already is left alone.
        """
        there = [(place, self.lane_of(*place)) for place in await asyncio.to_thread(self._due_in)]
        for name, (platform, space) in {name: place for place, name in there}.items():
            self.runner.wake(LaneName(name, platform, space))
        here = [place for place, name in there if name in self.lanes]
        await self._keep_places(here)
        for id, platform, space, key in await asyncio.to_thread(self._due, here) if here else ():
            if lane := self.lanes.get(self.lane_of(platform, space)):
                lane.put(outbox.where(key), id)

    async def _keep_places(self, here: Collection[tuple[str, str]]) -> None:
        """What another runner of the lane was to send again comes before what is due now in its channel."""
        new = [place for place in here if place not in self.lanes[self.lane_of(*place)].places]
        for later in await asyncio.to_thread(self._tried_again, new) if new else ():
            if lane := self.lanes.get(self.lane_of(*later.place)):
                lane.put(later.channel, later.id, later.wait)
        for place in new:
            if lane := self.lanes.get(self.lane_of(*place)):
                lane.places.add(place)

    def _tried_again(self, among: Collection[tuple[str, str]]) -> Sequence[recovery.PendingRetry]:
        with Session(self.app.read_engine) as session:
            return recovery.pending_retries(session, self.app.clock(), among)

    def lane_of(self, platform: str, space: str) -> str:
        return self.platforms[platform].rate_limit(space).lane

    def ancillary_request(self, platform: str, space: str) -> AbstractAsyncContextManager[None]:
        """As App.beside; where this process does not run the lane, there is nothing to wait for."""
        lane = self.lanes.get(self.lane_of(platform, space)) if platform in self.platforms else None
        return lane.ancillary_request() if lane else nullcontext()

    def _now(self) -> datetime:
        """What time it is. After the clock was set back, first of all what was to go at once is due again."""
        now = self.app.clock()
        if now < self.latest - SET_BACK:
            self._set_back(now)
            self.latest, self.wary_until = now, monotonic() + WARY
        self.latest = max(self.latest, now)
        return now

    def _set_back(self, now: datetime) -> None:
        with self.app.write_lock, Session(self.app.engine) as session, session.begin():
            if count := outbox_queue.set_back(session, now):
                log.warning("the clock was set back", deliveries=count)

    def _due_in(self) -> Collection[tuple[str, str]]:
        now = self._now()
        if monotonic() < self.wary_until:
            self._set_back(now)
        with Session(self.app.read_engine) as session:
            return outbox_queue.due_in(session, now, self.platforms.keys())

    def _due(self, among: Collection[tuple[str, str]]) -> Sequence[tuple[int, str, str, str]]:
        with Session(self.app.read_engine) as session:
            return outbox_queue.due(session, self.app.clock(), MOST_AT_HAND, among)

    def interrupted(self) -> list[LaneName]:
        """Lanes in which something is marked as being sent: by a process at work, or by one that is gone."""
        with Session(self.app.read_engine) as session:
            places = {(row.platform, row.space) for row in outbox_queue.interrupted(session)}
        there = [place for place in places if place[0] in self.platforms]
        return [LaneName(self.lane_of(*place), *place) for place in there]

    async def adopt_interrupted(self, lane: str | None = None) -> int:
        """Take up what a process that is gone left in the middle of sending: in a lane, or (None) everywhere."""

        def mine(platform: str, space: str) -> bool:
            return lane is None or (platform in self.platforms and self.lane_of(platform, space) == lane)

        resumed = await self.commits.write(lambda session: recovery.recover_interrupted(session, mine))
        if resumed:
            log.info("deliveries resumed", count=resumed, lane=lane)
        return resumed

    def open(self, lane: LaneName, settled: float = 0.0) -> Lane:
        """Run the lane from now on. `settled` (monotonic): when what others sent has been taken."""
        new = self.lanes[lane.name] = Lane(
            self.platforms[lane.platform].rate_limit(lane.space), lambda id: self._send(id, new), settled
        )
        self.tasks[lane.name] = asyncio.create_task(new.run(), name=f"lane {lane.name}")
        return new

    async def close(self, *names: str) -> None:
        """Run these no longer; what is being sent at this moment is finished first, if that does not take long."""
        tasks = [self.tasks.pop(name) for name in names]
        for task in tasks:
            task.cancel()
        try:
            if tasks:
                await asyncio.wait(tasks, timeout=LAST)
        finally:  # whoever waits for this may be cut off: the lane must not stay, and send beside its next runner
            for name in names:
                del self.lanes[name]

    async def _send(self, id: int, lane: Lane) -> SendOutcome:
        if not self._still_ours(lane):
            return SendOutcome(done=False, channel_rests=AGAIN)  # it is about to be closed
        try:
            ready = await self._prepare(id)
        except Exception:
            log.exception("a delivery could not be begun", delivery=id)
            self.unheard.add(id)
            return SendOutcome(done=False, channel_rests=AGAIN)
        self.unheard.discard(id)
        if ready is None:
            self.app.on_work_queued()  # it may be waiting for its time
            return SendOutcome()
        with attempts.delivery_context(ready):
            return await self._carry(ready, lane)

    async def _carry(self, ready: attempts.Ready, lane: Lane) -> SendOutcome:
        try:
            receipt = await self._found(ready, lane)
            if receipt is None:
                platform = self.platforms[ready.platform]
                requests = platform.requests(ready.delivery) if isinstance(platform, SupportsRequestCost) else 1
                async with lane.turn(requests) as answered:
                    if not self._still_ours(lane):
                        return SendOutcome()  # whoever runs the lane now takes it up
                    receipt = await platform.deliver(ready.delivery)
                    answered()
        except (RetryAfter, Undeliverable) as why:
            return await self._put_back(ready, lane, why)
        except Exception as why:
            log.exception("delivery failed")
            tracing.fault(why, doing="delivery", event_id=ready.event_id)
            return await self._put_back(ready, lane, why)
        at = self.app.clock()
        if await self.commits.write_until_committed(
            lambda session: attempts.mark_delivered(session, ready, receipt, at)
        ):
            self.app.on_work_queued()  # it was rewritten on its way
        self.sent += 1
        return SendOutcome()

    def _still_ours(self, lane: Lane) -> bool:
        """What outlives its lane's end here, such as a database away for long, must not send beside who runs it now."""
        return self.runner.owns_lanes() and lane in self.lanes.values()

    async def _prepare(self, id: int) -> attempts.Ready | None:
        now = self.app.clock()
        if now < self.latest - SET_BACK:  # or it would wait for its time, and let what is behind it go first
            now = await asyncio.to_thread(self._now)
        self.latest, unheard = max(self.latest, now), id in self.unheard
        return await self.commits.write(lambda session: attempts.begin_attempt(session, id, now, unheard=unheard))

    async def _found(self, ready: attempts.Ready, lane: Lane) -> str | None:
        """Its receipt, where an earlier try arrived: it was written down since, or the platform says so."""
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
        if isinstance(why, RetryAfter):  # the same again, before anything else that goes there
            return SendOutcome(done=False, **{"lane_rests" if why.whole_lane else "channel_rests": wait})
        self.app.on_work_queued()  # the clock must know when it is to be tried again; facilitators may have to be told
        return SendOutcome()

    async def settle(self) -> None:
        """Until nothing that is due now is left to send (after the clock was moved, and in tests)."""
        await self.pump()
        while self._busy():
            await asyncio.sleep(0.005)
            if not self._busy():  # only then: to look for more takes longer than most deliveries
                await self.pump()

    def _busy(self) -> bool:
        return not all(lane.empty for lane in self.lanes.values())

    async def stop(self) -> None:
        await self.runner.stop()
