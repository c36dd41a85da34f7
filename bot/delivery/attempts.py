"""The last look before a message leaves: may it reach this person now, and what became of it."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import uniform

import structlog
from sqlmodel import Session

from bot.core.context import ADDRESS, MESSAGE, Context
from bot.core.platform import Address, Delivery, InChannel, InThread, RetryAfter, UncertainDelivery, Undeliverable
from bot.delivery import failure_notices
from bot.domain import quiet_hours
from bot.domain.between_meetings import is_stale
from bot.telemetry import metrics, tracing
from bot.ui import ToPerson
from storage.communities import communities, installations
from storage.communities.communities import Community
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from storage.people import people
from storage.people.people import Person

lines = logging.getLogger(__name__)
MOST_ATTEMPTS = 10
LONGEST_WAIT = 3_600.0  # seconds between two tries of what fails for itself
LONGEST_OUTAGE = 300.0  # seconds between two tries while the platform does not answer: there is no last one
PARENT_FIRST = timedelta(seconds=2)  # what a thread waits for the message that it hangs under


@dataclass(frozen=True)
class Ready:
    id: int
    version: int
    platform: str
    delivery: Delivery
    event_id: str = ""  # of the event that posted it
    uncertain: UncertainDelivery | None = None  # an earlier try may have arrived: to be asked before it is sent


def begin_attempt(session: Session, id: int, now: datetime, *, unheard: bool = False) -> Ready | None:
    """Mark a waiting message as being sent and return it; None where it has to wait or must not go at all.

    `unheard`: the same process asked before, and the database went away under the answer: it may be marked already.
    """
    row = outbox.get(session, id)
    ready = (*outbox.TO_SEND, outbox.SENDING) if unheard else outbox.TO_SEND
    if row is None or row.state not in ready or row.not_before > now:
        return None
    # Held here, so that each is asked for once.
    community = communities.get(session, row.community_id) if row.community_id else None
    person = people.get(session, row.person_id) if row.person_id and not row.at_once else None
    if held := _suppression_reason(session, row, person, community, now):
        row.state, row.problem = outbox.SUPPRESSED, held
        return None
    if (later := _not_before(row, person, community, now)) > now:
        row.not_before = later
        return None
    address = ADDRESS.validate_json(row.address)
    if isinstance(address, InThread):
        parent = outbox.by_key(session, address.under)
        if parent is None or parent.state == outbox.FAILED:
            row.state, row.problem = outbox.FAILED, parent.problem if parent else "channel gone"
            return None
        if not parent.receipt:
            row.not_before = now + PARENT_FIRST
            return None
        address = replace(address, under=parent.receipt)
    delivery = _delivery(row, community, address, now)
    in_doubt = row.state != outbox.WAITING and not row.receipt
    uncertain = UncertainDelivery(delivery, row.made_at, outbox.beside(session, row)) if in_doubt else None
    row.state, row.attempts = outbox.SENDING, row.attempts + 1
    return Ready(id, row.version, row.platform, delivery, row.event_id, uncertain)


@contextmanager
def delivery_context(ready: Ready) -> Iterator[None]:
    """Whatever is written down inside says which delivery it is about, and which event posted it."""
    about = {"event_id": ready.event_id, "platform": ready.platform, "delivery": ready.delivery.idempotency_key}
    with structlog.contextvars.bound_contextvars(**about), tracing.span("delivery", **about):
        yield


def _ref(row: Outgoing) -> str:
    """The same until the message has arrived, however often it is tried or rewritten; never that of another row.

    A database may give the number of a deleted row again, so the moment it was made (hexadecimal) is part of it.
    """
    return f"{row.id}-{row.sent_version}-{int(row.made_at.timestamp()):x}"


def _delivery(row: Outgoing, community: Community | None, address: Address, now: datetime) -> Delivery:
    silent = (
        row.person_id is None
        and community is not None
        and quiet_hours.is_quiet(now, community.zone, community.quiet_from, community.quiet_to)
    )
    return Delivery(row.space, address, MESSAGE.validate_json(row.message), _ref(row), row.receipt, silent)


def _suppression_reason(
    session: Session, row: Outgoing, person: Person | None, community: Community | None, now: datetime
) -> str:
    """Why this must not be sent at all; "" when it may."""
    if row.person_id is None and row.community_id and not row.receipt:
        home = communities.channels(session, row.community_id)
        return "" if outbox.where(row.key) in {str(c.id) for c in home} else "no longer lives there"
    if row.person_id is None or row.at_once:
        return ""
    if person is None:
        return "person gone"
    if row.community_id:
        member = people.membership(session, row.community_id, row.person_id)
        if member is None or member.left_at:
            return "left the community"
    if row.ask and not row.receipt:
        if community and community.paused:
            return "paused"
        if is_stale(row.made_at, now):  # the bot did not run when it was to be sent
            return "too late"
        if person.snoozed_until and person.snoozed_until > now:
            return "snoozed"
        zone = person.zone or "UTC"
        if outbox.asked_since(session, row.person_id, quiet_hours.week_start(now, zone)) >= quiet_hours.ASKS_A_WEEK:
            return "asked enough this week"
    return ""


def _not_before(row: Outgoing, person: Person | None, community: Community | None, now: datetime) -> datetime:
    """When this may be sent: at once, or when the person it is for is no longer in their quiet hours."""
    if person is None or row.receipt:
        return now
    zone = person.zone or (community.zone if community else "UTC")
    return quiet_hours.next_waking(now, zone, person.quiet_from, person.quiet_to)


def mark_delivered(session: Session, ready: Ready, receipt: str, now: datetime) -> bool:
    """Write down that it arrived; True where it has to be sent again, because it was rewritten meanwhile."""
    row = outbox.get(session, ready.id)
    if row is None:  # its community was deleted meanwhile
        return False
    row.receipt, row.sent_version, row.problem = receipt, ready.version, ""
    if not (row.ask and row.sent_at):  # rewriting a request asks nobody a second time
        row.sent_at = now
    older = ready.uncertain is not None and ready.version > 1  # what arrived may be an earlier wording
    row.state = outbox.WAITING if older or row.version != ready.version else outbox.SENT
    row.attempts = 0
    metrics.DELIVERIES.labels(row.platform, "ok").inc()
    lines.info("delivered")
    return row.state == outbox.WAITING


def mark_failed(
    session: Session, ready: Ready, why: Exception, now: datetime, root: str, running: Collection[str] | None = None
) -> float:
    """Put the message back, or set it aside for people to see. Returns seconds until the next try, 0 for none."""
    row = outbox.get(session, ready.id)
    if row is None:
        return 0.0
    metrics.DELIVERIES.labels(row.platform, _outcome(why)).inc()
    if isinstance(why, Undeliverable):
        metrics.REFUSALS.labels(row.platform, why.why).inc()
    lines.warning("not delivered: %s", why if isinstance(why, RetryAfter | Undeliverable) else type(why).__name__)
    if isinstance(why, Undeliverable):
        row.problem = why.why
    else:
        row.problem = str(why) if isinstance(why, RetryAfter) else failure_notices.KEPT_FAILING
    if isinstance(why, Undeliverable) or (not isinstance(why, RetryAfter) and row.attempts >= MOST_ATTEMPTS):
        row.state = outbox.FAILED
        _tell_facilitators(session, row, ready.delivery, now, root, running)
        return 0.0
    wait = _pause(row.attempts, why)
    asked_to_wait = isinstance(why, RetryAfter) and not why.fault
    in_doubt = not row.receipt and (ready.uncertain is not None or not asked_to_wait)
    row.state, row.not_before = outbox.UNCERTAIN if in_doubt else outbox.WAITING, now + timedelta(seconds=wait)
    if asked_to_wait:
        row.attempts -= 1  # that is not a failure
    return wait


def _outcome(why: Exception) -> str:
    """One of the words that metrics count deliveries by."""
    if isinstance(why, Undeliverable):
        return "refused"
    if isinstance(why, RetryAfter):
        return "fault" if why.fault else "later"
    return "failed"


def _pause(attempts: int, why: Exception) -> float:
    """Seconds until the next try: exactly what the platform asks for, else longer each time, by a share of chance."""
    longer = 2.0 ** min(attempts, 12)
    if not isinstance(why, RetryAfter):
        return min(LONGEST_WAIT, longer) * uniform(0.8, 1.2)
    return max(why.after, min(LONGEST_OUTAGE, longer)) * uniform(1.0, 1.2) if why.fault else why.after


def _tell_facilitators(
    session: Session, row: Outgoing, delivery: Delivery, now: datetime, root: str, running: Collection[str] | None
) -> None:
    """Once for each channel and cause, until something arrives there again; never about what is for one person."""
    community = communities.get(session, row.community_id) if row.community_id else None
    if community is None or row.person_id or row.community_id is None:
        return
    if installations.gone(session, {(row.platform, row.space)}):  # they were told when the bot was taken out
        return
    where = outbox.where(row.key)
    heard = outbox.last_heard(session, row.community_id, where)
    key = f"troubles.{where}.{row.problem}.{heard.timestamp() if heard else 0:.0f}"
    match delivery.to:
        case InChannel(channel):
            place = channel
        case _:
            bound = communities.channels(session, row.community_id)
            place = next((c.channel for c in bound if str(c.id) == where), "?")
    ctx = Context(session, now, root, community_or_none=community, running=running)
    for facilitator in people.facilitators(session, row.community_id):
        id = people.key(facilitator)
        here = any(a.platform == row.platform for a in people.accounts(session, id)[:1])
        ctx.post(ToPerson(id), key, failure_notices.undeliverable, community.name, place, here=here, why=row.problem)
