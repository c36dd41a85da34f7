"""What members would like to talk about: topics, wins and challenges, each waiting until a meeting takes it up."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage.meetings import PLANNED, Meeting

TOPIC, WIN, CHALLENGE = "topic", "win", "challenge"
KINDS = (TOPIC, WIN, CHALLENGE)


class Topic(SQLModel, table=True):
    """Something for the agenda. Until it is chosen for a meeting it is carried on to the next one."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # None: has left
    kind: str = TOPIC
    title: str
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)  # whose agenda has it
    added_at: datetime


def add(
    session: Session, community: int, person: int, kind: str, title: str, now: datetime, meeting: int | None = None
) -> Topic:
    assert kind in KINDS
    row = Topic(community_id=community, person_id=person, kind=kind, title=title, meeting_id=meeting, added_at=now)
    session.add(row)
    session.flush()
    return row


def get(session: Session, community: int, id: int) -> Topic | None:
    row = session.get(Topic, id)
    return row if row and row.community_id == community else None


def same(session: Session, community: int, title: str) -> Topic | None:
    """A topic that waits under this very title already."""
    folded = title.casefold()
    return next((t for t in waiting(session, community) if t.title.casefold() == folded), None)


def waiting(session: Session, community: int) -> Sequence[Topic]:
    """What no meeting has taken up, oldest first; a meeting that does not take place gives its topics back."""
    return session.exec(
        select(Topic)
        .join(Meeting, col(Meeting.id) == Topic.meeting_id, isouter=True)
        .where(Topic.community_id == community, or_(col(Topic.meeting_id).is_(None), Meeting.status != PLANNED))
        .order_by(col(Topic.id))
    ).all()


def chosen(session: Session, meeting: int) -> Sequence[Topic]:
    """The topics chosen for a meeting's agenda, oldest first."""
    return session.exec(select(Topic).where(Topic.meeting_id == meeting).order_by(col(Topic.id))).all()


def for_meeting(session: Session, meeting: Meeting) -> Sequence[Topic]:
    """The agenda so far: what was chosen for the meeting, or else everything that waits."""
    assert meeting.id is not None
    return chosen(session, meeting.id) or waiting(session, meeting.community_id)


def choose(session: Session, meeting: int, topics: Sequence[Topic]) -> None:
    """Make these the agenda of a meeting; others that had been chosen for it wait again."""
    for topic in chosen(session, meeting):
        topic.meeting_id = None
    for topic in topics:
        topic.meeting_id = meeting
    session.flush()


def remove(session: Session, topic: Topic) -> None:
    session.delete(topic)
    session.flush()
