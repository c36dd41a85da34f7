"""What the rate limiters promise, whatever the network does."""

from math import inf

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.platform import RateLimit
from scheduler.rate_limiter import SlidingWindow, TokenBucket, rate_limiter

Way = st.floats(0.0, 3.0)


def played(meter: SlidingWindow | TokenBucket, ways: list[tuple[float, float]]) -> list[float]:
    """Return when each message arrives, earliest first, if each is sent as soon as it may be."""
    now, arrived = 100.0, list[float]()
    under_way: list[tuple[float, float]] = []
    for there, back in ways:
        while (wait := meter.wait(now, 1)) > 0:
            over = min((end for _left, end in under_way), default=float("inf"))
            now = min(now + wait + 1e-9, over)
            for left, end in [u for u in under_way if u[1] <= now]:
                under_way.remove((left, end))
                meter.answered(left, end, 1, has_answer=False)
        meter.consume(1)
        under_way.append((now, now + there + back))
        arrived.append(now + there)
    return sorted(arrived)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(Way, Way), min_size=12, max_size=60))
def test_sliding_window_never_exceeds_its_limit(ways: list[tuple[float, float]]) -> None:
    arrived = played(SlidingWindow(5), ways)
    assert all(later - earlier >= 1.0 - 1e-6 for earlier, later in zip(arrived, arrived[5:], strict=False))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(Way, Way), min_size=12, max_size=60))
def test_token_bucket_never_overflows(ways: list[tuple[float, float]]) -> None:
    full = 0.0
    for at in played(TokenBucket(5, burst=4), ways):
        assert at >= full - 3 / 5 - 1e-6
        full = max(full, at) + 1 / 5


RateLimits = st.builds(
    RateLimit,
    lane=st.just("lane"),
    per_second=st.floats(0.01, 100_000.0),
    channel_interval=st.just(0.0),
    burst=st.integers(0, 100),
)
# What a monotonic clock may show: seconds since the machine was started.
Began = st.floats(0.0, 1e9)


@settings(max_examples=400, deadline=None)
@given(RateLimits, Began, st.lists(st.tuples(st.integers(1, 3), Way, Way, st.booleans()), min_size=1, max_size=80))
@example(RateLimit("rounds down", 5.0, 0.0, burst=1), 0.033, [(1, 0.0, 0.0, True), (1, 0.071, 0.0, True)])
def test_request_may_leave_after_the_wait_it_was_told(
    rate_limit: RateLimit, now: float, messages: list[tuple[int, float, float, bool]]
) -> None:
    at_work, under_way = rate_limiter(rate_limit), list[tuple[float, float, int, bool]]()
    for requests, before, way, heard in messages:
        now += before
        # Until it leaves. Each time round an answer has arrived, or it is the last.
        while True:
            under_way.sort(reverse=True)
            while under_way and under_way[-1][0] <= now:
                end, left, those, said = under_way.pop()
                at_work.answered(left, end, those, has_answer=said)
            wait = at_work.wait(now, requests)
            if wait == 0:
                break
            if under_way and under_way[-1][0] < now + wait:
                now = under_way[-1][0]
                continue
            assert wait < inf, "nothing is on its way, and still an answer is waited for"
            assert now + wait > now, "no clock can show that so little time has passed"
            now += wait
            assert at_work.wait(now, requests) == 0
            break
        at_work.consume(requests)
        under_way.append((now + way, now, requests, heard))


@pytest.mark.parametrize(
    ("rate_limit", "leaving"),
    [
        (RateLimit("bucket", per_second=2, channel_interval=0, burst=3), [0, 0, 0, 0.5, 1, 1.5]),
        (RateLimit("window", per_second=3, channel_interval=0), [0, 0, 0, 1, 1, 1, 2]),
        (RateLimit("window of a fraction", per_second=2.5, channel_interval=0), [0, 0, 1, 1, 2]),
        (RateLimit("slow", per_second=0.5, channel_interval=0), [0, 2, 4]),
    ],
    ids=lambda value: value.lane if isinstance(value, RateLimit) else "",
)
def test_requests_leave_at_expected_moments_without_latency(rate_limit: RateLimit, leaving: list[float]) -> None:
    at_work, now, left = rate_limiter(rate_limit), 0.0, []
    for _message in leaving:
        now += at_work.wait(now, 1)
        at_work.consume(1)
        at_work.answered(now, now, 1, has_answer=True)
        left.append(now)
    assert left == pytest.approx(leaving)
    assert not at_work.quiet(now)
    assert at_work.quiet(now + 2)
