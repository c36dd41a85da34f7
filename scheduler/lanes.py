"""Pacing: how fast messages leave, so that no platform ever has to say "too many"."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from time import monotonic

from bot.platform import Pace


@dataclass(frozen=True)
class After:
    """What one try of a delivery means for what comes next."""

    done: bool = True  # False: the same message again, before anything else in its channel
    channel_rests: float = 0.0  # seconds
    lane_rests: float = 0.0


Send = Callable[[int], Awaitable[After]]


class Lane:
    """One rate limit: messages of one channel stay in order, and no channel waits for another's trouble.

    The channel with the longest backlog goes first. A channel's rest is counted from the platform's answer,
    because that is when the platform counted the message.
    """

    def __init__(self, pace: Pace, send: Send, settled: float = 0.0) -> None:
        """`settled` (monotonic): when the platform has taken what another process was sending before."""
        self.pace, self.send, self.settled = pace, send, settled
        self.queues: dict[str, deque[int]] = defaultdict(deque)
        self.known: set[int] = set()
        self.resting: list[tuple[float, str]] = []  # (when it may speak again, channel)
        self.ready: set[str] = set()
        self.next_slot = self.next_turn = 0.0
        self.sending: set[asyncio.Task[None]] = set()
        self.stir = asyncio.Event()

    def put(self, channel: str, id: int) -> None:
        if id in self.known:
            return
        self.known.add(id)
        idle = channel not in self.queues
        self.queues[channel].append(id)
        if idle:
            self.ready.add(channel)
            self.stir.set()

    async def turn(self) -> None:
        """Wait to speak. What the database held up together must not arrive together."""
        now, gap = monotonic(), 1 / self.pace.per_second
        self.next_turn = max(now - gap, self.next_turn) + gap
        await asyncio.sleep(self.next_turn - now)

    @property
    def empty(self) -> bool:
        """Nothing is waiting and nothing is on its way."""
        return not self.known

    @property
    def at_rest(self) -> bool:
        """Empty, and everything that counts towards a limit is long enough ago: whoever goes on need know nothing."""
        return self.empty and not self.resting and max(self.next_slot, self.next_turn) <= monotonic()

    async def run(self) -> None:
        """Send until cancelled; what is being sent at that moment is finished first."""
        try:
            while True:
                self.stir.clear()
                wait = self._step()
                if wait != 0.0:
                    try:
                        await asyncio.wait_for(self.stir.wait(), wait)
                    except TimeoutError:
                        continue
        finally:
            if self.sending:
                await asyncio.wait(self.sending, timeout=1.5)

    def _step(self) -> float | None:
        """Start one delivery if one may start now (0.0); else say how long to wait, None for until stirred."""
        now = monotonic()
        while self.resting and self.resting[0][0] <= now:
            channel = heappop(self.resting)[1]
            if self.queues[channel]:
                self.ready.add(channel)
            else:
                del self.queues[channel]
        if not self.ready:
            return self.resting[0][0] - now if self.resting else None
        if self.next_slot > now:
            return self.next_slot - now
        channel = max(self.ready, key=lambda c: (len(self.queues[c]), -self.queues[c][0]))
        self.ready.discard(channel)
        gap = 1 / self.pace.per_second
        self.next_slot = max(now - gap, self.next_slot) + gap
        task = asyncio.create_task(self._send_first(channel))
        self.sending.add(task)
        task.add_done_callback(self.sending.discard)
        return 0.0

    async def _send_first(self, channel: str) -> None:
        id = self.queues[channel][0]
        after = After()
        try:
            after = await self.send(id)
        finally:
            if after.done:
                self.queues[channel].popleft()
                self.known.discard(id)
            if after.lane_rests:
                until = monotonic() + after.lane_rests
                self.next_slot, self.next_turn = max(self.next_slot, until), max(self.next_turn, until)
            rest = max(after.channel_rests, self.pace.channel_gap)
            heappush(self.resting, (monotonic() + rest, channel))
            self.stir.set()
