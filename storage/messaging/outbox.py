"""Messages decided on but not yet delivered. Saved with the change that caused them, or not at all."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Field, Index, Session, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database.personal import DELETE, KEEP, personal

# Rows, figures and alert rules hold these words, so they stay as they are, whatever the constants are called.
WAITING, SENDING, SENT, FAILED, SUPPRESSED = "waiting", "sending", "sent", "dead", "held back"
UNCERTAIN = "doubtful"  # waiting like the others, but an earlier try may have arrived
TO_SEND = (WAITING, UNCERTAIN)
HAS_WORDS = text("message <> '{}'")  # as the index says it: bound values would hide that it serves
LASTING = "resources."  # keys of cards whose place is kept for as long as what they show


class Outgoing(SQLModel, table=True):
    """One message for one place. Posting its key again rewrites it where it stands."""

    __table_args__ = (
        Index("ix_outgoing_todo", "state", "not_before", "id"),
        Index("ix_outgoing_sent_at", "sent_at"),
        Index("ix_outgoing_words", "sent_at", sqlite_where=HAS_WORDS, postgresql_where=HAS_WORDS),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # "checkins.round.7@12": what it is, and where it goes
    what: str = Field(default="", index=True)  # "checkins.round.7"
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    # A private message to them.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP),
    )
    ask: bool = False  # a request to that person, counted against what one person may be asked
    at_once: bool = False  # they are waiting for it: quiet hours do not apply
    platform: str
    space: str
    address: str  # JSON of bot.core.platform.Address; for a thread, of the parent's row key
    message: str  # JSON of bot.ui.Message
    version: int = 1  # grows each time the message is rewritten
    sent_version: int = 0
    receipt: str = ""  # the platform's name for it
    state: str = WAITING
    attempts: int = 0
    not_before: datetime
    made_at: datetime
    sent_at: datetime | None = None
    event_id: str = ""  # of the event that posted it last, as it stands in the log
    problem: str = ""  # why it could not be delivered, in the platform-neutral words of bot.core.platform


def _held(rows: SelectOfScalar[Outgoing]) -> SelectOfScalar[Outgoing]:
    """As they are now, and nobody else's to change until this transaction ends: sending and rewriting meet here."""
    return rows.with_for_update().execution_options(populate_existing=True)


# Asked for every message, so they are put together once.
WITH_KEY = select(Outgoing).where(Outgoing.key == bindparam("key"))
HELD_WITH_KEY = _held(WITH_KEY)
HELD_WITH_ID = _held(select(Outgoing).where(Outgoing.id == bindparam("id")))
OF = select(Outgoing).where(Outgoing.what == bindparam("what")).order_by(col(Outgoing.id))


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
    ask: bool = False,
    at_once: bool = False,
    not_before: datetime | None = None,
    event_id: str = "",
) -> Outgoing:
    row = session.exec(HELD_WITH_KEY, params={"key": key}).first()
    if row is None:
        row = Outgoing(
            key=key,
            what=key.rpartition("@")[0],
            community_id=community,
            person_id=person,
            ask=ask,
            at_once=at_once,
            platform=platform,
            space=space,
            address=address,
            message=message,
            not_before=not_before or now,
            made_at=now,
            event_id=event_id,
        )
        session.add(row)
    elif row.message != message or _goes_elsewhere(row, platform, address):
        if _goes_elsewhere(row, platform, address):
            row.platform, row.space, row.address = platform, space, address
        row.message, row.version, row.attempts, row.problem = message, row.version + 1, 0, ""
        row.not_before, row.event_id = not_before or now, event_id
        if row.state not in (SENDING, UNCERTAIN):
            row.state = WAITING
    session.flush()
    return row


def _goes_elsewhere(row: Outgoing, platform: str, address: str) -> bool:
    """Whether it has not been sent to where it was to go, and is now to go to another place."""
    unsent = not row.receipt and row.state not in (SENDING, UNCERTAIN)
    return unsent and (row.platform, row.address) != (platform, address)


def by_key(session: Session, key: str) -> Outgoing | None:
    return session.exec(WITH_KEY, params={"key": key}).first()


def of(session: Session, key: str) -> Sequence[Outgoing]:
    """Every copy of the message posted with `key`, whatever place it went to."""
    return session.exec(OF, params={"what": key}).all()


def posted(session: Session, keys: Collection[str]) -> set[str]:
    """Which of these keys something was posted with."""
    return set(session.exec(select(col(Outgoing.what)).where(col(Outgoing.what).in_(tuple(keys))).distinct()))


def cancel_unsent(session: Session, key: str) -> None:
    """Take back what was posted with `key`, as far as it has not been sent: it no longer helps anybody."""
    session.flush()
    for row in of(session, key):
        if row.state in (WAITING, FAILED) and not row.receipt:
            row.state, row.problem = SUPPRESSED, "no longer needed"


def where(key: str) -> str:
    """The channel or person that a key's message goes to: messages to one place, threads included, stay in order."""
    return key.rpartition("@")[2]


def get(session: Session, id: int) -> Outgoing | None:
    """The row, held until this transaction ends."""
    return session.exec(HELD_WITH_ID, params={"id": id}).first()


def receipt(session: Session, id: int) -> str:
    """The platform's name for it as far as that has been written down; "" where it has not."""
    return session.exec(select(Outgoing.receipt).where(Outgoing.id == id)).first() or ""


def beside(session: Session, row: Outgoing) -> str:
    """The receipt of another private message to the same person on the same platform; "" where there is none."""
    found = session.exec(
        select(Outgoing.receipt)
        .where(Outgoing.person_id == row.person_id, Outgoing.platform == row.platform, Outgoing.receipt != "")
        .limit(1)
    ).first()
    return (found or "") if row.person_id else ""


def last_heard(session: Session, community: int, place: str) -> datetime | None:
    """When something was last delivered to the place that a key names; None for never."""
    return session.exec(
        select(func.max(Outgoing.sent_at)).where(
            Outgoing.community_id == community, col(Outgoing.key).endswith(f"@{place}", autoescape=True)
        )
    ).one()


def asked_since(session: Session, person: int, since: datetime) -> int:
    """How many requests this person was sent, over all communities, since a moment."""
    return session.exec(
        select(func.count())
        .select_from(Outgoing)
        .where(Outgoing.person_id == person, Outgoing.ask, col(Outgoing.sent_at) >= since)
    ).one()


def stuck(session: Session, community: int) -> Sequence[Outgoing]:
    return session.exec(
        select(Outgoing)
        .where(Outgoing.community_id == community, Outgoing.state == FAILED)
        .order_by(col(Outgoing.id).desc())
        .limit(10)
    ).all()
