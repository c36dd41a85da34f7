"""Reflections: what people wrote down for themselves, or shared from there."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from storage.database.personal import DELETE, UNNAME, personal
from storage.learning.rounds import ME


class Reflection(SQLModel, table=True):
    """A thought somebody wrote down for themselves, or to share."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=UNNAME, label="reflections", own=("audience", "me")),
    )
    body: str
    about: str = ""  # what it reflects on, where it began from a message
    audience: str = ME
    at: datetime


def add(
    session: Session, person: int, community: int | None, body: str, about: str, audience: str, now: datetime
) -> Reflection:
    row = Reflection(person_id=person, community_id=community, body=body, about=about, audience=audience, at=now)
    session.add(row)
    session.flush()
    return row
