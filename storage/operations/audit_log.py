"""What is kept about the bot's own work: who did what, what went wrong, what was already handled, forms half filled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Field, Index, Session, SQLModel, col, delete, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.database.personal import DELETE, KEEP, UNNAME, personal


class Audit(SQLModel, table=True):
    """Something a facilitator or admin did."""

    __table_args__ = (Index("ix_audit_at", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=KEEP, label="actions as facilitator or admin"),
    )
    action: str  # "meetings.move"
    detail: str = ""
    at: datetime


class Trouble(SQLModel, table=True):
    """An unexpected failure, under the reference number that the person was shown."""

    __table_args__ = (Index("ix_trouble_at", "at"),)
    reference: str = Field(primary_key=True)
    community_id: int | None = Field(default=None, index=True)
    doing: str  # the route: never what a person typed
    error: str
    at: datetime


class Handled(SQLModel, table=True):
    """A delivery from a platform that was already acted upon: the same one again does nothing."""

    __table_args__ = (Index("ix_handled_at", "at"),)
    key: str = Field(primary_key=True)
    at: datetime


# Without the session's bookkeeping: these come with everything a person does.
KNOWN = text("SELECT 1 FROM handled WHERE key = :key")
FIRST = text("INSERT INTO handled (key, at) VALUES (:key, :at) ON CONFLICT DO NOTHING").bindparams(
    bindparam("at", type_=UTCDateTime())
)


class Draft(SQLModel, table=True):
    """A form as a person filled it, kept until they correct it or a step of a wizard takes it further."""

    __table_args__ = (Index("ix_draft_at", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=KEEP))
    kind: str
    body: str  # JSON
    at: datetime


def record(
    session: Session, community: int | None, person: int | None, action: str, detail: str, now: datetime
) -> None:
    session.add(Audit(community_id=community, person_id=person, action=action, detail=detail, at=now))


def notes(session: Session, community: int, limit: int) -> Sequence[Audit]:
    return session.exec(
        select(Audit).where(Audit.community_id == community).order_by(col(Audit.id).desc()).limit(limit)
    ).all()


def trouble(session: Session, reference: str) -> Trouble | None:
    return session.get(Trouble, reference)


def is_processed(session: Session, key: str) -> bool:
    return session.connection().execute(KNOWN, {"key": key}).first() is not None


def mark_processed(session: Session, key: str, now: datetime) -> bool:
    """That this delivery was acted upon; forgotten with the transaction if that fails. False: it was before."""
    return session.connection().execute(FIRST, {"key": key, "at": now}).rowcount == 1


def save_draft(session: Session, person: int, kind: str, body: str, now: datetime, id: int | None = None) -> int:
    row = session.get(Draft, id) if id else None
    if row is None or row.person_id != person:
        row = Draft(person_id=person, kind=kind, body=body, at=now)
        session.add(row)
    row.body, row.at = body, now
    session.flush()
    assert row.id is not None
    return row.id


def draft(session: Session, person: int, kind: str, id: int | None = None) -> Draft | None:
    """The person's own draft: by id, or their latest of that kind."""
    query = select(Draft).where(Draft.person_id == person, Draft.kind == kind)
    if id is not None:
        query = query.where(Draft.id == id)
    return session.exec(query.order_by(col(Draft.id).desc())).first()


def take_draft(session: Session, person: int, kind: str) -> str:
    """The body of the person's latest draft of that kind, gone then: of two takers one gets it. "" for none."""
    query = select(Draft).where(Draft.person_id == person, Draft.kind == kind).order_by(col(Draft.id).desc())
    row = session.exec(query.with_for_update()).first()
    drop_drafts(session, person, kind)
    return row.body if row else ""


def drop_drafts(session: Session, person: int, kind: str) -> None:
    session.exec(delete(Draft).where(col(Draft.person_id) == person, col(Draft.kind) == kind))
