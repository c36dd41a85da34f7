"""Drafts: what a person typed in a form that was not saved, until they correct or continue it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, Index, Session, SQLModel, col, delete, select

from storage.database.personal import DELETE, KEEP, personal

# How the kind begins of a row that holds the answer to a form that was submitted.
ANSWERED = "answered "


class Draft(SQLModel, table=True):
    """A form as a person filled it in. Key: `id`.

    Deleted when they have submitted it, and by `storage.privacy.retention` after two weeks. The answer to a form that
    was submitted is deleted with the key that makes it act once.
    """

    __table_args__ = (Index("ix_draft_at", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=KEEP))
    kind: str
    body: str  # JSON
    at: datetime


# Every form runs this query, so it is built once.
OF_KIND = (
    select(Draft)
    .where(Draft.person_id == bindparam("person"), Draft.kind == bindparam("kind"))
    .order_by(col(Draft.id).desc())
)


def save(session: Session, person: int, kind: str, body: str, now: datetime, id: int | None = None) -> int:
    """Save a draft, in place of the person's draft `id` if there is one. Returns its id."""
    row = session.get(Draft, id) if id else None
    if row is None or row.person_id != person:
        row = Draft(person_id=person, kind=kind, body=body, at=now)
        session.add(row)
    row.body, row.at = body, now
    session.flush()
    assert row.id is not None
    return row.id


def is_answer(row: Draft) -> bool:
    """Return whether the row holds the answer to a form that was submitted, not what somebody typed."""
    return row.kind.startswith(ANSWERED)


def find(session: Session, person: int, kind: str, id: int | None = None) -> Draft | None:
    """Return the person's draft of this kind: the one with `id`, or their latest."""
    query = OF_KIND if id is None else OF_KIND.where(Draft.id == id)
    return session.exec(query, params={"person": person, "kind": kind}).first()


def of_kind(session: Session, person: int, kind: str) -> Sequence[Draft]:
    """Return the person's drafts of this kind, the latest first."""
    return session.exec(OF_KIND, params={"person": person, "kind": kind}).all()


def owned(session: Session, person: int, id: int) -> Draft | None:
    """Return a draft of any kind, if it is this person's."""
    row = session.get(Draft, id)
    return row if row and row.person_id == person else None


def claim(session: Session, person: int, kind: str) -> str:
    """Delete the person's drafts of this kind, and return the body of the latest; "" if there is none.

    The row is locked, so that of two transactions only one gets it.
    """
    row = session.exec(OF_KIND.with_for_update(), params={"person": person, "kind": kind}).first()
    drop(session, person, kind)
    return row.body if row else ""


def drop(session: Session, person: int, kind: str) -> None:
    """Delete the person's drafts of this kind."""
    session.exec(delete(Draft).where(col(Draft.person_id) == person, col(Draft.kind) == kind))


def drop_all(session: Session, person: int) -> None:
    """Delete the person's drafts of every kind."""
    session.exec(delete(Draft).where(col(Draft.person_id) == person))
