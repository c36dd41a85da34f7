"""Codes and requests to link two accounts: a code is typed once, and then both accounts have to say yes."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Field, Session, SQLModel, col, delete, or_, select

from storage.database.personal import DELETE, KEEP, personal

VALID = timedelta(minutes=15)
MOST_WRONG = 5
# Codes that one person may have made within VALID.
MOST_MADE = 5


class LinkCode(SQLModel, table=True):
    """A person's one-time code, and how many codes they made and wrong ones they typed. Key: the person.

    The code itself is never stored, only its SHA-256 hash. Merging deletes the rows of both people, and
    `storage.privacy.retention` deletes a row a day after it stopped mattering.
    """

    person_id: int = Field(
        primary_key=True,
        foreign_key="person.id",
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP),
    )
    hashed: str = Field(default="", index=True)
    until: datetime | None = None
    wrong: int = 0
    # When the wrong codes no longer count.
    wrong_until: datetime | None = None
    made: int = 0
    # When the codes that were made no longer count.
    made_until: datetime | None = None


class LinkRequest(SQLModel, table=True):
    """A code that was typed: both people have to say yes before `until`. Key: `id`, and the person who typed it.

    Deleted when it is answered, when either person is deleted or linked, and a day after it expired.
    """

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=KEEP))
    asker_id: int = Field(
        foreign_key="person.id", index=True, unique=True, sa_column_kwargs=personal(forget=DELETE, leave=KEEP)
    )
    until: datetime
    # The person who typed the code has said yes, and the one who made it has been asked.
    asked: bool = False


def hashed(code: str) -> str:
    """Return the hash of a code, in which case, spaces and hyphens do not matter."""
    return sha256("".join(c for c in code.upper() if c.isalnum()).encode()).hexdigest()


def _row(session: Session, person: int) -> LinkCode:
    row = session.get(LinkCode, person)
    if row is None:
        row = LinkCode(person_id=person)
        session.add(row)
    return row


def keep_code(session: Session, person: int, code: str, now: datetime) -> datetime:
    """Give the person a code that replaces any earlier one. Returns when it expires."""
    row = _row(session, person)
    if row.made_until is None or row.made_until <= now:
        row.made = 0
    row.made, row.made_until = row.made + 1, now + VALID
    row.hashed, row.until = hashed(code), now + VALID
    session.flush()
    return row.until


def made_too_many(session: Session, person: int, now: datetime) -> datetime | None:
    """Return until when a person who made too many codes must wait; None if they need not."""
    row = session.get(LinkCode, person)
    if row and row.made >= MOST_MADE and row.made_until and row.made_until > now:
        return row.made_until
    return None


def owner(session: Session, code: str, now: datetime) -> int | None:
    """Return the id of the person whose code this is, or None if it does not exist, was used, or has expired."""
    return session.exec(
        select(LinkCode.person_id).where(LinkCode.hashed == hashed(code), col(LinkCode.until) > now)
    ).first()


def must_wait(session: Session, person: int, now: datetime) -> datetime | None:
    """Return until when a person who typed too many wrong codes must wait; None if they need not."""
    row = session.get(LinkCode, person)
    if row and row.wrong >= MOST_WRONG and row.wrong_until and row.wrong_until > now:
        return row.wrong_until
    return None


def count_wrong(session: Session, person: int, now: datetime) -> int:
    """Count a wrong code. Returns how many more the person may try now."""
    row = _row(session, person)
    if row.wrong_until is None or row.wrong_until <= now:
        row.wrong = 0
    row.wrong, row.wrong_until = row.wrong + 1, now + VALID
    session.flush()
    return max(0, MOST_WRONG - row.wrong)


def request(session: Session, owner: int, asker: int, now: datetime) -> LinkRequest:
    """Use up the owner's code, and return the request that replaces any earlier one of the asker's."""
    code = _row(session, owner)
    code.hashed, code.until = "", code.until and min(code.until, now)
    session.exec(delete(LinkRequest).where(col(LinkRequest.asker_id) == asker))
    row = LinkRequest(owner_id=owner, asker_id=asker, until=now + VALID)
    session.add(row)
    session.flush()
    return row


def open_request(session: Session, id: int, now: datetime) -> LinkRequest | None:
    """Return a request that can still be answered."""
    return session.exec(select(LinkRequest).where(LinkRequest.id == id, LinkRequest.until > now)).first()


def request_to(session: Session, owner: int, now: datetime) -> LinkRequest | None:
    """Return the newest request that waits for this person's yes."""
    return session.exec(
        select(LinkRequest)
        .where(LinkRequest.owner_id == owner, LinkRequest.asked, LinkRequest.until > now)
        .order_by(col(LinkRequest.id).desc())
    ).first()


def delete_of(session: Session, *persons: int) -> None:
    """Delete every code and request of these people."""
    session.exec(delete(LinkCode).where(col(LinkCode.person_id).in_(persons)))
    session.exec(
        delete(LinkRequest).where(or_(col(LinkRequest.owner_id).in_(persons), col(LinkRequest.asker_id).in_(persons)))
    )
    session.flush()
