"""Events that were acknowledged before they were handled, so that none is lost if the process is killed in between."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Field, Index, Session, SQLModel, col, delete, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.database.personal import DELETE, KEEP, personal


class AcceptedEvent(SQLModel, table=True):
    """A form or command that a platform believes to be in our hands. Key: `key`, which names it among all platforms.

    Deleted in the transaction that handles it, usually within a second. What a killed process left is handled when the
    next one starts, and what that can't read is deleted like a draft (`storage.privacy.retention`).
    """

    __table_args__ = (Index("ix_acceptedevent_at", "at"),)
    key: str = Field(primary_key=True)
    # None for somebody whom the bot doesn't know yet.
    person_id: int | None = Field(
        default=None, foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=KEEP)
    )
    body: str  # JSON of bot.core.events.Submission or Command
    at: datetime


ADD = text(
    "INSERT INTO acceptedevent (key, person_id, body, at) VALUES (:key,"
    " (SELECT person_id FROM account WHERE platform = :platform AND external = :external), :body, :at)"
    " ON CONFLICT (key) DO UPDATE SET body = excluded.body"
).bindparams(bindparam("at", type_=UTCDateTime()))


def add(session: Session, rows: Sequence[tuple[str, str, str, str]], now: datetime) -> None:
    """Save events: the key of each, the platform and account it came from, and its body."""
    values = [
        {"key": key, "platform": platform, "external": external, "body": body, "at": now}
        for key, platform, external, body in rows
    ]
    session.connection().execute(ADD, values)


def drop(session: Session, keys: Sequence[str]) -> None:
    session.exec(delete(AcceptedEvent).where(col(AcceptedEvent.key).in_(keys)))


def before(session: Session, moment: datetime) -> Sequence[AcceptedEvent]:
    """Return what was accepted before `moment`, in that order."""
    query = select(AcceptedEvent).where(AcceptedEvent.at < moment).order_by(col(AcceptedEvent.at), AcceptedEvent.key)
    return session.exec(query).all()
