"""The outbox: messages to deliver, written in the same transaction as the change that caused them.

A message has a key. Posting the same key again rewrites the message where it was delivered.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Field, Index, Session, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database.personal import DELETE, KEEP, personal

# Rows, metrics and alert rules contain these words, so they must not change, whatever the constants are called.
WAITING, SENDING, SENT, FAILED, SUPPRESSED = "waiting", "sending", "sent", "dead", "held back"
# Somebody deleted the message on the platform. It is not posted again.
DELETED = "deleted"
# To be sent like WAITING, but an earlier attempt may have arrived.
UNCERTAIN = "doubtful"
TO_SEND = (WAITING, UNCERTAIN)
# Literally as in the partial index: with a bound value, the planner would not use that index.
HAS_WORDS = text("message <> '{}'")
NO_WORDS = "{}"  # JSON of a message without words
# Prefix of the keys of resource cards. Retention does not delete their rows, so that the cards can always be rewritten.
LASTING = "resources."


class Outgoing(SQLModel, table=True):
    """One message for one place. Key: `key`.

    `storage.privacy.retention` empties the message some weeks after it was delivered, and deletes the row later.
    """

    __table_args__ = (
        Index("ix_outgoing_todo", "state", "not_before", "id"),
        Index("ix_outgoing_sent_at", "sent_at"),
        Index("ix_outgoing_words", "sent_at", sqlite_where=HAS_WORDS, postgresql_where=HAS_WORDS),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # `what`@place: "checkins.round.7@12"
    what: str = Field(default="", index=True)  # "checkins.round.7"
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    # Whom a direct message is for. None: it goes to a channel.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP),
    )
    # A request, which counts against the weekly limit of requests to one person.
    is_request: bool = False
    # The person is waiting for it, so quiet hours do not apply.
    ignores_quiet_hours: bool = False
    platform: str
    space: str
    # JSON of bot.core.platform.Address. For a thread, it holds the `key` of the parent's row.
    address: str
    message: str  # JSON of bot.ui.Message
    # Grows each time the message is rewritten. A row whose `sent_version` is lower has something to send.
    version: int = 1
    sent_version: int = 0
    receipt: str = ""  # the platform's id of the message
    state: str = WAITING
    attempts: int = 0
    not_before: datetime
    made_at: datetime
    sent_at: datetime | None = None
    # The event that posted it last, by its id in the log.
    event_id: str = ""
    # Why it could not be delivered: a word of bot.core.platform, the same on every platform.
    problem: str = ""
    # It shows somebody who has gone, so it is drawn anew when it is sent: see `storage.privacy.post_subjects`.
    must_redraw: bool = False


def _locked(rows: SelectOfScalar[Outgoing]) -> SelectOfScalar[Outgoing]:
    """Reread the rows and lock them until this transaction ends, because sending and rewriting may meet here."""
    return rows.with_for_update().execution_options(populate_existing=True)


# Every message runs these queries, so they are built once.
WITH_KEY = select(Outgoing).where(Outgoing.key == bindparam("key"))
LOCKED_WITH_KEY = _locked(WITH_KEY)
LOCKED_WITH_ID = _locked(select(Outgoing).where(Outgoing.id == bindparam("id")))
ONE_COPY = select(Outgoing.id).where(Outgoing.what == bindparam("what")).limit(1)
COPIES = select(Outgoing).where(Outgoing.what == bindparam("what")).order_by(col(Outgoing.id))


def put(
    session: Session,
    *,
    key: str,
    platform: str,
    space: str,
    address: str,
    message: str,
    now: datetime,
    community: int | None = None,
    person: int | None = None,
    is_request: bool = False,
    ignores_quiet_hours: bool = False,
    not_before: datetime | None = None,
    event_id: str = "",
) -> Outgoing:
    """Put a message into the outbox, or rewrite the one with this key. Nothing happens if its words are the same.

    A message that was not sent yet may get another address; one that was is rewritten where it is. One that somebody
    deleted there stays deleted.
    """
    row = session.exec(LOCKED_WITH_KEY, params={"key": key}).first()
    if row is None:
        row = Outgoing(
            key=key,
            what=key.rpartition("@")[0],
            community_id=community,
            person_id=person,
            is_request=is_request,
            ignores_quiet_hours=ignores_quiet_hours,
            platform=platform,
            space=space,
            address=address,
            message=message,
            not_before=not_before or now,
            made_at=now,
            event_id=event_id,
        )
        session.add(row)
    elif row.state != DELETED and (row.message != message or _goes_elsewhere(row, platform, address)):
        if _goes_elsewhere(row, platform, address):
            row.platform, row.space, row.address = platform, space, address
        row.message, row.version, row.attempts, row.problem = message, row.version + 1, 0, ""
        # Until it is sent, it keeps its turn, whatever the clock says now.
        row.not_before = not_before or (now if row.receipt else min(now, row.made_at))
        row.event_id, row.must_redraw = event_id, False
        if row.state not in (SENDING, UNCERTAIN):
            row.state = WAITING
    session.flush()
    return row


def _goes_elsewhere(row: Outgoing, platform: str, address: str) -> bool:
    """Return whether the message has another address than before and was surely not sent to the earlier one."""
    unsent = not row.receipt and row.state not in (SENDING, UNCERTAIN)
    return unsent and (row.platform, row.address) != (platform, address)


def by_key(session: Session, key: str) -> Outgoing | None:
    return session.exec(WITH_KEY, params={"key": key}).first()


def copies(session: Session, key: str) -> Sequence[Outgoing]:
    """Return every copy of the message posted with `key`, in all places."""
    return session.exec(COPIES, params={"what": key}).all()


def has_copies(session: Session, key: str) -> bool:
    """Return whether something was posted with `key`."""
    return session.exec(ONE_COPY, params={"what": key}).first() is not None


def is_unsent(session: Session, key: str) -> bool:
    """Return whether the message with this key surely reached nobody so far."""
    row = by_key(session, key)
    return row is not None and not row.receipt and row.state in (WAITING, FAILED, SUPPRESSED)


def can_rewrite(session: Session, key: str) -> bool:
    """Return whether there is a message with this key that people see, or will."""
    row = by_key(session, key)
    return row is not None and _is_there(row)


def _is_there(row: Outgoing) -> bool:
    return row.state != DELETED and (row.receipt != "" or row.state not in (SUPPRESSED, FAILED))


def communities_of(session: Session, keys: Collection[str]) -> Sequence[tuple[int | None, str]]:
    """Return (community, key) of everything that was posted with one of these keys."""
    query = select(Outgoing.community_id, Outgoing.what).where(col(Outgoing.what).in_(tuple(keys))).distinct()
    return session.exec(query.order_by(col(Outgoing.what), col(Outgoing.community_id))).all() if keys else ()


def with_prefix(session: Session, community: int, prefix: str) -> Sequence[str]:
    """Return the keys, without their places, of everything in a community whose key begins like this."""
    query = select(Outgoing.what).where(Outgoing.community_id == community)
    return session.exec(query.where(col(Outgoing.what).startswith(prefix, autoescape=True)).distinct()).all()


def receivers(session: Session, key: str) -> Sequence[int]:
    """Return whom direct messages were posted to with `key`, other than those that were taken back or given up."""
    return [row.person_id for row in copies(session, key) if row.person_id is not None and _is_there(row)]


def with_receipts(session: Session, community: int, receipts: Collection[str]) -> Sequence[Outgoing]:
    """Return the community's messages that the platform gave one of these ids."""
    return session.exec(
        select(Outgoing)
        .where(Outgoing.community_id == community, col(Outgoing.receipt).in_(receipts))
        .order_by(col(Outgoing.id))
    ).all()


