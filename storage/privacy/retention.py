"""Retention: how long each kind of data is kept, and deleting it after that.

Answers are kept until some months after the end of their season; an admin of each community sets how many. All other
times are in TIMES, and the same for all communities.
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
from storage.database import foreign_keys, remnants
from storage.database.personal import policy
from storage.messaging.answer_messages import AnswerMessage
from storage.messaging.outbox import FAILED, HAS_WORDS, LASTING, NO_WORDS, SENT, SUPPRESSED, Outgoing
from storage.messaging.told_facts import ToldFact
from storage.operations.accepted_events import AcceptedEvent
from storage.operations.audit_log import Audit
from storage.operations.drafts import ANSWERED, Draft
from storage.operations.incidents import Incident
from storage.operations.processed_events import ProcessedEvent
from storage.people.account_links import UNDOABLE, AccountLink
from storage.people.link_codes import LinkCode, LinkRequest
from storage.people.page_links import KNOWN, PageLink
from storage.privacy.personal_data import FILE
from storage.privacy.post_subjects import SHOWS_SOMEBODY


class RetentionKind(StrEnum):
    """The kinds of data that have a time of their own.

    WORDS: our copy of the words of a delivered message. DELIVERED: the rest of its row, which says where it is, so
    that it can be rewritten. UNDELIVERED: messages that failed or were suppressed. CODES: link codes and requests to
    link, from when they expire. LINKS: what undoing the linking of two accounts needs. PAGES: links to pages, which end
    then. PROCESSED: idempotency keys of events. MESSAGES: the ids of direct messages that became answers.
    """

    WORDS = "words"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"
    DRAFTS = "drafts"
    MESSAGES = "messages"
    CODES = "codes"
    LINKS = "links"
    PAGES = "pages"
    PROCESSED = "processed"
    INCIDENTS = "incidents"
    AUDIT = "audit"


TIMES: Mapping[RetentionKind, timedelta] = {
    # Messages may quote answers, so this must be shorter than the shortest retention of answers.
    RetentionKind.WORDS: timedelta(days=28),
    RetentionKind.UNDELIVERED: timedelta(days=28),
    # Longer than any message is still rewritten. The last are the cards of quarterly meetings.
    RetentionKind.DELIVERED: timedelta(days=200),
    RetentionKind.DRAFTS: timedelta(days=14),
    # Longer than an answer to any question can change: late ones are taken for 60 days after it closed.
    RetentionKind.MESSAGES: timedelta(days=100),
    RetentionKind.CODES: timedelta(days=1),
    RetentionKind.LINKS: UNDOABLE,
    RetentionKind.PAGES: KNOWN,
    # Slack resends events for up to an hour, Discord for minutes.
    RetentionKind.PROCESSED: timedelta(days=2),
    RetentionKind.INCIDENTS: timedelta(days=90),
    RetentionKind.AUDIT: timedelta(days=730),
}
# Rows of each kind in one transaction, so that other transactions do not wait long.
MOST = 2_000


def kept_from(session: Session, community: Community, now: datetime, months: int) -> datetime:
    """Return the moment before which answers are deleted if they are kept for `months`.

    That is `months` ago, or if a season was under way then, the start of that season: a season is kept whole until
    its end is `months` ago.
    """
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
    """Return how many answers would be deleted now if they were kept for `months`."""
    return sum(len(rows) for _table, rows in _expired(session, community, now, months))


def expire(session: Session, community: Community, now: datetime) -> int:
    """Delete a community's answers whose retention is over. Returns how many."""
    deleted = 0
    session.flush()
    for table, rows in _expired(session, community, now, community.retention_months):
        foreign_keys.remove_rows(session, table, rows)
        deleted += len(rows)
    if deleted:
        remnants.truncate_after_commit(session)
    session.expire_all()
    return deleted


def forget(session: Session, now: datetime) -> bool:
    """Delete what is older than its time in TIMES, at most MOST rows per kind. Returns whether there may be more."""
    session.flush()
    changed = max(step(session, now) for step in (*STEPS, _blank_files))
    session.expire_all()
    return changed >= MOST


