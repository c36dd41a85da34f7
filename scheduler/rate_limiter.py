"""Rate limiters: what a platform has counted of the bot's requests, as far as that can be known from outside.

A platform counts a request at some time between its departure here and its answer. These assume the worst of both, so
the platform never has to refuse one, however much the network or a busy machine delays requests and bunches them up: a
request that left on time may arrive late, and one that left late may arrive at once.
"""

from collections import deque
from math import inf, nextafter
from typing import Protocol

from bot.core.platform import RateLimit

# The share of the quickest answer so far that every round trip is sure to take.
SURE = 0.8


class RateLimiter(Protocol):
    """One rate limit. Times are seconds of a monotonic clock."""

    def wait(self, now: float, requests: int) -> float:
        """Return the seconds until this many requests may be sent; inf means not before an answer arrives."""

    def consume(self, requests: int) -> None:
        """Count requests that are being sent now."""

    def answered(self, left: float, now: float, requests: int, *, has_answer: bool) -> None:
        """Record that requests sent at `left` ended now. `has_answer`: with an answer of the platform."""

    def quiet(self, now: float) -> bool:
        """Return whether no past request counts any longer."""


def rate_limiter(rate_limit: RateLimit) -> RateLimiter:
    return (
        TokenBucket(rate_limit.per_second, rate_limit.burst)
        if rate_limit.burst
        else SlidingWindow(rate_limit.per_second)
    )


class TokenBucket:
    """For a platform that accepts a burst after a quiet time, and then `per_second` on average."""

    def __init__(self, per_second: float, burst: int) -> None:
        self.gap, self.burst = 1 / per_second, burst
        self.under_way = 0
        # When the bucket is full again at the latest.
        self.full = -inf

    def wait(self, now: float, requests: int) -> float:
        spare = self.burst - self.under_way - requests
        if spare < 0 and self.under_way:
            return inf
        return _seconds_until(now, self.full - spare * self.gap)

    def consume(self, requests: int) -> None:
        self.under_way += requests

    def answered(self, left: float, now: float, requests: int, *, has_answer: bool) -> None:
        self.under_way -= requests
        self.full = max(self.full, now) + requests * self.gap

    def quiet(self, now: float) -> bool:
        return not self.under_way and self.full <= now


class SlidingWindow:
    """For a platform that accepts `per_second` in any one second, whenever that begins."""

    def __init__(self, per_second: float) -> None:
        self.limit = max(1, int(per_second))
        self.span = max(1.0, self.limit / per_second)  # seconds
        self.under_way = 0
        # When the platform counted each request, at the latest.
        self.taken: deque[float] = deque()
        # How many answers have arrived, and how many seconds the quickest took.
        self.answers, self.quickest = 0, inf

    def wait(self, now: float, requests: int) -> float:
        while self.taken and self.taken[0] + self.span <= now:
            self.taken.popleft()
        over = self.under_way + len(self.taken) + min(requests, self.limit) - self.limit
        if over <= 0:
            return 0.0
        return _seconds_until(now, self.taken[over - 1] + self.span) if over <= len(self.taken) else inf

    def consume(self, requests: int) -> None:
        self.under_way += requests

    def answered(self, left: float, now: float, requests: int, *, has_answer: bool) -> None:
        self.under_way -= requests
        if has_answer:
            self.answers, self.quickest = self.answers + 1, min(self.quickest, (now - left) / requests)
        way = SURE * self.quickest if has_answer and self.answers >= self.limit else 0.0
        self.taken.extend([now - way] * requests)

    def quiet(self, now: float) -> bool:
        return not self.under_way and self.wait(now, self.limit) <= 0


def _seconds_until(now: float, then: float) -> float:
    """Return the seconds from `now` until `then`, rounded up so that `now + wait` is never just short of it."""
    wait = max(0.0, then - now)
    while now + wait < then:
        wait = nextafter(wait, inf)
    return wait
