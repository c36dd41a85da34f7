"""Topics that say the same: put together, taken apart, or taken away."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.agenda import topics, votes
from storage.agenda.topics import Topic


def merge(session: Session, into: Topic, topic: Topic) -> None:
    """Let one topic stand for both; dots that are on the other in a vote that is open count for it."""
    for row in merged(session, topic):
        row.merged_into = into.id
    topic.merged_into = into.id
    into.reason = into.reason or topic.reason
    for dot in votes.dots_on(session, topic):
        dot.topic_id = topics.key(into)
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


def remove(session: Session, topic: Topic) -> None:
    """Delete a topic; whatever had been put together with it waits by itself again."""
    take_apart(session, topic)
    for row in (*votes.dots_on(session, topic), *filter(None, [topics.note_on(session, topics.key(topic))])):
        session.delete(row)
    session.flush()
    session.delete(topic)
    session.flush()
