"""Endorsements: that a resource helped another member, and what they say about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, func, select

from storage.database.personal import DELETE, UNNAME, personal


class Endorsement(SQLModel, table=True):
    """One member's endorsement of another's resource. Key: resource and person.

    Deleted when they take it back, and with the resource.
    """

    __table_args__ = (UniqueConstraint("resource_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    resource_id: int = Field(foreign_key="resource.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=UNNAME, label="resources of others that helped", words=("note",)
        ),
    )
    note: str = ""
    at: datetime


def counts(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many endorsements each of these resources has. Those without any are left out."""
    rows = session.exec(
        select(Endorsement.resource_id, func.count())
        .where(col(Endorsement.resource_id).in_(ids))
        .group_by(col(Endorsement.resource_id))
    )
    return dict(rows.all())


def endorsers(session: Session, id: int) -> Sequence[int]:
    """Return whom the resource helped."""
    return session.exec(
        select(Endorsement.person_id).where(Endorsement.resource_id == id).order_by(col(Endorsement.id))
    ).all()


def get(session: Session, id: int, person: int) -> Endorsement | None:
    return session.exec(
        select(Endorsement).where(Endorsement.resource_id == id, Endorsement.person_id == person)
    ).first()


def mark(session: Session, id: int, person: int, now: datetime, note: str | None = None) -> None:
    """Save the person's endorsement. `note` replaces an earlier one; with None the earlier one stays."""
    row = get(session, id, person)
    if row is None:
        row = Endorsement(resource_id=id, person_id=person, at=now)
        session.add(row)
    if note is not None:
        row.note = note
    session.flush()


def take_back(session: Session, id: int, person: int) -> bool:
    """Delete the person's endorsement. Returns whether there was one."""
    row = get(session, id, person)
    if row:
        session.delete(row)
        session.flush()
    return row is not None


def notes(session: Session, id: int, limit: int) -> Sequence[Endorsement]:
    """Return the newest endorsements with a note, newest first."""
    return session.exec(
        select(Endorsement)
        .where(Endorsement.resource_id == id, Endorsement.note != "")
        .order_by(col(Endorsement.id).desc())
        .limit(limit)
    ).all()
