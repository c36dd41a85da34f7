"""Topics, wins and challenges that members suggest, and the facilitators' notes about them.

A topic waits until it is chosen for a meeting. If that meeting does not take place, the topic waits again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import PLANNED, Meeting

TOPIC, WIN, CHALLENGE = "topic", "win", "challenge"
KINDS = (TOPIC, WIN, CHALLENGE)


class Topic(SQLModel, table=True):
    """One topic, win or challenge. Key: `id`. Deleted by `topic_merges.remove`."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    # None: they left the community.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="topics for an agenda"),
    )
    kind: str = TOPIC
    title: str
    # The meeting it was chosen for.
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    # The topic that stands for this one, which says the same.
    merged_into: int | None = Field(default=None, foreign_key="topic.id", index=True)
    # Why a facilitator put it on the agenda without a vote; members read it.
    reason: str = ""
    # Its dots in the last vote, once that has closed.
    dots: int = 0
    place: int = 0  # on the agenda, from 1
    added_at: datetime


class TopicNote(SQLModel, table=True):
    """What facilitators note about a topic among themselves. Key: the topic.

    A table of its own, so that no copy of a topic contains the note. Deleted with the topic, or when its words are.
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    topic_id: int = Field(foreign_key="topic.id", unique=True)
    # The last to write it.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="notes about topics, for facilitators"),
    )
    words: str
    written_at: datetime


# Every view of a meeting runs these queries, so they are built once.
WAITING = (
    select(Topic)
    .join(Meeting, col(Meeting.id) == Topic.meeting_id, isouter=True)
    .where(
        Topic.community_id == bindparam("community"),
        col(Topic.merged_into).is_(None),
        or_(col(Topic.meeting_id).is_(None), Meeting.status != PLANNED),
    )
    .order_by(col(Topic.id))
)
CHOSEN = (
    select(Topic)
    .where(Topic.meeting_id == bindparam("meeting"), col(Topic.merged_into).is_(None))
    .order_by(col(Topic.place), col(Topic.id))
)


def key(row: Topic) -> int:
    assert row.id is not None
    return row.id


def add(
    session: Session,
    community: int,
    person: int | None,
    kind: str,
    title: str,
    now: datetime,
    *,
    reason: str = "",
) -> Topic:
    """Add a topic. A facilitator who puts it on the agenda without a vote gives a `reason`."""
    assert kind in KINDS
    row = Topic(community_id=community, person_id=person, kind=kind, title=title, reason=reason, added_at=now)
    session.add(row)
    session.flush()
    return row


def get(session: Session, community: int, id: int) -> Topic | None:
    row = session.get(Topic, id)
    return row if row and row.community_id == community else None


def same(session: Session, community: int, title: str) -> Topic | None:
    """Return a waiting topic with the same title, whatever its case."""
    folded = title.casefold()
    return next((t for t in waiting(session, community) if t.title.casefold() == folded), None)


def waiting(session: Session, community: int) -> Sequence[Topic]:
    """Return the topics not chosen for a planned meeting, oldest first, without those merged into another."""
    return session.exec(WAITING, params={"community": community}).all()


def chosen(session: Session, meeting: int) -> Sequence[Topic]:
    """Return the topics chosen for a meeting, in the order of its agenda."""
    return session.exec(CHOSEN, params={"meeting": meeting}).all()


def for_meeting(session: Session, meeting: Meeting) -> Sequence[Topic]:
    """Return the agenda so far: the topics chosen for the meeting, or if there are none, all that wait."""
    assert meeting.id is not None
    return chosen(session, meeting.id) or waiting(session, meeting.community_id)


def choose(session: Session, meeting: int, topics: Sequence[Topic]) -> None:
    """Make these topics the agenda of a meeting, in this order. Others that were chosen for it wait again."""
    for topic in chosen(session, meeting):
        topic.meeting_id, topic.place = None, 0
    for place, topic in enumerate(topics, 1):
        topic.meeting_id, topic.place = meeting, place
    session.flush()


# --- facilitators' notes


def note_on(session: Session, topic: int) -> TopicNote | None:
    return session.exec(select(TopicNote).where(TopicNote.topic_id == topic)).first()


def notes(session: Session, community: int) -> Mapping[int, str]:
    """Return the words of all notes by topic."""
    rows = session.exec(select(TopicNote).where(TopicNote.community_id == community))
    return {row.topic_id: row.words for row in rows}


def write_note(session: Session, topic: Topic, person: int | None, words: str, now: datetime) -> None:
    """Write the note on a topic, in place of an earlier one. Empty words delete it."""
    row = note_on(session, key(topic))
    if row and not words:
        session.delete(row)
    elif row:
        row.words, row.person_id, row.written_at = words, person, now
    elif words:
        session.add(
            TopicNote(
                community_id=topic.community_id, topic_id=key(topic), person_id=person, words=words, written_at=now
            )
        )
    session.flush()


# --- meetings that have an agenda


def ahead(session: Session, community: int, now: datetime, until: datetime) -> Sequence[Meeting]:
    """Return the meetings that start after `now` and up to `until`, in order, whatever their status."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.starts_at > now, Meeting.starts_at <= until)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


# 52 weeks lead to the same weekday. The cadence of another year may be off by some weeks.
YEAR, ABOUT = timedelta(days=364), timedelta(days=45)


def year_before(session: Session, meeting: Meeting) -> Meeting | None:
    """Return the meeting with an agenda that is nearest to a year before this one, or None.

    One of the same series comes before all others.
    """
    then = meeting.starts_at - YEAR
    rows = session.exec(
        select(Meeting).where(
            Meeting.community_id == meeting.community_id,
            Meeting.status == PLANNED,
            Meeting.starts_at >= then - ABOUT,
            Meeting.starts_at <= then + ABOUT,
            col(Meeting.id).in_(select(Topic.meeting_id).where(Topic.community_id == meeting.community_id)),
        )
    ).all()
    return min(rows, key=lambda m: (m.series_id != meeting.series_id, abs(m.starts_at - then), m.id), default=None)
