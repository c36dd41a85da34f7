"""Prometheus metrics: is anything late, stuck or refused? Labels never hold what a person typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("commonplace_events_total", "Events handled, by kind and how it went.", ("kind", "outcome"))
SECONDS = Histogram("commonplace_event_seconds", "Seconds an event took inside the core.", ("kind",))
DELIVERIES = Counter(
    "commonplace_deliveries_total", "Deliveries tried, by platform and how it went.", ("platform", "outcome")
)
LATE = Histogram(
    "commonplace_timer_late_seconds",
    "Seconds between the moment asked for and its work.",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 600, 3600),
)
REFUSALS = Counter(
    "commonplace_refusals_total", "Deliveries a platform refused until somebody mends it.", ("platform", "reason")
)
OUTBOX = Gauge("commonplace_outbox", "Messages in the outbox, by state.", ("state",))
OLDEST_DELIVERY = Gauge("commonplace_oldest_delivery_seconds", "How long the oldest message that may go has waited.")
OVERDUE = Gauge("commonplace_timers_overdue", "Moments that should have come minutes ago.")
OLDEST_TIMER = Gauge("commonplace_oldest_timer_seconds", "How long the oldest moment that is due has been so.")
FAILING = Gauge("commonplace_timers_failing", "Moments whose work failed and is tried again.")
IS_READY = Gauge(
    "commonplace_ready", "1 while a part of this process works: clock, database, each platform.", ("part",)
)
LANES = Gauge("commonplace_lanes", "Lanes that this process runs: rate limits that it alone spends.")
SHARDS = Gauge("commonplace_discord_shards", "Discord shards that this process listens to, of several.")
LAST_TICK = Gauge("commonplace_last_tick_timestamp_seconds", "When the clock last looked for due work.")


def late(at: datetime, now: datetime) -> None:
    """Record how late a timer fires. `at` is when it was due."""
    LATE.observe(max(0.0, (now - at).total_seconds()))


class Outcome:
    """How an event went. `word` is its label; "" leaves it uncounted."""

    word = "ok"

    def failed(self) -> None:
        self.word = "failed"

    def passed_on(self) -> None:
        """Another call handles the event, and counts it."""
        self.word = ""


@contextmanager
def timed(kind: str, count: int = 1) -> Iterator[Outcome]:
    """Time and count `count` events. The average duration of events handled together is observed once."""
    outcome, began = Outcome(), perf_counter()
    try:
        yield outcome
    finally:
        if outcome.word:
            SECONDS.labels(kind).observe((perf_counter() - began) / count)
            EVENTS.labels(kind, outcome.word).inc(count)
