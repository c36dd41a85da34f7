"""Idempotency keys of events that were handled, so that an event which a platform sends twice acts once."""

from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Field, Index, Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime


class ProcessedEvent(SQLModel, table=True):
    """An event that was handled. Key: its idempotency key. `storage.privacy.retention` deletes it after two days."""

    __table_args__ = (Index("ix_processedevent_at", "at"),)
    key: str = Field(primary_key=True)
    at: datetime


# Every event runs these queries, so they go past the session's unit of work.
KNOWN = text("SELECT 1 FROM processedevent WHERE key = :key")
FIRST = text("INSERT INTO processedevent (key, at) VALUES (:key, :at) ON CONFLICT DO NOTHING").bindparams(
    bindparam("at", type_=UTCDateTime())
)


def is_processed(session: Session, key: str) -> bool:
    return session.connection().execute(KNOWN, {"key": key}).first() is not None


def mark_processed(session: Session, key: str, now: datetime) -> bool:
    """Note, in the transaction that handles it, that this event was handled. Returns False if it was already."""
    return session.connection().execute(FIRST, {"key": key, "at": now}).rowcount == 1
