"""Pacing: how fast messages leave, so that no platform ever has to say "too many"."""

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

AHEAD = 0.2  # seconds of sending that are prepared before their turn, so that no turn waits for the database
MOST_AHEAD = 10  # of them: each is to be asked about after a power cut
ROOM, LATELY = 2, 60.0  # requests that are left to what goes beside, for so many seconds after the last that did


@dataclass(frozen=True)
class SendOutcome:
    """What one try of a delivery means for what comes next."""

    done: bool = True  # False: the same message again, before anything else in its channel
    channel_rests: float = 0.0  # seconds
    lane_rests: float = 0.0


Send = Callable[[int], Awaitable[SendOutcome]]


class Lane:
    """One rate limit: messages of one channel stay in order, and no channel waits for another's trouble.

    The channel with the longest backlog goes first. A channel's rest is counted from the platform's answer,
    because that is when the platform counted the message.
    """

    def __init__(self, rate_limit: RateLimit, send: Send, settled: float = 0.0) -> None:
        """`settled` (monotonic): when the platform has taken what another process was sending before."""
        self.rate_limit, self.send, self.settled = rate_limit, send, settled
        self.rate_limiter = rate_limiter(rate_limit)
        self.ahead = min(MOST_AHEAD, max(2, round(rate_limit.per_second * AHEAD)))
        self.queues: dict[str, deque[int]] = defaultdict(deque)
        self.known: set[int] = set()
        self.places: set[tuple[str, str]] = set()  # (platform, space) whose channels keep their order from here on
        self.resting: list[tuple[float, str]] = []  # (when it may speak again, channel)
        self.ready: set[str] = set()
        self.order: list[tuple[int, int, str]] = []  # of them: (-backlog, first, channel), with some that hold no more
        self.rests_until = 0.0
        self.begun: set[asyncio.Task[None] | None] = set()  # being prepared, or waiting for their turn
        self.sending: set[asyncio.Task[None]] = set()
        self.line = asyncio.Lock()
        self.beside_line = 0  # those who wait to speak without standing in line
        self.room_until = 0.0  # for more of them
        self.stir, self.news = asyncio.Event(), asyncio.Event()
        self.closing = False

    def put(self, channel: str, id: int, rests: float = 0.0) -> None:
        """`rests`: seconds until it may be tried; what comes after it in its channel waits for it."""
        if id in self.known:
            return
        self.known.add(id)
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
        """Of the channels that are ready, which there must be, the one with the longest backlog."""
        while True:
            rank = heappop(self.order)
            if rank[2] in self.ready and rank == self._rank(rank[2]):
                self.ready.discard(rank[2])
                return rank[2]

    @asynccontextmanager
    async def turn(self, requests: int = 1) -> AsyncIterator[Callable[[], None]]:
        """Wait to speak, in the order of asking, until the platform is sure to take so many requests.

        What is sent inside is on its way until the end; call what is yielded where the platform has answered.
        Raises RetryAfter when the lane is closed first.
        """
        async with self.line:
            while wait := self._wait(requests):
                await self._news(wait)
            self.rate_limiter.consume(requests)
        self._let_another_begin(asyncio.current_task())
        left, heard = monotonic(), False

        def answered() -> None:
            nonlocal heard
            heard = True

        try:
            yield answered
        finally:
            self.rate_limiter.answered(left, monotonic(), requests, heard=heard)
            self.news.set()

    def _wait(self, requests: int) -> float:
        if self.closing:
            raise RetryAfter(0.0)
        now = monotonic()
        beside = max(self.beside_line, ROOM if now < self.room_until else 0)
        return max(self.rate_limiter.wait(now, requests + beside), self.rests_until - now, 0.0)

    @asynccontextmanager
    async def ancillary_request(self) -> AsyncIterator[None]:
        """One request that is no delivery: it leaves before those in line, as soon as the platform is sure to take it.

        The platform counts it like any other, so it must not be sent without. Whoever asks next soon has not to wait.
        """
        self.beside_line += 1
        if not self.rate_limit.burst:  # else there is room again in a moment anyway
            self.room_until = monotonic() + LATELY
        try:
            while (wait := self.rate_limiter.wait(monotonic(), 1)) and not self.closing:
                await self._news(wait)
            self.rate_limiter.consume(1)
        finally:
            self.beside_line -= 1
            self.news.set()
        left = monotonic()
        try:
            yield
        finally:
            self.rate_limiter.answered(left, monotonic(), 1, heard=False)
            self.news.set()

    async def _news(self, wait: float) -> None:
        """Until an answer comes or the lane is closed, at most so long."""
        self.news.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(None if wait == inf else wait):
                await self.news.wait()

    def _let_another_begin(self, after: asyncio.Task[None] | None) -> None:
        self.begun.discard(after)
        self.stir.set()

    @property
    def empty(self) -> bool:
        """Nothing is waiting and nothing is on its way."""
        return not self.known

    @property
    def at_rest(self) -> bool:
        """Empty, and everything that counts towards a limit is long enough ago: whoever goes on need know nothing."""
        now = monotonic()
        return self.empty and not self.resting and self.rests_until <= now and self.rate_limiter.quiet(now)

    async def run(self) -> None:
        """Send until cancelled; what is on its way at that moment is finished first, what only waits is put back."""
        try:
            while True:
                self.stir.clear()
                wait = self._step()
                if wait != 0.0:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(wait):  # unlike wait_for, it never takes a cancellation for an end
                            await self.stir.wait()
        finally:
            self.closing = True
            self.news.set()
            if self.sending:
                await asyncio.wait(self.sending, timeout=1.5)

    def _step(self) -> float | None:
        """Start one delivery if one may start now (0.0); else say how long to wait, None for until stirred."""
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
            if after.lane_rests:
                self.rests_until = max(self.rests_until, monotonic() + after.lane_rests)
            rest = max(after.channel_rests, self.rate_limit.channel_interval)
            heappush(self.resting, (monotonic() + rest, channel))
            self.stir.set()