def posted(session: Session, keys: Collection[str]) -> set[str]:
    """Return those of these keys with which something was posted."""
    return set(session.exec(select(col(Outgoing.what)).where(col(Outgoing.what).in_(tuple(keys))).distinct()))


def cancel_unsent(session: Session, key: str, place: str = "") -> None:
    """Suppress the copies of the message posted with `key` that have not been sent, or the one to a `place` ("p7")."""
    session.flush()
    # Of a message to many, one is looked up alone: each of them may take theirs back.
    one = by_key(session, f"{key}@{place}") if place else None
    for row in (one,) if place else copies(session, key):
        if row and row.state in (WAITING, FAILED) and not row.receipt:
            row.state, row.problem = SUPPRESSED, "no longer needed"


def where(key: str) -> str:
    """Return the channel or person in a key. Messages to one place, its threads included, stay in order."""
    return key.rpartition("@")[2]


def get(session: Session, id: int) -> Outgoing | None:
    """Return the row, locked until this transaction ends."""
    return session.exec(LOCKED_WITH_ID, params={"id": id}).first()


def receipt(session: Session, id: int) -> str:
    """Return the platform's id of the message; "" if none was saved yet."""
    return session.exec(select(Outgoing.receipt).where(Outgoing.id == id)).first() or ""


def conversation_receipt(session: Session, row: Outgoing) -> str:
    """Return the receipt of another direct message to the same person on the same platform; "" if there is none."""
    found = session.exec(
        select(Outgoing.receipt)
        .where(Outgoing.person_id == row.person_id, Outgoing.platform == row.platform, Outgoing.receipt != "")
        .limit(1)
    ).first()
    return (found or "") if row.person_id else ""


def last_heard(session: Session, community: int, place: str) -> datetime | None:
    """Return when something was last delivered to a place, as `where` names it; None for never."""
    return session.exec(
        select(func.max(Outgoing.sent_at)).where(
            Outgoing.community_id == community, col(Outgoing.key).endswith(f"@{place}", autoescape=True)
        )
    ).one()


def last_sent(session: Session, platform: str, space: str) -> datetime | None:
    """Return when something was last delivered in a space; None for never."""
    query = select(func.max(Outgoing.sent_at)).where(Outgoing.platform == platform, Outgoing.space == space)
    return session.exec(query).one()


def asked_since(session: Session, person: int, since: datetime, community: int | None = None) -> int:
    """Return how many requests this person was sent since then, in one community or in all together."""
    query = (
        select(func.count())
        .select_from(Outgoing)
        .where(Outgoing.person_id == person, Outgoing.is_request, col(Outgoing.sent_at) >= since)
    )
    if community:
        query = query.where(Outgoing.community_id == community)
    return session.exec(query).one()


def stuck(session: Session, community: int) -> Sequence[Outgoing]:
    """Return the newest ten messages that could not be delivered."""
    return session.exec(
        select(Outgoing)
        .where(Outgoing.community_id == community, Outgoing.state == FAILED)
        .order_by(col(Outgoing.id).desc())
        .limit(10)
    ).all()
