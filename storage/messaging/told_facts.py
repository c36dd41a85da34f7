"""What a person or a channel was told last about something, so that it can be told when that no longer holds.

A fact is a few words or a fingerprint; what was told stands in the message itself.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select

from storage.database.personal import DELETE, personal


class ToldFact(SQLModel, table=True):
    """The last fact about a subject that somebody was told, and the one they knew before.

    Key: community, subject and place.
    Deleted when the subject is over (`forget`), and by `storage.privacy.retention`.
    """

    __table_args__ = (UniqueConstraint("community_id", "subject", "place"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    # None: a channel was told.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE),
    )
    subject: str  # "meeting.7"
    place: str  # a channel or person, as at the end of a key in the outbox
    fact: str
    # What they knew before that; None if nothing, or it is not known.
    before: str | None = None
    # Of the message that told it.
    key: str
    # The message tells nothing else, so it can be taken back while it was not sent.
    is_alone: bool = True
    at: datetime = Field(index=True)


def about(session: Session, community: int, subject: str) -> Mapping[str, ToldFact]:
    """Return what was told about a subject, by place.

    Somebody who was merged into another person is that person now, whatever place they were told in.
    """
    rows = session.exec(
        select(ToldFact)
        .where(ToldFact.community_id == community, ToldFact.subject == subject)
        .order_by(col(ToldFact.id))
    ).all()
    found = {place_now(row): row for row in rows}
    return found | {row.place: row for row in rows if row.place == place_now(row)}


def told_person(session: Session, community: int, subject: str, person: int) -> ToldFact | None:
    """Return what a person was told last about a subject, as `about` does for everybody."""
    rows = session.exec(
        select(ToldFact)
        .where(ToldFact.community_id == community, ToldFact.subject == subject, ToldFact.person_id == person)
        .order_by(col(ToldFact.id))
    ).all()
    return next((row for row in rows if row.place == place_now(row)), rows[-1] if rows else None)


def place_now(row: ToldFact) -> str:
    return row.place if row.person_id is None else f"p{row.person_id}"


def add(session: Session, row: ToldFact) -> None:
    session.add(row)
    session.flush()


def drop(session: Session, row: ToldFact) -> None:
    session.delete(row)
    session.flush()


def forget(session: Session, community: int, subject: str) -> None:
    session.exec(delete(ToldFact).where(col(ToldFact.community_id) == community, col(ToldFact.subject) == subject))
