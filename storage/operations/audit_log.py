"""The audit log: what facilitators and admins did. It never contains answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Index, Session, SQLModel, col, select

from storage.database.personal import KEEP, UNNAME, personal


class Audit(SQLModel, table=True):
    """One action of a facilitator or admin. Key: `id`. `storage.privacy.retention` deletes it after two years."""

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


def record(
    session: Session, community: int | None, person: int | None, action: str, detail: str, now: datetime
) -> None:
    session.add(Audit(community_id=community, person_id=person, action=action, detail=detail, at=now))


def who(session: Session, community: int, action: str) -> int | None:
    """Return the person who first did this in a community; None if nobody is known to have."""
    query = select(Audit.person_id).where(Audit.community_id == community, Audit.action == action)
    return session.exec(query.order_by(col(Audit.id))).first()


def notes(session: Session, community: int, limit: int) -> Sequence[Audit]:
    """Return the newest `limit` actions in a community, newest first."""
    return session.exec(
        select(Audit).where(Audit.community_id == community).order_by(col(Audit.id).desc()).limit(limit)
    ).all()
