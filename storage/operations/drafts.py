"""Forms and commands half done: what a person typed, until they correct it or take it further."""

from datetime import datetime

from sqlmodel import Field, Index, Session, SQLModel, col, delete, select

from storage.database.personal import DELETE, KEEP, personal


class Draft(SQLModel, table=True):
    """A form as a person filled it, kept until they correct it or a step of a wizard takes it further."""

    __table_args__ = (Index("ix_draft_at", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=KEEP))
    kind: str
    body: str  # JSON
    at: datetime


def save(session: Session, person: int, kind: str, body: str, now: datetime, id: int | None = None) -> int:
    row = session.get(Draft, id) if id else None
    if row is None or row.person_id != person:
        row = Draft(person_id=person, kind=kind, body=body, at=now)
        session.add(row)
    row.body, row.at = body, now
    session.flush()
    assert row.id is not None
    return row.id


def find(session: Session, person: int, kind: str, id: int | None = None) -> Draft | None:
    """The person's own draft: by id, or their latest of that kind."""
    query = select(Draft).where(Draft.person_id == person, Draft.kind == kind)
    if id is not None:
        query = query.where(Draft.id == id)
    return session.exec(query.order_by(col(Draft.id).desc())).first()


def take(session: Session, person: int, kind: str) -> str:
    """The body of the person's latest draft of that kind, gone then: of two takers one gets it. "" for none."""
    query = select(Draft).where(Draft.person_id == person, Draft.kind == kind).order_by(col(Draft.id).desc())
    row = session.exec(query.with_for_update()).first()
    drop(session, person, kind)
    return row.body if row else ""


def drop(session: Session, person: int, kind: str) -> None:
    session.exec(delete(Draft).where(col(Draft.person_id) == person, col(Draft.kind) == kind))
