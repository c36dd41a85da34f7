"""Incidents: unexpected failures, each with the error code that the person was shown."""

from datetime import datetime

from sqlmodel import Field, Index, Session, SQLModel


class Incident(SQLModel, table=True):
    """One unexpected failure. Key: `reference`, the error code.

    `storage.privacy.retention` deletes it after three months.
    """

    __table_args__ = (Index("ix_incident_at", "at"),)
    reference: str = Field(primary_key=True)
    community_id: int | None = Field(default=None, index=True)
    event_name: str  # route; never what a person typed
    error: str
    at: datetime


def get(session: Session, reference: str) -> Incident | None:
    return session.get(Incident, reference)
