"""Attempts to deliver one message: the check before it is sent, and what is recorded after.

An outbox row is WAITING until `begin_attempt` marks it SENDING, or SUPPRESSED, or puts it off. After the attempt it is
SENT, FAILED, DELETED, WAITING again, or UNCERTAIN if the message may have arrived without the bot knowing.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import uniform

import structlog
from sqlmodel import Session

from bot.core import signals
from bot.core.app import App
from bot.core.context import ADDRESS, MESSAGE, Context
from bot.core.platform import (
    Address,
    Delivery,
    DirectMessage,
    InChannel,
    InThread,
    MessageGone,
    RetryAfter,
    RewriteRefused,
    TokenRefused,
    UncertainDelivery,
    Undeliverable,
)
from bot.delivery import away, failure_notices, redrawing
from bot.domain import quiet_hours
from bot.domain.between_meetings import is_stale
from bot.telemetry import metrics, tracing
from bot.ui import ToPerson
from storage.communities import communities, installations, schedules
from storage.communities.communities import Channel, Community
from storage.messaging import outbox, outbox_queue
from storage.messaging.outbox import Outgoing
from storage.people import absences, people
from storage.people.people import Person

# The standard logger, for a line written at every delivery: it costs nothing when its level is off.
lines = logging.getLogger(__name__)
# Of a message that fails for a reason of its own: how many attempts, and the most seconds between two of them.
MOST_ATTEMPTS = 10
LONGEST_WAIT = 3_600.0
# The most seconds between two attempts while the platform is down. There is no limit to how many.
LONGEST_OUTAGE = 300.0
# For how many days a message is tried that shows somebody who has gone, where its channel can't be reached.
DAYS_TO_REDRAW = 28
# How long a message in a thread waits while the message above it has not been sent.
PARENT_FIRST = timedelta(seconds=2)


@dataclass(frozen=True)
class Ready:
    """A message to send now. `event_id` is that of the event that posted it.

    `uncertain` is set if an earlier attempt may have arrived: ask the platform first.
    """

    id: int
    version: int
    platform: str
    delivery: Delivery
    event_id: str = ""
    uncertain: UncertainDelivery | None = None


def begin_attempt(
    session: Session,
    id: int,
    now: datetime,
    *,
    app: App | None = None,
    commit_unknown: bool = False,
    rested: bool = False,
) -> Ready | None:
    """Mark a waiting message as SENDING and return it. Returns None if it has to wait, or must not be sent at all.

    `app` knows how features draw a message that must be drawn anew.
    `rested` means that it is a retry whose wait was measured by the caller, so the clock has no say in it.
    `commit_unknown` means that this process called before and lost the database before it got the result, so the row
    may be SENDING already.
    """
    row = outbox.get(session, id)
    ready = (*outbox.TO_SEND, outbox.SENDING) if commit_unknown else outbox.TO_SEND
    if row is None or row.state not in ready:
        return None
    if not outbox_queue.is_due(row, now) and not (rested and row.problem):
        return None
    # Loaded once, for the checks below.
    community = communities.get(session, row.community_id) if row.community_id else None
    person = people.get(session, row.person_id) if row.person_id and not row.ignores_quiet_hours else None
    home = _home(session, row)
    if reason := _suppression_reason(session, row, person, community, home, now):
        row.state, row.problem = outbox.SUPPRESSED, reason
        return None
    if home and home.unreachable:
        row.state, row.problem = outbox.FAILED, home.unreachable
        return None
    if (later := _not_before(row, person, community, now)) > now:
        _put_off(row, later)
        return None
    address = ADDRESS.validate_json(row.address)
    if isinstance(address, InThread):
        parent = outbox.by_key(session, address.parent)
        if parent is not None and parent.state == outbox.DELETED:
            address = _place_of_thread(session, address)
        elif parent is not None and parent.receipt:
            address = replace(address, parent=parent.receipt)
        elif parent is None or parent.state == outbox.FAILED:
            row.state, row.problem = outbox.FAILED, parent.problem if parent else "channel gone"
            return None
        else:
            _put_off(row, now + PARENT_FIRST)
            return None
    if row.must_redraw and not redrawing.redraw(app, session, row, now):
        row.state, row.problem = outbox.SUPPRESSED, "no longer needed"
        return None
    delivery = _delivery(row, community, address, now)
    in_doubt = row.state != outbox.WAITING and not row.receipt
    uncertain = (
        UncertainDelivery(delivery, row.made_at, outbox.conversation_receipt(session, row)) if in_doubt else None
    )
    row.state, row.attempts = outbox.SENDING, row.attempts + 1
    return Ready(id, row.version, row.platform, delivery, row.event_id, uncertain)


def _place_of_thread(session: Session, address: Address) -> Address:
    """Return where the message at the top of a thread was posted, for what can't be posted under it any more."""
    while isinstance(address, InThread):
        parent = outbox.by_key(session, address.parent)
        assert parent is not None, "it was posted"
        address = ADDRESS.validate_json(parent.address)
    return address


