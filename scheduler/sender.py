"""Takes what waits in the outbox to the platforms, each message at its lane's pace."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlmodel import Session

from bot import sending
from bot.app import App
from bot.platform import Platform, TryLater, Unreachable
from scheduler.lanes import After, Lane
from storage import outbox

log = structlog.get_logger(__name__)
MOST_AT_HAND = 20_000  # deliveries known to the lanes at one time: some numbers each, never the messages


class Sender:
    def __init__(self, app: App, platforms: Mapping[str, Platform]) -> None:
        self.app, self.platforms = app, platforms
        self.lanes: dict[str, Lane] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.sent = 0  # deliveries made by this process

    async def start(self) -> None:
        """Take up what a stopped process left in the middle of sending."""
        resumed = await asyncio.to_thread(self._resume)
        if resumed:
            log.info("deliveries resumed", count=resumed)

    def _resume(self) -> int:
        with self.app.turn, Session(self.app.engine) as session, session.begin():
            return sending.resume(session)

    async def pump(self) -> None:
        """Hand everything that is due to its lane; what is on its way already is left alone."""
        for id, platform, space, key in await asyncio.to_thread(self._due):
            if platform in self.platforms:
                self._lane(platform, space).put(outbox.where(key), id)

    def _due(self) -> Sequence[tuple[int, str, str, str]]:
        with Session(self.app.engine) as session:
            return outbox.due(session, self.app.clock(), MOST_AT_HAND)

    def _lane(self, platform: str, space: str) -> Lane:
        pace = self.platforms[platform].pace(space)
        lane = self.lanes.get(pace.lane)
        if lane is None:
            lane = self.lanes[pace.lane] = Lane(pace, self._send)
            self.tasks[pace.lane] = asyncio.create_task(lane.run(), name=f"lane {pace.lane}")
        return lane

    async def _send(self, id: int) -> After:
        try:
            ready = await asyncio.to_thread(self._prepare, id)
            if ready is None:
                self.app.stirred()  # it may be waiting for its time
                return After()
            try:
                receipt = await self.platforms[ready.platform].deliver(ready.parcel)
            except (TryLater, Unreachable) as why:
                return await self._put_back(ready, why)
            except Exception as why:
                log.exception("delivery failed", platform=ready.platform, delivery=ready.parcel.ref)
                return await self._put_back(ready, why)
            if await asyncio.to_thread(self._delivered, ready, receipt, self.app.clock()):
                self.app.stirred()  # it was rewritten on its way
            self.sent += 1
            return After()
        except Exception:
            log.exception("delivery could not be recorded", delivery=id)
            return After(channel_rests=5.0)

    def _prepare(self, id: int) -> sending.Ready | None:
        with self.app.turn, Session(self.app.engine) as session, session.begin():
            return sending.prepare(session, id, self.app.clock())

    def _delivered(self, ready: sending.Ready, receipt: str, at: datetime) -> bool:
        with self.app.turn, Session(self.app.engine) as session, session.begin():
            return sending.delivered(session, ready, receipt, at)

    async def _put_back(self, ready: sending.Ready, why: Exception) -> After:
        wait = await asyncio.to_thread(self._not_delivered, ready, why)
        self.app.stirred()  # the clock must know when it is to be tried again
        if isinstance(why, TryLater) and why.whole_lane:
            return After(lane_rests=wait)
        return After(channel_rests=wait if isinstance(why, TryLater) else 0.0)

    def _not_delivered(self, ready: sending.Ready, why: Exception) -> float:
        with self.app.turn, Session(self.app.engine) as session, session.begin():
            return sending.not_delivered(session, ready, why, self.app.clock())

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
