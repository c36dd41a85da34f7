"""Failures: what happens to an event whose handler raised. It is recorded under an error code, and a timer is retried.

An admin can look up the error code. An incident never holds the text of the exception, which may contain what a person
typed.
"""

import traceback
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from secrets import choice
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from bot.core import replies, unsaved
from bot.core.accepted import Accepted
from bot.core.events import Click, Event, Submission, TimerFired, event_name
from bot.core.resolver import decode_ref
from bot.telemetry import tracing
from bot.telemetry.logs import event_id
from bot.ui import Reply
from storage.messaging import timers
from storage.operations import incidents

log = structlog.get_logger(__name__)
# Without I, O, 0 and 1, which are easily confused when read aloud.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# The longest wait between two attempts of a timer whose work fails.
LONGEST_WAIT = timedelta(hours=6)


def record_failure(
    engine: Engine,
    lock: AbstractContextManager[Any],
    now: datetime,
    event: Event,
    error: Exception,
    root: str = "cop",
    accepted: Accepted | None = None,
    *,
    may_save_draft: bool = True,
) -> Reply:
    """Record the error under an error code and return the message for the person who acted. Never raises.

    What they typed is saved as a draft in the same transaction. If that fails too, or nothing may be saved of them, the
    message holds it. `lock` is the App's write lock, `root` the root word of commands. A timer that failed is scheduled
    for another attempt, and gets no message.
    """
    typed, button = unsaved.typed_in(event, root), None
    reference, what = "".join(choice(LETTERS) for _i in range(4)), event_name(event)
    log.error("event failed", event_name=what, reference=reference, exc_info=error)
    tracing.fault(error, event_name=what, reference=reference, event_id=event_id())
    try:
        with lock, Session(engine) as session, session.begin():
            about = _community(event)
            incident = incidents.Incident(
                reference=reference, event_name=what, error=_error_and_place(error), community_id=about, at=now
            )
            session.add(incident)
            if isinstance(event, TimerFired):
                _schedule_retry(session, event, reference, now)
            button = unsaved.save(session, typed, now) if typed and may_save_draft else None
            if accepted:
                accepted.drop(session, event)
    except Exception:
        log.exception("the failure could not be written down", reference=reference)
        button = None
    if accepted:
        accepted.close(event, is_given_back=button is None)
    if typed:
        return unsaved.failure(typed, reference, button)
    return None if isinstance(event, TimerFired) else replies.internal_error_message(reference)


def _schedule_retry(session: Session, event: TimerFired, reference: str, now: datetime) -> None:
    """Retry the timer after a wait of 4, 16, 64... seconds, up to LONGEST_WAIT, unless it was moved meanwhile."""
    timer = timers.claim(session, event.timer_id, event.kind, event.value, event.at)
    if timer:
        timer.attempts, timer.reference = timer.attempts + 1, reference
        timer.retry_at = now + min(LONGEST_WAIT, timedelta(seconds=4 ** min(timer.attempts, 8)))


def _error_and_place(fault: Exception) -> str:
    """Return the exception's type, and the file and line. Not its text: it may hold what a person typed."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [f for f in frames if "site-packages" not in f.filename] or frames
    at = f" at {'/'.join(Path(own[-1].filename).parts[-3:])}:{own[-1].lineno}" if own else ""
    return f"{type(fault).__name__}{at}"


def _community(event: Event) -> int | None:
    if isinstance(event, TimerFired):
        return event.community
    return decode_ref(event.value)[0] if isinstance(event, Click | Submission) else None
