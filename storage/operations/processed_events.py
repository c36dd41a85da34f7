"""Which deliveries from a platform were acted upon: the idempotency keys of events."""

from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Field, Index, Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime


class ProcessedEvent(SQLModel, table=True):
    """A delivery from a platform that was already acted upon: the same one again does nothing."""

    __table_args__ = (Index("ix_processedevent_at", "at"),)
    key: str = Field(primary_key=True)
    at: datetime


# Without the session's bookkeeping: these come with everything a person does.
KNOWN = text("SELECT 1 FROM processedevent WHERE key = :key")
FIRST = text("INSERT INTO processedevent (key, at) VALUES (:key, :at) ON CONFLICT DO NOTHING").bindparams(
    bindparam("at", type_=UTCDateTime())
)


def is_processed(session: Session, key: str) -> bool:
    return session.connection().execute(KNOWN, {"key": key}).first() is not None


def mark_processed(session: Session, key: str, now: datetime) -> bool:
    """That this delivery was acted upon; forgotten with the transaction if that fails. False: it was before."""
    return session.connection().execute(FIRST, {"key": key, "at": now}).rowcount == 1
