"""How long each kind of thing is kept, and its deletion when that time is over.

Answers stay until some months after the end of the season they were given in, which an admin of each community sets.
Everything else has its time in TIMES, the same everywhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, func, update
from sqlmodel import Session, SQLModel, col, select

from storage.communities.communities import Community, Season
from storage.database import foreign_keys
from storage.database.personal import policy
from storage.messaging.outbox import FAILED, HAS_WORDS, LASTING, SENT, SUPPRESSED, Outgoing
from storage.operations.audit_log import Audit
from storage.operations.drafts import Draft
from storage.operations.incidents import Incident
from storage.operations.processed_events import ProcessedEvent
from storage.people.account_links import LinkCode
from storage.privacy.personal_data import EMPTY, FILE


class RetentionKind(StrEnum):
    """The kinds of things that are kept for a time of their own."""

    WORDS = "words"  # of messages that were delivered; when all of them can be read where they were delivered
    UNDELIVERED = "undelivered"  # messages that were given up, or held back
    DELIVERED = "delivered"  # where a delivered message stands, so that it can be rewritten there
    DRAFTS = "drafts"
    CODES = "codes"  # after they have stopped working
    PROCESSED = "processed"  # by what a repeated delivery is known
    INCIDENTS = "incidents"
    AUDIT = "audit"


TIMES: Mapping[RetentionKind, timedelta] = {
    RetentionKind.WORDS: timedelta(
        days=28
    ),  # shorter than the shortest time that answers, which they may quote, are kept
    RetentionKind.UNDELIVERED: timedelta(days=28),
    RetentionKind.DELIVERED: timedelta(
        days=200
    ),  # longer than anything that is rewritten, which is the card of a quarter
    RetentionKind.DRAFTS: timedelta(days=14),
    RetentionKind.CODES: timedelta(days=1),
    RetentionKind.PROCESSED: timedelta(days=2),  # Slack sends again within an hour, Discord within minutes
    RetentionKind.INCIDENTS: timedelta(days=90),
    RetentionKind.AUDIT: timedelta(days=730),
}
MOST = 2_000  # rows in one transaction, so that nobody waits long for theirs


def kept_from(session: Session, community: Community, now: datetime, months: int) -> datetime:
    """The moment from which answers are kept if they are kept for `months`: a season still kept is kept whole."""
    zone = ZoneInfo(community.zone)
    cutoff = now.astimezone(zone).date() - relativedelta(months=months)
    starts: list[date] = list(
        session.exec(
            select(col(Season.starts)).where(
                Season.community_id == community.id, Season.starts <= cutoff, Season.ends > cutoff
            )
        )
    )
    return datetime.combine(min([cutoff, *starts]), time(0), zone)


def old(session: Session, community: Community, now: datetime, months: int) -> int:
    """How many answers keeping them for `months` would delete now."""
    return sum(len(rows) for _table, rows in _expired(session, community, now, months))


def expire(session: Session, community: Community, now: datetime) -> int:
    """Delete the answers that a community has kept long enough. Returns how many that were."""
    gone = 0
    session.flush()
    for table, rows in _expired(session, community, now, community.retention_months):
        foreign_keys.remove_rows(session, table, rows)
        gone += len(rows)
    session.expire_all()
    return gone


def forget(session: Session, now: datetime) -> bool:
    """Delete what has been kept for its time, at most MOST rows of each kind; True where there may be more."""
    session.flush()
    changed = max(step(session, now) for step in (*STEPS, _blank_files))
    session.expire_all()
    return changed >= MOST


def _expired(
    session: Session, community: Community, now: datetime, months: int
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    asked = {"community": community.id, "before": kept_from(session, community, now, months)}
    for table, older in _answers():
        yield table, [dict(row) for row in session.connection().execute(older, asked).mappings()]


@cache
def _answers() -> Sequence[tuple[Table, Select[Any]]]:
    """Each table of answers, and the question for those of a community from before a moment: put together once."""
    found = []
    for table, column in foreign_keys.to_people():
        written = policy(column).written
        inside = foreign_keys.within(table, bindparam("community"))
        if written and inside is not None:
            older = select(table).where(inside, table.c[written] < bindparam("before"))  # type: ignore[call-overload]
            found.append((table, older.order_by(foreign_keys.key(table))))
    return found


def _delete(kind: RetentionKind, table: type[SQLModel], when: Any, *where: Any) -> Callable[[Session, datetime], int]:
    """A step that deletes rows of `kind` by the moment in their column `when`."""

    def step(session: Session, now: datetime) -> int:
        key = foreign_keys.key(table.__table__)  # type: ignore[attr-defined]
        old = select(key).where(when < now - TIMES[kind], *where).limit(MOST)
        return session.connection().execute(delete(table).where(key.in_(old))).rowcount

    return step


def _blank(session: Session, *where: Any) -> int:
    """Empty the words of these messages: where they stand is all that is still needed."""
    old = select(col(Outgoing.id)).where(*where).limit(MOST)
    emptied = update(Outgoing).where(col(Outgoing.id).in_(old)).values(message=EMPTY, state=SENT)
    return session.connection().execute(emptied).rowcount


def _blank_words(session: Session, now: datetime) -> int:
    old = col(Outgoing.sent_at) < now - TIMES[RetentionKind.WORDS]
    return _blank(session, HAS_WORDS, col(Outgoing.state) == SENT, old)


def _blank_given_up(session: Session, now: datetime) -> int:
    """A newer wording could not be delivered; the earlier one stands."""
    return _blank(session, *_given_up(now), col(Outgoing.receipt) != "")


def _delete_given_up(session: Session, now: datetime) -> int:
    old = select(col(Outgoing.id)).where(*_given_up(now), col(Outgoing.receipt) == "").limit(MOST)
    return session.connection().execute(delete(Outgoing).where(col(Outgoing.id).in_(old))).rowcount


def _given_up(now: datetime) -> tuple[ColumnElement[bool], ...]:
    long_ago = col(Outgoing.not_before) < now - TIMES[RetentionKind.UNDELIVERED]
    return col(Outgoing.state).in_((FAILED, SUPPRESSED)), long_ago


def _blank_files(session: Session, _now: datetime) -> int:
    """Whoever a file was for has it."""
    return _blank(
        session, HAS_WORDS, col(Outgoing.state) == SENT, col(Outgoing.message).contains(FILE, autoescape=True)
    )


STEPS = (
    _blank_words,
    _blank_given_up,
    _delete_given_up,
    _delete(
        RetentionKind.DELIVERED,
        Outgoing,
        col(Outgoing.sent_at),
        col(Outgoing.state) == SENT,
        ~col(Outgoing.key).startswith(LASTING, autoescape=True),
    ),
    _delete(RetentionKind.DRAFTS, Draft, col(Draft.at)),
    _delete(RetentionKind.CODES, LinkCode, func.coalesce(LinkCode.wrong_until, LinkCode.until)),
    _delete(RetentionKind.PROCESSED, ProcessedEvent, col(ProcessedEvent.at)),
    _delete(RetentionKind.INCIDENTS, Incident, col(Incident.at)),
    _delete(RetentionKind.AUDIT, Audit, col(Audit.at)),
)