@contextmanager
def delivery_context(ready: Ready) -> Iterator[None]:
    """Name the delivery, and the event that posted it, in every log line and span inside."""
    about = {"event_id": ready.event_id, "platform": ready.platform, "delivery": ready.delivery.idempotency_key}
    with structlog.contextvars.bound_contextvars(**about), tracing.span("delivery", **about):
        yield


def _idempotency_key(row: Outgoing) -> str:
    """Return the same key until the message has arrived, however often it is attempted or edited.

    It is unique over all rows ever: a database may reuse the id of a deleted row, so the key contains the time at which
    the row was made (in hexadecimal).
    """
    return f"{row.id}-{row.sent_version}-{int(row.made_at.timestamp()):x}"


def _delivery(row: Outgoing, community: Community | None, address: Address, now: datetime) -> Delivery:
    silent = (
        row.person_id is None
        and community is not None
        and quiet_hours.is_quiet(now, community.zone, community.quiet_from, community.quiet_to)
    )
    message = MESSAGE.validate_json(row.message)
    return Delivery(row.space, address, message, _idempotency_key(row), row.receipt, silent)


def _home(session: Session, row: Outgoing) -> Channel | None:
    """Return the channel that a new message of a community goes to; None for any other message."""
    return None if row.person_id is not None or row.receipt else _channel(session, row)


def _channel(session: Session, row: Outgoing) -> Channel | None:
    """Return the channel of the community that a message is for, None if it is for another place, or none any more."""
    where = outbox.where(row.key)
    channels = communities.channels(session, row.community_id) if row.community_id else ()
    return next((channel for channel in channels if str(channel.id) == where), None)


def _suppression_reason(
    session: Session,
    row: Outgoing,
    person: Person | None,
    community: Community | None,
    home: Channel | None,
    now: datetime,
) -> str:
    """Return why the message must not be sent at all, or "" if it may."""
    # What shows somebody who has gone is rewritten for everybody, also for readers who have left.
    if row.must_redraw and row.receipt:
        return ""
    if row.person_id is None and row.community_id and not row.receipt:
        return "" if home else "no longer lives there"
    if row.person_id is None or row.ignores_quiet_hours:
        return ""
    if person is None or person.away_since:
        return "person gone"
    if row.community_id:
        member = people.membership(session, row.community_id, row.person_id)
        # What was written after they left is meant for them, such as why they were removed, or an invitation back.
        if member is None or (member.left_at and row.made_at <= member.left_at and row.made_at != member.removed_at):
            # A question that they were asked before says all the same that it is closed.
            asks = row.is_request or row.what.startswith(f"{signals.ROUND_REMINDER}.")
            return "" if asks and row.receipt else "left the community"
        if not row.receipt and community:
            absence = absences.now_in(session, row.community_id, row.person_id, now, person.zone or community.zone)
            if absence == absences.AWAY or (absence and row.is_request):
                return absence
    if row.is_request and not row.receipt:
        if community and community.paused:
            return "paused"
        # The bot was down when it should have been sent.
        if is_stale(row.made_at, now):
            return "too late"
        if person.snoozed_until and person.snoozed_until > now:
            return "snoozed"
        zone = person.zone or "UTC"
        if outbox.asked_since(session, row.person_id, quiet_hours.week_start(now, zone)) >= quiet_hours.ASKS_A_WEEK:
            return "asked enough this week"
        if row.community_id:
            private = schedules.limits(session, row.community_id).private
            since = quiet_hours.week_start(now, zone)
            if outbox.asked_since(session, row.person_id, since, row.community_id) >= private:
                return "asked enough this week"
    return ""