def _expired(
    session: Session, community: Community, now: datetime, months: int
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    params = {"community": community.id, "before": kept_from(session, community, now, months)}
    for table, older in _answer_queries():
        yield table, [dict(row) for row in session.connection().execute(older, params).mappings()]


@cache
def _answer_queries() -> Sequence[tuple[Table, Select[Any]]]:
    """Return each table of answers, with the query for a community's answers before a moment. Built once."""
    found = []
    for table, column in foreign_keys.to_people():
        written = policy(column).written
        inside = foreign_keys.within(table, bindparam("community"))
        if written and inside is not None:
            older = select(table).where(inside, table.c[written] < bindparam("before"))  # type: ignore[call-overload]
            found.append((table, older.order_by(foreign_keys.key(table))))
    for table in SQLModel.metadata.sorted_tables:
        if aged_by := table.info.get("aged_by"):
            column, moment = table.c[aged_by[0]], aged_by[1]
            [dated] = [key.column.table for key in column.foreign_keys]
            inside = foreign_keys.within(table, bindparam("community"))
            assert inside is not None
            is_old = select(dated.c.id).where(dated.c.id == column, dated.c[moment] < bindparam("before")).exists()
            older = select(table).where(inside, is_old)  # type: ignore[call-overload]
            found.append((table, older.order_by(foreign_keys.key(table))))
    return found


def _delete(kind: RetentionKind, table: type[SQLModel], when: Any, *where: Any) -> Callable[[Session, datetime], int]:
    """Return a step that deletes rows of `kind` by the moment in their column `when`."""

    def step(session: Session, now: datetime) -> int:
        key = foreign_keys.key(table.__table__)  # type: ignore[attr-defined]
        expired = select(key).where(when < now - TIMES[kind], *where).limit(MOST)
        return session.connection().execute(delete(table).where(key.in_(expired))).rowcount

    return step


def _blank(session: Session, *where: Any) -> int:
    """Empty the words of these messages. We only still need to know where they are."""
    expired = select(col(Outgoing.id)).where(*where).limit(MOST)
    emptied = update(Outgoing).where(col(Outgoing.id).in_(expired)).values(message=NO_WORDS, state=SENT)
    return session.connection().execute(emptied).rowcount


def _blank_words(session: Session, now: datetime) -> int:
    expired = col(Outgoing.sent_at) < now - TIMES[RetentionKind.WORDS]
    return _blank(session, HAS_WORDS, col(Outgoing.state) == SENT, expired)


def _blank_given_up(session: Session, now: datetime) -> int:
    """Empty messages of which a newer version could not be delivered; the earlier one stays where it is."""
    return _blank(session, *_given_up(now), col(Outgoing.receipt) != "")


def _delete_given_up(session: Session, now: datetime) -> int:
    expired = select(col(Outgoing.id)).where(*_given_up(now), col(Outgoing.receipt) == "").limit(MOST)
    return session.connection().execute(delete(Outgoing).where(col(Outgoing.id).in_(expired))).rowcount


def _given_up(now: datetime) -> tuple[ColumnElement[bool], ...]:
    long_ago = col(Outgoing.not_before) < now - TIMES[RetentionKind.UNDELIVERED]
    return col(Outgoing.state).in_((FAILED, SUPPRESSED)), long_ago


def _blank_files(session: Session, _now: datetime) -> int:
    """Empty delivered messages with a file at once: whoever the file was for has it."""
    return _blank(
        session, HAS_WORDS, col(Outgoing.state) == SENT, col(Outgoing.message).contains(FILE, autoescape=True)
    )


def _delete_links(session: Session, now: datetime) -> int:
    """Delete links that can no longer be undone, with the rows that they replaced."""
    table = SQLModel.metadata.tables[str(AccountLink.__tablename__)]
    expired = select(table.c.id).where(table.c.linked_at < now - TIMES[RetentionKind.LINKS]).limit(MOST)
    removed = foreign_keys.remove(session, table, table.c.id.in_(expired))
    if removed:
        remnants.truncate_after_commit(session)
    return removed


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
        ~SHOWS_SOMEBODY,
    ),
    _delete(RetentionKind.DELIVERED, ToldFact, col(ToldFact.at)),
    _delete(RetentionKind.DRAFTS, Draft, col(Draft.at)),
    # One that no version could handle since.
    _delete(RetentionKind.DRAFTS, AcceptedEvent, col(AcceptedEvent.at)),
    _delete(RetentionKind.PROCESSED, Draft, col(Draft.at), col(Draft.kind).startswith(ANSWERED, autoescape=True)),
    _delete(RetentionKind.MESSAGES, AnswerMessage, col(AnswerMessage.written_at)),
    _delete(RetentionKind.CODES, LinkCode, func.coalesce(LinkCode.wrong_until, LinkCode.until)),
    _delete(RetentionKind.CODES, LinkRequest, col(LinkRequest.until)),
    _delete_links,
    _delete(RetentionKind.PAGES, PageLink, col(PageLink.made_at)),
    _delete(RetentionKind.PROCESSED, ProcessedEvent, col(ProcessedEvent.at)),
    _delete(RetentionKind.INCIDENTS, Incident, col(Incident.at)),
    _delete(RetentionKind.AUDIT, Audit, col(Audit.at)),
)
