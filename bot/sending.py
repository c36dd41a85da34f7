"""The last look before a message leaves: may it reach this person now, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import uniform

from sqlmodel import Session

from bot import calm, metrics
from bot.context import ADDRESS, MESSAGE
from bot.platform import Address, InThread, Parcel, TryLater, Unreachable
from storage import communities, outbox, people
from storage.outbox import Outgoing

MOST_ATTEMPTS = 10
LONGEST_WAIT = 3_600.0  # seconds between two tries
PARENT_FIRST = timedelta(seconds=2)  # what a thread waits for the message that it hangs under


@dataclass(frozen=True)
class Ready:
    id: int
    version: int
    platform: str
    parcel: Parcel


def prepare(session: Session, id: int, now: datetime) -> Ready | None:
    """Mark a waiting message as being sent and return it; None where it has to wait or must not go at all."""
    row = outbox.get(session, id)
    if row is None or row.state != outbox.WAITING or row.not_before > now:
        return None
    if held := _held_back(session, row, now):
        row.state, row.problem = outbox.HELD_BACK, held
        return None
    if (later := _not_before(session, row, now)) > now:
        row.not_before = later
        return None
    address = ADDRESS.validate_json(row.address)
    if isinstance(address, InThread):
        parent = outbox.by_key(session, address.under)
        if parent is None or parent.state == outbox.DEAD:
            row.state, row.problem = outbox.DEAD, parent.problem if parent else "channel gone"
            return None
        if not parent.receipt:
            row.not_before = now + PARENT_FIRST
            return None
        address = replace(address, under=parent.receipt)
    row.state, row.attempts = outbox.SENDING, row.attempts + 1
    return Ready(id, row.version, row.platform, _parcel(session, row, address, now))


def _parcel(session: Session, row: Outgoing, address: Address, now: datetime) -> Parcel:
    community = communities.get(session, row.community_id) if row.community_id else None
    silent = (
        row.person_id is None
        and community is not None
        and calm.is_quiet(now, community.zone, community.quiet_from, community.quiet_to)
    )
    return Parcel(
        row.space, address, MESSAGE.validate_json(row.message), f"{row.id}-{row.version}", row.receipt, silent
    )


def _held_back(session: Session, row: Outgoing, now: datetime) -> str:
    """Why this must not be sent at all; "" when it may."""
    if row.person_id is None or row.at_once:
        return ""
    person = people.get(session, row.person_id)
    if person is None:
        return "person gone"
    if row.community_id:
        member = people.membership(session, row.community_id, row.person_id)
        if member is None or member.left_at:
            return "left the community"
    if row.ask and not row.receipt:
        if person.snoozed_until and person.snoozed_until > now:
            return "snoozed"
        zone = person.zone or "UTC"
        if outbox.asked_since(session, row.person_id, calm.week_start(now, zone)) >= calm.ASKS_A_WEEK:
            return "asked enough this week"
    return ""


def _not_before(session: Session, row: Outgoing, now: datetime) -> datetime:
    """When this may be sent: at once, or when the person it is for is no longer in their quiet hours."""
    if row.person_id is None or row.at_once or row.receipt:
        return now
    person = people.get(session, row.person_id)
    community = communities.get(session, row.community_id) if row.community_id else None
    assert person is not None
    zone = person.zone or (community.zone if community else "UTC")
    return calm.next_waking(now, zone, person.quiet_from, person.quiet_to)


def delivered(session: Session, ready: Ready, receipt: str, now: datetime) -> bool:
    """Write down that it arrived; True where it was rewritten on its way and has to be sent again."""
    row = outbox.get(session, ready.id)
    if row is None:  # its community was deleted meanwhile
        return False
    row.receipt, row.sent_version, row.sent_at, row.problem = receipt, ready.version, now, ""
    row.state = outbox.SENT if row.version == ready.version else outbox.WAITING
    row.attempts = 0
    metrics.DELIVERIES.labels(row.platform, "ok").inc()
    return row.state == outbox.WAITING


def not_delivered(session: Session, ready: Ready, why: Exception, now: datetime) -> float:
    """Put the message back, or set it aside for people to see. Returns seconds until the next try, 0 for none."""
    row = outbox.get(session, ready.id)
    if row is None:
        return 0.0
    outcome = "later" if isinstance(why, TryLater) else "failed"
    metrics.DELIVERIES.labels(row.platform, outcome).inc()
    if isinstance(why, Unreachable) or row.attempts >= MOST_ATTEMPTS:
        row.state, row.problem = outbox.DEAD, str(why)[:200] or type(why).__name__
        return 0.0
    wait = why.after if isinstance(why, TryLater) else min(LONGEST_WAIT, 2.0**row.attempts) * uniform(0.8, 1.2)
    row.state, row.not_before = outbox.WAITING, now + timedelta(seconds=wait)
    row.problem = str(why)[:200]
    if isinstance(why, TryLater):
        row.attempts -= 1  # being asked to wait is not a failure
    return wait


def resume(session: Session) -> int:
    """After a start: messages that a stopped process was sending are tried again, under the same ref."""
    rows = outbox.interrupted(session)
    for row in rows:
        row.state = outbox.WAITING
    return len(rows)
