"""What another process was to send, or was sending when it went away: taken up where it stands, in its order."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot.delivery import failure_notices
from storage.messaging import outbox, outbox_queue

FARTHEST = timedelta(minutes=10)  # until what a platform did not take is tried again
A_LITTLE = 0.05  # seconds more, so that it is due by then whatever the difference between two clocks


class PendingRetry(NamedTuple):
    id: int
    place: tuple[str, str]  # platform, space
    channel: str  # as outbox.where names it
    wait: float  # seconds


def pending_retries(session: Session, now: datetime, among: Collection[tuple[str, str]]) -> Sequence[PendingRetry]:
    """What a platform has not taken yet: nothing may pass it in its channel, except where the fault was our own."""
    rows = outbox_queue.tried_again(session, now + FARTHEST, among, failure_notices.KEPT_FAILING)
    waits = (max(0.0, (row.not_before - now).total_seconds() + A_LITTLE) for row in rows)
    return [
        PendingRetry(row.id or 0, (row.platform, row.space), outbox.where(row.key), wait)
        for row, wait in zip(rows, waits, strict=True)
    ]


def recover_interrupted(session: Session, mine: Callable[[str, str], bool]) -> int:
    """Messages that a process which is gone was sending are tried again, under the same ref.

    Only those of a platform and a space that are `mine`: nobody else may be sending there. A new one may have arrived.
    To rewrite one where it stands a second time changes nothing.
    """
    rows = [row for row in outbox_queue.interrupted(session) if mine(row.platform, row.space)]
    for row in rows:
        row.state = outbox.WAITING if row.receipt else outbox.UNCERTAIN
        row.attempts -= 1  # nobody saw it fail
    return len(rows)