def _put_off(row: Outgoing, until: datetime) -> None:
    # Later than it was made, even by a clock that was set back since: that is how the outbox knows it was put off.
    row.not_before = max(until, row.made_at + timedelta(microseconds=1))


def _not_before(row: Outgoing, person: Person | None, community: Community | None, now: datetime) -> datetime:
    """Return when the message may be sent: now, or at the end of the receiver's quiet hours. An edit never waits."""
    if person is None or row.receipt:
        return now
    zone = person.zone or (community.zone if community else "UTC")
    return quiet_hours.next_waking(now, zone, person.quiet_from, person.quiet_to, rests_weekends=person.rests_weekends)


def mark_delivered(session: Session, ready: Ready, receipt: str, now: datetime) -> bool:
    """Record that the message arrived. Returns True if it was edited meanwhile, so it has to be sent again."""
    row = outbox.get(session, ready.id)
    # Its community was deleted meanwhile.
    if row is None:
        return False
    row.receipt, row.sent_version, row.problem = receipt, ready.version, ""
    # Editing a request is not a second request, so it keeps the time of the first for the weekly limit.
    if not (row.is_request and row.sent_at):
        row.sent_at = now
    # An uncertain attempt may have delivered an earlier version, so the current one is sent as an edit.
    maybe_older = ready.uncertain is not None and ready.version > 1
    row.state = outbox.WAITING if maybe_older or row.version != ready.version else outbox.SENT
    row.attempts, row.must_redraw = 0, row.must_redraw and row.state == outbox.WAITING
    metrics.DELIVERIES.labels(row.platform, "ok").inc()
    lines.info("delivered")
    return row.state == outbox.WAITING


def mark_failed(
    session: Session, ready: Ready, why: Exception, now: datetime, root: str, running: Collection[str] | None = None
) -> float:
    """Schedule another attempt, or mark the message FAILED and tell facilitators.

    Returns the seconds until the next attempt, or 0 for none or at once.
    """
    row = outbox.get(session, ready.id)
    if row is None:
        return 0.0
    metrics.DELIVERIES.labels(row.platform, _outcome(why)).inc()
    if isinstance(why, Undeliverable):
        metrics.REFUSALS.labels(row.platform, why.why).inc()
    lines.warning("not delivered: %s", why if isinstance(why, RetryAfter | Undeliverable) else type(why).__name__)
    if isinstance(why, MessageGone):
        _give_up_message(session, row, ready.delivery, now)
        return 0.0
    # Of what is there, people see an earlier version.
    if isinstance(why, RewriteRefused):
        if row.must_redraw:
            _tell_what_stays(session, row, now, root, running)
        row.state, row.problem, row.attempts, row.must_redraw = outbox.SENT, "", 0, False
        return 0.0
    if isinstance(why, Undeliverable):
        row.problem = why.why
        if why.why == "person gone" and isinstance(ready.delivery.to, DirectMessage):
            account = people.account(session, row.platform, ready.delivery.to.person)
            if account and account.off_since is None:
                away.switch(session, account, now, root, running, off=True)
    else:
        row.problem = str(why) if isinstance(why, RetryAfter) else failure_notices.KEPT_FAILING
    if isinstance(why, Undeliverable) or (not isinstance(why, RetryAfter) and row.attempts >= MOST_ATTEMPTS):
        row.state = outbox.FAILED
        # A rewrite that is refused for its own sake says nothing about the channel.
        if not (row.receipt and row.problem == "refused"):
            _tell_facilitators(session, row, ready.delivery, now, root, running)
        # A channel that is archived now may come back, and must not show then who has gone since.
        if row.must_redraw and row.receipt and row.problem in Undeliverable.CHANNEL and row.attempts < DAYS_TO_REDRAW:
            row.state = outbox.WAITING
            _put_off(row, now + timedelta(days=1))
        return 0.0
    if isinstance(why, TokenRefused):
        _tell_facilitators_elsewhere(session, row, now, root, running)
    wait = _retry_wait(row.attempts, why)
    asked_to_wait = isinstance(why, RetryAfter) and not why.fault
    in_doubt = not row.receipt and (ready.uncertain is not None or not asked_to_wait)
    row.state, row.not_before = outbox.UNCERTAIN if in_doubt else outbox.WAITING, now + timedelta(seconds=wait)
    # Being asked to wait is not a failed attempt.
    if asked_to_wait:
        row.attempts -= 1
    return wait


