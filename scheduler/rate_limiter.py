"""What a platform has counted of what the bot sent it, as far as that can be known from outside.

It counts a message somewhere between its leaving here and its answer. Whoever reckons with the worst of both is never
told to wait, however much the network or a busy machine delays and bunches up: what left on time may arrive late, and
what is late itself may arrive at once.
"""

from collections import deque
from math import inf, nextafter
from typing import Protocol

from bot.core.platform import RateLimit

SURE = 0.8  # of the quickest answer among many: what the way there and back takes, whatever happens


class RateLimiter(Protocol):
    """One limit. Moments are seconds of one clock that never goes back."""

    def wait(self, now: float, requests: int) -> float:
        """Seconds until so many requests may leave; inf: not before an answer comes."""

    def consume(self, requests: int) -> None: ...

    def answered(self, left: float, now: float, requests: int, *, heard: bool) -> None:
        """What left then is over. `heard`: the platform itself said so."""

    def quiet(self, now: float) -> bool:
        """Nothing that counts any longer is known here."""


def rate_limiter(rate_limit: RateLimit) -> RateLimiter:
    return (
        TokenBucket(rate_limit.per_second, rate_limit.burst)
        if rate_limit.burst
        else SlidingWindow(rate_limit.per_second)
    )


class TokenBucket:
    """For a platform that takes some at once after it was quiet, and then so many a second on average."""

    def __init__(self, per_second: float, burst: int) -> None:
        self.gap, self.burst = 1 / per_second, burst
        self.under_way = 0
        self.full = -inf  # when the platform is ready again for as many at once, at the latest

    def wait(self, now: float, requests: int) -> float:
        spare = self.burst - self.under_way - requests
        if spare < 0 and self.under_way:
            return inf
        return _seconds(now, self.full - spare * self.gap)

    def consume(self, requests: int) -> None:
        self.under_way += requests

    def answered(self, left: float, now: float, requests: int, *, heard: bool) -> None:
        self.under_way -= requests
        self.full = max(self.full, now) + requests * self.gap

    def quiet(self, now: float) -> bool:
        return not self.under_way and self.full <= now


class SlidingWindow:
    """For a platform that takes so many in any one second, whenever that begins."""

    def __init__(self, per_second: float) -> None:
        self.most = max(1, int(per_second))
        self.span = max(1.0, self.most / per_second)  # seconds
        self.under_way = 0
        self.taken: deque[float] = deque()  # when, at the latest
        self.heard, self.quickest = 0, inf  # answers so far, and how many seconds the quickest took

    def wait(self, now: float, requests: int) -> float:
        while self.taken and self.taken[0] + self.span <= now:
            self.taken.popleft()
        over = self.under_way + len(self.taken) + min(requests, self.most) - self.most
        if over <= 0:
            return 0.0
        return _seconds(now, self.taken[over - 1] + self.span) if over <= len(self.taken) else inf

    def consume(self, requests: int) -> None:
        self.under_way += requests

    def answered(self, left: float, now: float, requests: int, *, heard: bool) -> None:
        self.under_way -= requests
        if heard:
            self.heard, self.quickest = self.heard + 1, min(self.quickest, (now - left) / requests)
        way = SURE * self.quickest if heard and self.heard >= self.most else 0.0
        self.taken.extend([now - way] * requests)

    def quiet(self, now: float) -> bool:
        return not self.under_way and self.wait(now, self.most) <= 0


def _seconds(now: float, then: float) -> float:
    """What has to pass; enough, or the last bit of a number would have to be waited for by itself."""
    wait = max(0.0, then - now)
    while now + wait < then:
        wait = nextafter(wait, inf)
    return wait
