"""Lanes: each sends the messages that share one rate limit, in the order of their channels, and never too fast.

A lane prepares a few deliveries ahead of their turn, so that sending doesn't wait for the database.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from time import monotonic

from bot.core.platform import RateLimit, RetryAfter
from scheduler.rate_limiter import rate_limiter

AHEAD = 0.2  # seconds of sending that are prepared ahead
# The most deliveries prepared ahead. After a crash each of them is uncertain, and the platform has to be asked.
MOST_AHEAD = 10
# ROOM requests of the rate limit are reserved for ancillary requests, until LATELY seconds after the last one.
ROOM, LATELY = 2, 60.0


@dataclass(frozen=True)
class SendOutcome:
    """What one attempt means for the next. Unless `done`, the same message is next in its channel.

    `channel_rests` and `lane_rests` are how long the channel and the whole lane send nothing, in seconds.
    """

    done: bool = True
    channel_rests: float = 0.0
    lane_rests: float = 0.0


Send = Callable[[int], Awaitable[SendOutcome]]


class Lane:
    """Sends the messages that share one rate limit.

    Messages of one channel stay in order, and no channel waits for the failures of another. The channel with the
    longest backlog goes first. A channel's rest is counted from the platform's answer, because that is when the
    platform counted the message.
    """

    def __init__(self, rate_limit: RateLimit, send: Send, settled: float = 0.0) -> None:
        """`settled` (monotonic) is when the platform has accepted whatever another process was sending before."""
        self.rate_limit, self.send, self.settled = rate_limit, send, settled
        self.rate_limiter = rate_limiter(rate_limit)
        self.ahead = min(MOST_AHEAD, max(2, round(rate_limit.per_second * AHEAD)))
        # Ids of outbox rows by channel, in order. `known` has all of them.
        self.queues: dict[str, deque[int]] = defaultdict(deque)
        self.known: set[int] = set()
        # (platform, space) whose pending retries are queued, so that their channels keep their order from now on.
        self.places: set[tuple[str, str]] = set()
        # A heap of (when the channel may send again, channel).
        self.resting: list[tuple[float, str]] = []
        # Channels that may send now, and a heap of (-backlog, first id, channel) over them. The heap also has entries
        # that are out of date, which `_next` drops.
        self.ready: set[str] = set()
        self.order: list[tuple[int, int, str]] = []
        self.rests_until = 0.0
        # Deliveries that are being prepared or wait for their turn.
        self.begun: set[asyncio.Task[None] | None] = set()
        self.sending: set[asyncio.Task[None]] = set()
        # The queue for turns. Ancillary requests don't stand in it: `beside_line` counts those that wait, and until
        # `room_until` turns leave room for more.
        self.line = asyncio.Lock()
        self.beside_line = 0
        self.room_until = 0.0
        # Set while nothing is waiting or being sent, and once it no longer runs.
        self.idle = asyncio.Event()
        self.idle.set()
        # `stir` wakes `run`, `changed` wakes those who wait for the rate limiter.
        self.stir, self.changed = asyncio.Event(), asyncio.Event()
        self.closing = False

    def put(self, channel: str, id: int, rests: float = 0.0) -> None:
        """Queue a delivery. It waits `rests` seconds, and so do later ones in its channel."""
        if id in self.known:
            return
        self.known.add(id)
        self.idle.clear()
        idle = channel not in self.queues
        self.queues[channel].append(id)
        if idle and rests:
            heappush(self.resting, (monotonic() + rests, channel))
            self.stir.set()
        elif idle or channel in self.ready:
            self._make_ready(channel)
            self.stir.set()

    def _make_ready(self, channel: str) -> None:
        self.ready.add(channel)
        heappush(self.order, self._rank(channel))

    def _rank(self, channel: str) -> tuple[int, int, str]:
        queue = self.queues[channel]
        return -len(queue), queue[0], channel

    def _next(self) -> str:
        """Take the ready channel with the longest backlog. There must be one."""
        while True:
            rank = heappop(self.order)
            if rank[2] in self.ready and rank == self._rank(rank[2]):
                self.ready.discard(rank[2])
                return rank[2]

    @asynccontextmanager
    async def slot(self, requests: int = 1) -> AsyncIterator[Callable[[], None]]:
        """Wait in line until the platform is sure to accept this many requests, and send them inside.

        Yields a function to call once the platform has answered. Without that call, the requests count as unanswered.
        Raises RetryAfter if the lane is closed first.
        """
        async with self.line:
            while wait := self._wait(requests):
                await self._wait_for_change(wait)
            self.rate_limiter.consume(requests)
        self._let_another_begin(asyncio.current_task())
        left, has_answer = monotonic(), False

        def answered() -> None:
            nonlocal has_answer
            has_answer = True

        try:
            yield answered
        finally:
            self.rate_limiter.answered(left, monotonic(), requests, has_answer=has_answer)
            self.changed.set()

    def _wait(self, requests: int) -> float:
        if self.closing:
            raise RetryAfter(0.0)
        now = monotonic()
        beside = max(self.beside_line, ROOM if now < self.room_until else 0)
        return max(self.rate_limiter.wait(now, requests + beside), self.rests_until - now, 0.0)

    @asynccontextmanager
    async def ancillary_request(self) -> AsyncIterator[None]:
        """Wait until the platform is sure to accept one request that is not a delivery, and send it inside.

        It passes deliveries in line, and must be sent this way because the platform counts it too. For some time
        after it, turns leave room for another, so that it need not wait.
        """
        self.beside_line += 1
        # With a token bucket there is room again in a moment anyway.
        if not self.rate_limit.burst:
            self.room_until = monotonic() + LATELY
        try:
            while (wait := self.rate_limiter.wait(monotonic(), 1)) and not self.closing:
                await self._wait_for_change(wait)
            self.rate_limiter.consume(1)
        finally:
            self.beside_line -= 1
            self.changed.set()
        left = monotonic()
        try:
            yield
        finally:
            self.rate_limiter.answered(left, monotonic(), 1, has_answer=False)
            self.changed.set()

    async def _wait_for_change(self, wait: float) -> None:
        """Wait until the platform answers a request or the lane is closed, at most `wait` seconds."""
        self.changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(None if wait == inf else wait):
                await self.changed.wait()

    def _let_another_begin(self, after: asyncio.Task[None] | None) -> None:
        self.begun.discard(after)
        self.stir.set()

    @property
    def empty(self) -> bool:
        """Whether nothing is waiting or being sent."""
        return not self.known

    @property
    def at_rest(self) -> bool:
        """Whether it is empty and no past request counts towards a limit, so another process can start from nothing."""
        now = monotonic()
        return self.empty and not self.resting and self.rests_until <= now and self.rate_limiter.quiet(now)

    async def run(self) -> None:
        """Send until cancelled. Then finish what is being sent, and put back what only waits for its turn."""
        try:
            while True:
                self.stir.clear()
                wait = self._step()
                if wait != 0.0:
                    # Not wait_for, which can swallow a cancellation.
                    with suppress(TimeoutError):
                        async with asyncio.timeout(wait):
                            await self.stir.wait()
        finally:
            self.closing = True
            self.changed.set()
            if self.sending:
                await asyncio.wait(self.sending, timeout=1.5)
            self.idle.set()

    def _step(self) -> float | None:
        """Start one delivery and return 0.0, or return the seconds until one can start, or None: wait for `stir`."""
        now = monotonic()
        while self.resting and self.resting[0][0] <= now:
            channel = heappop(self.resting)[1]
            if self.queues[channel]:
                self._make_ready(channel)
            else:
                del self.queues[channel]
        if not self.ready:
            return self.resting[0][0] - now if self.resting else None
        if self.rests_until > now:
            return self.rests_until - now
        if len(self.begun) >= self.ahead:
            return None
        channel = self._next()
        task = asyncio.create_task(self._send_first(channel))
        self.begun.add(task)
        self.sending.add(task)
        task.add_done_callback(self.sending.discard)
        task.add_done_callback(self._let_another_begin)
        return 0.0

    async def _send_first(self, channel: str) -> None:
        id = self.queues[channel][0]
        after = SendOutcome()
        try:
            after = await self.send(id)
        finally:
            if after.done:
                self.queues[channel].popleft()
                self.known.discard(id)
            if self.empty:
                self.idle.set()
            if after.lane_rests:
                self.rests_until = max(self.rests_until, monotonic() + after.lane_rests)
            rest = max(after.channel_rests, self.rate_limit.channel_interval)
            heappush(self.resting, (monotonic() + rest, channel))
            self.stir.set()
