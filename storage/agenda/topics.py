"""What members would like to talk about: topics, wins and challenges, each waiting until a meeting takes it up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import PLANNED, Meeting

TOPIC, WIN, CHALLENGE = "topic", "win", "challenge"
KINDS = (TOPIC, WIN, CHALLENGE)


class Topic(SQLModel, table=True):
    """Something for the agenda. Until it is chosen for a meeting it is carried on to the next one."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    # None: has left.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="topics for an agenda"),
    )
    kind: str = TOPIC
    title: str
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)  # whose agenda has it
    merged_into: int | None = Field(default=None, foreign_key="topic.id", index=True)  # the one it says the same as
    reason: str = ""  # why a facilitator put it on the agenda beside the vote; shown with it
    dots: int = 0  # that it got in the last vote, from the moment that closed
    place: int = 0  # on the agenda that has it, from 1
    added_at: datetime


class TopicNote(SQLModel, table=True):
    """What facilitators keep about a topic among themselves: apart from it, so that no copy of a topic holds it."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    topic_id: int = Field(foreign_key="topic.id", unique=True)
    # Who wrote it last.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="notes about topics, for facilitators"),
    )
    words: str
    written_at: datetime


# Asked whenever a meeting is shown, so they are put together once.
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
    """`reason`: a facilitator puts it on the agenda beside the vote."""
    assert kind in KINDS
    row = Topic(community_id=community, person_id=person, kind=kind, title=title, reason=reason, added_at=now)
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
    return session.exec(WAITING, params={"community": community}).all()


def chosen(session: Session, meeting: int) -> Sequence[Topic]:
    """The topics of a meeting's agenda, in its order."""
    return session.exec(CHOSEN, params={"meeting": meeting}).all()


def for_meeting(session: Session, meeting: Meeting) -> Sequence[Topic]:
    """The agenda so far: what was chosen for the meeting, or else everything that waits."""
    assert meeting.id is not None
    return chosen(session, meeting.id) or waiting(session, meeting.community_id)


def choose(session: Session, meeting: int, topics: Sequence[Topic]) -> None:
    """Make these the agenda of a meeting, in this order; others that had been chosen for it wait again."""
    for topic in chosen(session, meeting):
        topic.meeting_id, topic.place = None, 0
    for place, topic in enumerate(topics, 1):
        topic.meeting_id, topic.place = meeting, place
    session.flush()


# --- what facilitators keep among themselves


def note_on(session: Session, topic: int) -> TopicNote | None:
    return session.exec(select(TopicNote).where(TopicNote.topic_id == topic)).first()


def notes(session: Session, community: int) -> Mapping[int, str]:
    """By topic."""
    rows = session.exec(select(TopicNote).where(TopicNote.community_id == community))
    return {row.topic_id: row.words for row in rows}


def write_note(session: Session, topic: Topic, person: int | None, words: str, now: datetime) -> None:
    """No words take the note away."""
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


# --- the meetings that an agenda is made for


def ahead(session: Session, community: int, now: datetime, until: datetime) -> Sequence[Meeting]:
    """Every meeting that was to begin from now until then, whatever became of it, in order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.starts_at > now, Meeting.starts_at <= until)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


YEAR, ABOUT = timedelta(days=364), timedelta(days=45)  # to the same weekday; rules shift by some weeks


def year_before(session: Session, meeting: Meeting) -> Meeting | None:
    """The meeting nearest to a year before this one that had an agenda, first among those of the same series."""
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