def _give_up_message(session: Session, row: Outgoing, delivery: Delivery, now: datetime) -> None:
    """Take in that somebody deleted a message: it is not posted again, and what hangs under it goes to its channel."""
    row.problem = ""
    if delivery.replaces:
        row.state, row.message = outbox.DELETED, outbox.NO_WORDS
        return
    address = _place_of_thread(session, ADDRESS.validate_json(row.address))
    row.address = ADDRESS.dump_json(address).decode()
    row.state, row.not_before, row.attempts = outbox.WAITING, now, row.attempts - 1


def _outcome(why: Exception) -> str:
    """Return the label that metrics count the attempt under."""
    if isinstance(why, Undeliverable):
        return "refused"
    if isinstance(why, MessageGone | RewriteRefused):
        return "gone"
    if isinstance(why, RetryAfter):
        return "fault" if why.fault else "later"
    return "failed"


def _retry_wait(attempts: int, why: Exception) -> float:
    """Return the seconds until the next attempt: what the platform asks for, else exponential backoff with jitter."""
    longer = 2.0 ** min(attempts, 12)
    if not isinstance(why, RetryAfter):
        return min(LONGEST_WAIT, longer) * uniform(0.8, 1.2)
    return max(why.after, min(LONGEST_OUTAGE, longer)) * uniform(1.0, 1.2) if why.fault else why.after


def _tell_facilitators(
    session: Session, row: Outgoing, delivery: Delivery, now: datetime, root: str, running: Collection[str] | None
) -> None:
    """Tell facilitators that a channel can't be reached, once for each cause until something arrives there again.

    Never about a direct message. The time of the last arrival is part of the key, so posting again changes nothing.
    """
    community = communities.get(session, row.community_id) if row.community_id else None
    if community is None or row.person_id or row.community_id is None:
        return
    # They were told when the bot was removed from the space.
    if installations.removed_spaces(session, {(row.platform, row.space)}):
        return
    bound = _channel(session, row)
    # They were told when the platform said so.
    if bound and bound.unreachable:
        return
    key = failure_notices.key(session, row.community_id, outbox.where(row.key), row.problem)
    place = delivery.to.channel if isinstance(delivery.to, InChannel) else bound.channel if bound else "?"
    name = bound.name if bound else ""
    ctx = Context(session, now, root, community_or_none=community, running=running)
    view = failure_notices.undeliverable
    failure_notices.post(ctx, key, row.platform, view, community.name, place, why=row.problem, name=name)


def _tell_what_stays(
    session: Session, row: Outgoing, now: datetime, root: str, running: Collection[str] | None
) -> None:
    """Ask those who can to delete a message that shows somebody who has gone, and that can't be changed.

    They are asked once a day for each place. Of a direct message, its reader is asked.
    """
    community = communities.get(session, row.community_id) if row.community_id else None
    key = f"stays.{outbox.where(row.key)}.{now:%Y%m%d}"
    ctx = Context(session, now, root, community_or_none=community, running=running)
    if row.person_id:
        ctx.post(ToPerson(row.person_id), key, failure_notices.stays, "", row.sent_at, here=True)
    elif community:
        bound = _channel(session, row)
        place = bound.channel if bound else ""
        failure_notices.post(ctx, key, row.platform, failure_notices.stays, place, row.sent_at)


def _tell_facilitators_elsewhere(
    session: Session, row: Outgoing, now: datetime, root: str, running: Collection[str] | None
) -> None:
    """Tell facilitators with an account on another platform that nothing reaches this one, once until something does.

    A direct message on a platform where people belong to no space tells nobody, since the next card does.
    """
    community = communities.get(session, row.community_id) if row.community_id else None
    if community is None or row.community_id is None or not row.space:
        return
    others = {platform for platform in running or () if platform != row.platform}
    last_arrival = outbox.last_sent(session, row.platform, row.space)
    key = f"troubles.token.{row.platform}.{row.space}.{last_arrival.timestamp() if last_arrival else 0:.0f}"
    ctx = Context(session, now, root, community_or_none=community, running=others)
    for facilitator in people.facilitators(session, row.community_id):
        id = people.key(facilitator)
        if any(account.platform in others for account in people.accounts(session, id)):
            ctx.post(ToPerson(id), key, failure_notices.token_refused, row.platform)
