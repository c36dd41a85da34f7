"""What becomes of an event that broke: a reference that an admin can look up and, for a moment, another try later."""

import traceback
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from secrets import choice
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from bot.core import replies
from bot.core.events import Click, Event, Submission, TimerFired, event_name
from bot.core.resolver import decode_ref
from bot.telemetry import tracing
from bot.telemetry.logs import event_id
from bot.ui import Reply
from storage.messaging import timers
from storage.operations import incidents

log = structlog.get_logger(__name__)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are misread aloud
LONGEST_WAIT = timedelta(hours=6)  # between two tries of a moment whose work fails


def record_failure(
    engine: Engine, lock: AbstractContextManager[Any], now: datetime, event: Event, error: Exception
) -> Reply:
    """Record the error under a reference and return the message for whoever acted. Never raises.

    `lock` lets one writer in at a time. A timer that failed is due again later.
    """
    reference, what = "".join(choice(LETTERS) for _i in range(4)), event_name(event)
    log.error("event failed", doing=what, reference=reference, exc_info=error)
    tracing.fault(error, doing=what, reference=reference, event_id=event_id())
    try:
        with lock, Session(engine) as session, session.begin():
            about = _community(event)
            incident = incidents.Incident(
                reference=reference, doing=what, error=_what_broke(error), community_id=about, at=now
            )
            session.add(incident)
            if isinstance(event, TimerFired):
                _try_later(session, event, reference, now)
    except Exception:
        log.exception("the failure could not be written down", reference=reference)
    return None if isinstance(event, TimerFired) else replies.internal_error_message(reference)


def _try_later(session: Session, moment: TimerFired, reference: str, now: datetime) -> None:
    """Later and later, as long as the moment is the one that was to be fired."""
    timer = timers.claim(session, moment.timer_id, moment.kind, moment.value, moment.at)
    if timer:
        timer.attempts, timer.reference = timer.attempts + 1, reference
        timer.retry_at = now + min(LONGEST_WAIT, timedelta(seconds=4 ** min(timer.attempts, 8)))


def _what_broke(fault: Exception) -> str:
    """Which error, and where. Not what it says: that may hold what a person typed, and admins read this."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [f for f in frames if "site-packages" not in f.filename] or frames
    at = f" at {'/'.join(Path(own[-1].filename).parts[-3:])}:{own[-1].lineno}" if own else ""
    return f"{type(fault).__name__}{at}"


def _community(event: Event) -> int | None:
    if isinstance(event, TimerFired):
        return event.community
    return decode_ref(event.value)[0] if isinstance(event, Click | Submission) else None
