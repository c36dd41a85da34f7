"""Votes on the topics of a meeting. Each member has three dots.

Counts are secret until the vote closes, and nobody ever learns who gave which dot: closing deletes the dots.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage.agenda.topics import Topic, waiting
from storage.database.personal import DELETE, personal
from storage.meetings.meetings import Meeting


class Vote(SQLModel, table=True):
    """The vote on the topics of one meeting. Key: the meeting. Deleted when the meeting does not take place."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", unique=True)
    opened_at: datetime
    # When the meeting started as `closes_at` was set. If the meeting has moved since, the closing moves along.
    begins_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    voters: int = 0  # set by `close`


class Dot(SQLModel, table=True):
    """One dot of a member in an open vote. Key: vote, person and place. Deleted when the vote closes."""

    __table_args__ = (UniqueConstraint("vote_id", "person_id", "place"),)
    id: int | None = Field(default=None, primary_key=True)
    vote_id: int = Field(foreign_key="vote.id")
    topic_id: int = Field(foreign_key="topic.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE, label="dots in a vote that is open"),
    )
    place: int  # 1 to 3


def on(session: Session, meeting: int) -> Vote | None:
    return session.exec(select(Vote).where(Vote.meeting_id == meeting)).first()


def open_in(session: Session, community: int) -> Sequence[Vote]:
    return session.exec(
        select(Vote).where(Vote.community_id == community, col(Vote.closed_at).is_(None)).order_by(col(Vote.id))
    ).all()


def begin(session: Session, meeting: Meeting, now: datetime, closes_at: datetime) -> Vote:
    """Open the vote of a meeting, and reset the dots that topics got in the last one."""
    assert meeting.id is not None
    for topic in waiting(session, meeting.community_id):
        topic.dots = 0
    row = Vote(
        community_id=meeting.community_id,
        meeting_id=meeting.id,
        opened_at=now,
        begins_at=meeting.starts_at,
        closes_at=closes_at,
    )
    session.add(row)
    session.flush()
    return row


def ballot(session: Session, community: int) -> Sequence[Topic]:
    """Return the topics to vote on: all that wait, without those that a facilitator put on the agenda anyway."""
    return [topic for topic in waiting(session, community) if not topic.reason]


def dots_of(session: Session, vote: Vote, person: int) -> list[int]:
    """Return the topics that a person's dots are on."""
    rows = session.exec(select(Dot).where(Dot.vote_id == vote.id, Dot.person_id == person).order_by(col(Dot.place)))
    return [row.topic_id for row in rows]


def put_dots(session: Session, vote: Vote, person: int, topics: Sequence[int]) -> None:
    """Replace a person's dots with one on each of these topics. An empty list takes them back."""
    assert vote.id is not None
    assert vote.closed_at is None
    for row in session.exec(select(Dot).where(Dot.vote_id == vote.id, Dot.person_id == person)).all():
        session.delete(row)
    session.flush()
    for place, topic in enumerate(topics, 1):
        session.add(Dot(vote_id=vote.id, topic_id=topic, person_id=person, place=place))
    session.flush()


def close(session: Session, vote: Vote, now: datetime) -> None:
    """Count the dots and delete them, so that nothing changes the counts later. Does nothing to a closed vote."""
    if vote.closed_at:
        return
    dots = session.exec(select(Dot).where(Dot.vote_id == vote.id)).all()
    for topic in ballot(session, vote.community_id):
        topic.dots = sum(dot.topic_id == topic.id for dot in dots)
    vote.closed_at, vote.voters = now, len({dot.person_id for dot in dots})
    for dot in dots:
        session.delete(dot)
    session.flush()


def drop(session: Session, vote: Vote) -> None:
    """Delete a vote and its dots, because its meeting does not take place."""
    for dot in session.exec(select(Dot).where(Dot.vote_id == vote.id)).all():
        session.delete(dot)
    session.flush()
    session.delete(vote)
    session.flush()


def dots_on(session: Session, topic: Topic) -> Sequence[Dot]:
    return session.exec(select(Dot).where(Dot.topic_id == topic.id)).all()
