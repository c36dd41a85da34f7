"""What members would like to talk about: topics, wins and challenges, each waiting until a meeting takes it up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, or_, select

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
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # who wrote it last
    words: str
    written_at: datetime


class Vote(SQLModel, table=True):
    """The vote on what one meeting talks about. Nobody reads the dots before it closes, and nobody whose they were."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", unique=True)
    opened_at: datetime
    begins_at: datetime  # when the meeting was to begin as the closing was set: where it moves, the closing follows
    closes_at: datetime
    closed_at: datetime | None = None
    voters: int = 0  # counted when it closes


class Dot(SQLModel, table=True):
    """One dot of a member in a vote that is open: closing counts the dots and deletes them."""

    __table_args__ = (UniqueConstraint("vote_id", "person_id", "place"),)
    id: int | None = Field(default=None, primary_key=True)
    vote_id: int = Field(foreign_key="vote.id")
    topic_id: int = Field(foreign_key="topic.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    place: int  # first, second or third dot


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
    return session.exec(
        select(Topic)
        .join(Meeting, col(Meeting.id) == Topic.meeting_id, isouter=True)
        .where(
            Topic.community_id == community,
            col(Topic.merged_into).is_(None),
            or_(col(Topic.meeting_id).is_(None), Meeting.status != PLANNED),
        )
        .order_by(col(Topic.id))
    ).all()


def chosen(session: Session, meeting: int) -> Sequence[Topic]:
    """The topics of a meeting's agenda, in its order."""
    return session.exec(
        select(Topic)
        .where(Topic.meeting_id == meeting, col(Topic.merged_into).is_(None))
        .order_by(col(Topic.place), col(Topic.id))
    ).all()


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


def remove(session: Session, topic: Topic) -> None:
    """Delete a topic; whatever had been put together with it waits by itself again."""
    take_apart(session, topic)
    for row in (*_dots_on(session, topic), *filter(None, [note_on(session, key(topic))])):
        session.delete(row)
    session.flush()
    session.delete(topic)
    session.flush()


# --- topics that say the same


def merge(session: Session, into: Topic, topic: Topic) -> None:
    """Let one topic stand for both; dots that are on the other in a vote that is open count for it."""
    for row in merged(session, topic):
        row.merged_into = into.id
    topic.merged_into = into.id
    into.reason = into.reason or topic.reason
    for dot in _dots_on(session, topic):
        dot.topic_id = key(into)
    session.flush()


def merged(session: Session, topic: Topic) -> Sequence[Topic]:
    """Those that a topic stands for besides itself, oldest first."""
    return session.exec(select(Topic).where(Topic.merged_into == topic.id).order_by(col(Topic.id))).all()


def take_apart(session: Session, topic: Topic) -> Sequence[Topic]:
    """Let those that a topic stood for wait by themselves again; returns them."""
    apart = merged(session, topic)
    for row in apart:
        row.merged_into = None
    session.flush()
    return apart


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


# --- the vote


def vote_on(session: Session, meeting: int) -> Vote | None:
    return session.exec(select(Vote).where(Vote.meeting_id == meeting)).first()


def open_votes(session: Session, community: int) -> Sequence[Vote]:
    return session.exec(
        select(Vote).where(Vote.community_id == community, col(Vote.closed_at).is_(None)).order_by(col(Vote.id))
    ).all()


def open_vote(session: Session, meeting: Meeting, now: datetime, closes_at: datetime) -> Vote:
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
    """What may be voted on: all that waits, but for what facilitators put on the agenda anyway."""
    return [topic for topic in waiting(session, community) if not topic.reason]


def dots_of(session: Session, vote: Vote, person: int) -> list[int]:
    """The topics that a person's own dots are on."""
    rows = session.exec(select(Dot).where(Dot.vote_id == vote.id, Dot.person_id == person).order_by(col(Dot.place)))
    return [row.topic_id for row in rows]


def put_dots(session: Session, vote: Vote, person: int, topics: Sequence[int]) -> None:
    """Let these be a person's dots, in the place of those they had; none at all takes them back."""
    assert vote.id is not None
    assert vote.closed_at is None
    for row in session.exec(select(Dot).where(Dot.vote_id == vote.id, Dot.person_id == person)).all():
        session.delete(row)
    session.flush()
    for place, topic in enumerate(topics, 1):
        session.add(Dot(vote_id=vote.id, topic_id=topic, person_id=person, place=place))
    session.flush()


def close_vote(session: Session, vote: Vote, now: datetime) -> None:
    """Count the dots, and forget whose they were. Once closed, nothing that anybody does later changes the counts."""
    if vote.closed_at:
        return
    dots = session.exec(select(Dot).where(Dot.vote_id == vote.id)).all()
    for topic in ballot(session, vote.community_id):
        topic.dots = sum(dot.topic_id == topic.id for dot in dots)
    vote.closed_at, vote.voters = now, len({dot.person_id for dot in dots})
    for dot in dots:
        session.delete(dot)
    session.flush()


def drop_vote(session: Session, vote: Vote) -> None:
    """As if there had been none: its meeting does not take place."""
    for dot in session.exec(select(Dot).where(Dot.vote_id == vote.id)).all():
        session.delete(dot)
    session.flush()
    session.delete(vote)
    session.flush()


def _dots_on(session: Session, topic: Topic) -> Sequence[Dot]:
    return session.exec(select(Dot).where(Dot.topic_id == topic.id)).all()


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
