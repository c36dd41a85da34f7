"""Merges topics that say the same, separates them again, and removes topics."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.agenda import topics, votes
from storage.agenda.topics import Topic


def merge(session: Session, into: Topic, topic: Topic) -> None:
    """Merge `topic` into `into`, with whatever had been merged into it. Its dots in an open vote move along."""
    for row in merged(session, topic):
        row.merged_into = into.id
    topic.merged_into = into.id
    into.reason = into.reason or topic.reason
    for dot in votes.dots_on(session, topic):
        dot.topic_id = topics.key(into)
    session.flush()


def merged(session: Session, topic: Topic) -> Sequence[Topic]:
    """Return the topics merged into this one, oldest first."""
    return session.exec(select(Topic).where(Topic.merged_into == topic.id).order_by(col(Topic.id))).all()


def take_apart(session: Session, topic: Topic) -> Sequence[Topic]:
    """Undo the merges into this topic. Returns the topics that wait by themselves again."""
    apart = merged(session, topic)
    for row in apart:
        row.merged_into = None
    session.flush()
    return apart


def remove(session: Session, topic: Topic) -> None:
    """Delete a topic with its dots and note. Topics merged into it wait by themselves again."""
    take_apart(session, topic)
    for row in (*votes.dots_on(session, topic), *filter(None, [topics.note_on(session, topics.key(topic))])):
        session.delete(row)
    session.flush()
    session.delete(topic)
    session.flush()
