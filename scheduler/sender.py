"""Takes what waits in the outbox to the platforms, each message at its lane's pace."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from time import monotonic
from typing import TypeVar

import structlog
from sqlmodel import Session

from bot import sending
from bot.app import App
from bot.platform import CannotTell, Platform, Remembers, TryLater, Unreachable
from scheduler.lanes import After, Lane
from storage import outbox

log = structlog.get_logger(__name__)
T = TypeVar("T")
MOST_AT_HAND = 20_000  # deliveries known to the lanes at one time: some numbers each, never the messages
SETTLING = 2.0  # seconds after a start in which a platform may still be taking what a killed process sent
SET_BACK = timedelta(minutes=1)  # a clock that is earlier than before by more than this was set back
AGAIN, LONGEST = 1.0, 30.0  # seconds between two tries to write down what became of a message


class Sender:
    def __init__(self, app: App, platforms: Mapping[str, Platform]) -> None:
        self.app, self.platforms = app, platforms
        self.lanes: dict[str, Lane] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.sent = 0  # deliveries made by this process
        self.began = monotonic() - SETTLING
        self.latest = app.clock()  # that the clock has said

    async def start(self) -> None:
        """Take up what a stopped process left in the middle of sending."""
        self.began = monotonic()
        resumed = await asyncio.to_thread(self._resume)
        if resumed:
            log.info("deliveries resumed", count=resumed)

    def _resume(self) -> int:
        with self.app.turn, Session(self.app.engine) as session, session.begin():
            return sending.resume(session)

    async def pump(self) -> None:
        """Hand everything that is due to its lane; what is on its way already is left alone."""
        for id, platform, space, key in await asyncio.to_thread(self._due):
            self._lane(platform, space).put(outbox.where(key), id)

    def _due(self) -> Sequence[tuple[int, str, str, str]]:
        now = self.app.clock()
        if now < self.latest - SET_BACK:
            with self.app.turn, Session(self.app.engine) as session, session.begin():
                log.warning("the clock was set back", deliveries=outbox.set_back(session, now))
            self.latest = now
        self.latest = max(self.latest, now)
        with Session(self.app.looking) as session:
            return outbox.due(session, now, MOST_AT_HAND, self.platforms.keys())

    def _lane(self, platform: str, space: str) -> Lane:
        pace = self.platforms[platform].pace(space)
        if pace.lane not in self.lanes:
            new = self.lanes[pace.lane] = Lane(pace, lambda id: self._send(id, new))
            self.tasks[pace.lane] = asyncio.create_task(new.run(), name=f"lane {pace.lane}")
        return self.lanes[pace.lane]

    async def _send(self, id: int, lane: Lane) -> After:
        try:
            ready = await asyncio.to_thread(self._prepare, id)
        except Exception:
            log.exception("a delivery could not be begun", delivery=id)
            return After(done=False, channel_rests=AGAIN)
        if ready is None:
            self.app.stirred()  # it may be waiting for its time
            return After()
        try:
            receipt = await self._found(ready)
            if receipt is None:
                await lane.turn()
                receipt = await self.platforms[ready.platform].deliver(ready.parcel)
        except (TryLater, Unreachable) as why:
            return await self._put_back(ready, why)
        except Exception as why:
            log.exception("delivery failed", platform=ready.platform, delivery=ready.parcel.ref)
            return await self._put_back(ready, why)
        at = self.app.clock()
        if await self._written_down(lambda session: sending.delivered(session, ready, receipt, at)):
            self.app.stirred()  # it was rewritten on its way
        self.sent += 1
        return After()

    def _prepare(self, id: int) -> sending.Ready | None:
        with self.app.turn, Session(self.app.engine) as session, session.begin():
            return sending.prepare(session, id, self.app.clock())

    async def _found(self, ready: sending.Ready) -> str | None:
        """Its receipt, where an earlier try arrived and the platform says so."""
        platform = self.platforms[ready.platform]
        if ready.doubt is None or not isinstance(platform, Remembers):
            return None
        await asyncio.sleep(max(0.0, self.began + SETTLING - monotonic()))
        try:
            found = await platform.find(ready.doubt)
        except CannotTell:
            return None
        log.info("asked whether a delivery arrived", delivery=ready.parcel.ref, arrived=found is not None)
        return found

    async def _put_back(self, ready: sending.Ready, why: Exception) -> After:
        def put(session: Session) -> float:
            return sending.not_delivered(session, ready, why, self.app.clock(), self.app.root, self.app.running)

        wait = await self._written_down(put)
        if isinstance(why, TryLater):  # the same again, before anything else that goes there
            return After(done=False, **{"lane_rests" if why.whole_lane else "channel_rests": wait})
        self.app.stirred()  # the clock must know when it is to be tried again; facilitators may have to be told
        return After()

    async def _written_down(self, write: Callable[[Session], T]) -> T:
        """However long it takes: the disk may be full, or the database restarting. What goes there next waits."""
        pause = AGAIN
        while True:
            try:
                return await asyncio.to_thread(self._write, write)
            except Exception:
                log.exception("what became of a delivery could not be written down; trying again")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST)

    def _write(self, write: Callable[[Session], T]) -> T:
        with self.app.turn, Session(self.app.engine) as session, session.begin():
            return write(session)

    async def settle(self) -> None:
        """Until nothing that is due now is left to send (after the clock was moved, and in tests)."""
        while True:
            await self.pump()
            if all(lane.empty for lane in self.lanes.values()):
                return
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        if self.tasks:
            await asyncio.wait(self.tasks.values(), timeout=1.8)
        self.tasks.clear()
        self.lanes.clear()
