"""How much a person has sent to others through the bot: a token bucket for each person, as one moment.

The moment is when the bucket will be full again. Each message moves it on, by the time in which one message is given
back, and a person may send as long as it isn't further ahead than the whole bucket.
"""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, select

from storage.database.personal import DELETE, KEEP, personal


class SendingRate(SQLModel, table=True):
    """When a person may send as much as ever again. Key: the person. It says nothing about any message."""

    __table_args__ = (UniqueConstraint("person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", sa_column_kwargs=personal(forget=DELETE, leave=KEEP))
    full_at: datetime


def use(session: Session, person: int, now: datetime, *, at_once: int, per_hour: int) -> datetime | None:
    """Use up one message of a person who may send `at_once`, and `per_hour` from then on.

    Returns None if they may send it; else the moment from which on they may, and nothing is used up.
    """
    each = timedelta(hours=1) / per_hour
    row = session.exec(select(SendingRate).where(SendingRate.person_id == person).with_for_update()).first()
    if row is None:
        session.add(SendingRate(person_id=person, full_at=now + each))
        session.flush()
        return None
    bucket = at_once * each
    # Emptier than empty can only mean that the clock was set back since. That shuts nobody out.
    full_at = row.full_at if now < row.full_at <= now + bucket else now
    if full_at + each > now + bucket:
        return full_at + each - bucket
    row.full_at = full_at + each
    session.flush()
    return None
