"""Unexpected failures, each under the reference number that the person was shown."""

from datetime import datetime

from sqlmodel import Field, Index, Session, SQLModel


class Incident(SQLModel, table=True):
    """An unexpected failure, under the reference number that the person was shown."""

    __table_args__ = (Index("ix_incident_at", "at"),)
    reference: str = Field(primary_key=True)
    community_id: int | None = Field(default=None, index=True)
    doing: str  # the route: never what a person typed
    error: str
    at: datetime


def get(session: Session, reference: str) -> Incident | None:
    return session.get(Incident, reference)
