"""Handlers for topics, in the order it happens: the call, suggesting one, withdrawing it."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Shortcut, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.routes import EVERY
from bot.features.agenda import cards, rules
from bot.features.agenda.feature import feature
from bot.features.agenda.topics import news, views
from bot.operations.backlog import is_overtaken
from bot.ui import FormErrors, Message, Reply
from storage.agenda import topics
from storage.agenda.topics import KINDS, TOPIC
from storage.communities import request_quota


@feature.timer("call")
def call(ctx: Context, event: TimerFired) -> Reply:
    """Post the call two weeks before a meeting, unless the community is paused or has had its request this week."""
    meeting = cards.coming(ctx, event.value)
    if ctx.community.paused or meeting is None or is_overtaken(ctx, event):
        return None
    week = request_quota.week_of(ctx.now, ctx.community.zone)
    if request_quota.claim(ctx.session, ctx.community_id, week, f"agenda.call {event.value}", ctx.now):
        cards.post(ctx, meeting)
    return None


@feature.preview("call")
def preview_call(ctx: Context, value: str) -> Message | None:
    meeting = cards.coming(ctx, value)
    return cards.card(ctx, meeting) if meeting else None


@feature.command(
    "topic",
    help="Suggest a topic for the next meeting",
    argument="[title]",
    example="topic Quiet arrivals",
    is_shared=True,
)
def suggest(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return views.form(TOPIC)
    if len(event.text) > rules.LONGEST:
        raise Refusal(views.too_long(len(event.text), rules.LONGEST))
    return _add(ctx, TOPIC, event.text)


@feature.click(signals.SUGGEST_TOPIC, reads=True)
def ask_for_topic(ctx: Context, event: Click) -> Reply:
    return views.form(event.value if event.value in KINDS else TOPIC)


@feature.shortcut("add", "Add to agenda")
def take_from_message(ctx: Context, event: Shortcut) -> Reply:
    title = rules.title_of(event.text)
    if not title:
        raise Refusal(views.nothing_in_it())
    return views.form(TOPIC, title)


@feature.form("suggest", shared=EVERY)
def add(ctx: Context, event: Submission) -> Reply:
    kind, title = event.value if event.value in KINDS else TOPIC, event.answers.get("title", "")
    if not title:
        return FormErrors(views.form(kind), {"title": views.empty()})
    if len(title) > rules.LONGEST:
        return FormErrors(
            views.form(kind, title[: rules.LONGEST]), {"title": views.too_long(len(title), rules.LONGEST)}
        )
    return _add(ctx, kind, title)


def _add(ctx: Context, kind: str, title: str) -> Reply:
    waiting = topics.waiting(ctx.session, ctx.community_id)
    if topics.same(ctx.session, ctx.community_id, title):
        raise Refusal(views.there_already(title))
    close = rules.like(title, waiting, lambda topic: topic.title)
    # Everyone reads it on the agenda, which is only rewritten.
    ctx.count_as_sent()
    topic = topics.add(ctx.session, ctx.community_id, ctx.me, kind, title, ctx.now)
    meeting = cards.next_meeting(ctx)
    cards.refresh(ctx, meeting)
    return views.added(topic, meeting, close)


@feature.click("withdraw")
def withdraw(ctx: Context, event: Click) -> Reply:
    topic = cards.find(ctx, event.value)
    is_own = topic.person_id == ctx.me
    if not is_own and ctx.access.role < Role.FACILITATOR:
        raise Refusal(views.not_yours())
    if not is_own:
        ctx.audit("agenda.remove", f"topic {topic.id}")
    meeting = cards.listed_for(ctx, topic)
    news.remove(ctx, topic)
    cards.refresh(ctx, meeting)
    return views.withdrawn() if is_own else views.removed(topic)
