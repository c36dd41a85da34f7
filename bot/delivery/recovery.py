"""Recovery of deliveries from a process that stopped: those it was sending, and those it was waiting to retry.

A new runner of a lane takes them over before it sends anything else, so that channels keep their order.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot.delivery import failure_notices
from storage.messaging import outbox, outbox_queue

# Retries further away than this don't hold up their channel.
FARTHEST = timedelta(minutes=10)
# Seconds added to each wait, so that the row is due by then in spite of a difference between two clocks.
A_LITTLE = 0.05


class PendingRetry(NamedTuple):
    """A delivery that waits `wait` seconds for another attempt.

    `place` is (platform, space), and `channel` is what `outbox.where` returns.
    """

    id: int
    place: tuple[str, str]
    channel: str
    wait: float


def pending_retries(session: Session, now: datetime, among: Collection[tuple[str, str]]) -> Sequence[PendingRetry]:
    """Return deliveries in these (platform, space) that wait for another attempt, in order.

    Later messages must not pass them in their channel. A message that failed through a fault of our own is left out:
    others don't wait for it.
    """
    rows = outbox_queue.pending_retries(session, now + FARTHEST, among, failure_notices.KEPT_FAILING)
    waits = (max(0.0, (row.not_before - now).total_seconds() + A_LITTLE) for row in rows)
    return [
        PendingRetry(row.id or 0, (row.platform, row.space), outbox.where(row.key), wait)
        for row, wait in zip(rows, waits, strict=True)
    ]


def recover_interrupted(session: Session, mine: Callable[[str, str], bool]) -> int:
    """Recover deliveries that a dead process left SENDING, with the same idempotency key. Returns how many.

    `mine(platform, space)` must be True only where the caller owns the lane, so that nobody else is sending there.
    A new message becomes UNCERTAIN, because it may have arrived. An edit only waits: sending it twice changes nothing.
    """
    rows = [row for row in outbox_queue.interrupted(session) if mine(row.platform, row.space)]
    for row in rows:
        row.state = outbox.WAITING if row.receipt else outbox.UNCERTAIN
        # Nobody saw the attempt fail, so it doesn't count.
        row.attempts -= 1
    return len(rows)
