"""Reflections: notes outside of any round, private or shared."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, select

from storage.database.personal import DELETE, UNNAME, personal
from storage.learning.rounds import ME


class Reflection(SQLModel, table=True):
    """What a person wrote down for themselves, or to share. Key: `id`."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=UNNAME, label="reflections", own=("audience", "me"), words=("body", "about")
        ),
    )
    body: str
    # What it reflects on, if the person started from a message.
    about: str = ""
    audience: str = ME  # GROUP, FACILITATORS or ME
    at: datetime


def get(session: Session, community: int, id: int) -> Reflection | None:
    return session.exec(select(Reflection).where(Reflection.id == id, Reflection.community_id == community)).first()


def add(
    session: Session, person: int, community: int | None, body: str, about: str, audience: str, now: datetime
) -> Reflection:
    row = Reflection(person_id=person, community_id=community, body=body, about=about, audience=audience, at=now)
    session.add(row)
    session.flush()
    return row
