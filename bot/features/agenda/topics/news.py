"""Merges, separates and removes topics, and tells the members who suggested them.

Each is told in a direct message, and told again when that no longer holds. Whoever does it themselves isn't told.
"""

from collections.abc import Callable, Sequence
from functools import partial

from bot.core.context import Context, News
from bot.core.resolver import parse_id
from bot.features.agenda.feature import feature
from bot.features.agenda.topics import views
from bot.ui import Message, ToPerson
from storage.agenda import topic_merges, topics
from storage.agenda.topics import Topic
from storage.messaging import outbox, told_facts

# What is known of a topic that isn't merged into another: it waits by itself, or it is gone.
BY_ITSELF, REMOVED = "by itself", "removed"


def merge(ctx: Context, into: Topic, topic: Topic) -> None:
    """Let `into` stand for `topic` too, and for what was merged into that."""
    before = _states([topic, *topic_merges.merged(ctx.session, topic)])
    topic_merges.merge(ctx.session, into, topic)
    for each, was in before:
        _tell(ctx, each, was, _state(each), partial(views.was_merged, each, into))


def take_apart(ctx: Context, topic: Topic) -> Sequence[Topic]:
    """Undo the merges into this topic. Returns the topics that wait by themselves again."""
    before = _states(topic_merges.merged(ctx.session, topic))
    apart = topic_merges.take_apart(ctx.session, topic)
    for each, was in before:
        _tell(ctx, each, was, _state(each), partial(views.waits_again, each))
    return apart


def remove(ctx: Context, topic: Topic) -> None:
    """Delete a topic. Those merged into it wait by themselves again."""
    take_apart(ctx, topic)
    _tell(ctx, topic, _state(topic), REMOVED, partial(views.was_removed, topic))
    told_facts.forget(ctx.session, ctx.community_id, _subject(topic))
    topic_merges.remove(ctx.session, topic)


@feature.redraw("topic")
def redraw(ctx: Context, value: str) -> None:
    """Rewrite what a member was told of their topic: it may quote another, whose author changed it or has gone."""
    topic = topics.get(ctx.session, ctx.community_id, parse_id(value.partition(".")[0]))
    into = topics.get(ctx.session, ctx.community_id, topic.merged_into) if topic and topic.merged_into else None
    if topic:
        view = partial(views.was_merged, topic, into) if into else partial(views.waits_again, topic)
        _rewrite(ctx, f"agenda.topic.{value}", view)


def _states(among: Sequence[Topic]) -> list[tuple[Topic, str]]:
    return [(topic, _state(topic)) for topic in among]


def _state(topic: Topic) -> str:
    return f"in {topic.merged_into}" if topic.merged_into else BY_ITSELF


def _subject(topic: Topic) -> str:
    return f"topic.{topic.id}"


def _tell(ctx: Context, topic: Topic, was: str, now: str, view: Callable[[], Message]) -> None:
    prefix = f"agenda.topic.{topic.id}."
    to = [topic.person_id] if topic.person_id else []
    ctx.tell(News(_subject(topic), now, f"{prefix}{int(ctx.now.timestamp())}", was, to, by=ctx.me), view)
    with ctx.rewriting():
        for earlier in outbox.with_prefix(ctx.session, ctx.community_id, prefix):
            _rewrite(ctx, earlier, view)


def _rewrite(ctx: Context, key: str, view: Callable[[], Message]) -> None:
    for person in outbox.receivers(ctx.session, key):
        ctx.post(ToPerson(person), key, view)
