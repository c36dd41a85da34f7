"""Handlers for rounds of which nobody can tell who answered: a form by button, which leaves no trace of who sent it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.core.anonymity import AnonymousAct
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.routes import EVERY
from bot.domain.progress import missing
from bot.domain.questions import Value, shown
from bot.features.rounds import anonymous_views, answer_views, answering, posts
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import asked, find, key
from bot.ui import Reply
from storage.learning import anonymous_answers
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import Round
from storage.messaging import timers


def has_answered(ctx: Context, round: Round, person: int) -> bool:
    """Return whether it is known that somebody has answered."""
    marked = anonymous_answers.asked(ctx.session, key(round)).get(person, False)
    return marked or ctx.unmarked.has(anonymous_answers.subject(round), person)


def _open_to_me(ctx: Context, id: str) -> Round:
    """Return a round that the person who acts can answer, or refuse."""
    round = find(ctx, id)
    if round.level != NOBODY_CAN_TELL:
        raise Refusal(anonymous_views.not_anonymous())
    if round.closed_at:
        raise Refusal(anonymous_views.closed())
    if ctx.me not in anonymous_answers.asked(ctx.session, key(round)):
        raise Refusal(anonymous_views.not_asked())
    if has_answered(ctx, round, ctx.me):
        raise Refusal(anonymous_views.answered_already())
    return round


@feature.click("answer_anonymously", needs=Role.MEMBER, anonymous=True)
def ask(ctx: Context, event: Click) -> Reply:
    round = _open_to_me(ctx, event.value)
    group = len(anonymous_answers.asked(ctx.session, key(round)))
    return anonymous_views.form(round, asked(ctx.session, round), group)


@feature.form("answer_anonymously", shared=EVERY, needs=Role.MEMBER, anonymous=True)
def take(ctx: Context, event: Submission) -> Reply:
    round = _open_to_me(ctx, event.value)
    questions = asked(ctx.session, round)
    read, problems = answering.read(ctx, questions.questions, event.answers)
    if problems:
        raise Refusal(anonymous_views.corrections(questions, problems))
    given = {name: value for name, value in read.items() if value}
    if lacking := missing(questions, given):
        raise Refusal(anonymous_views.still_missing(lacking))
    if not any(given.get(question.key) for question in shown(questions.questions, given)):
        raise Refusal(answer_views.nothing_answered())
    if not ctx.unmarked.begin(anonymous_answers.subject(round), ctx.me):
        raise Refusal(anonymous_views.answered_already())
    save = partial(_save, key(round), ctx.community_id, given, ctx.now)
    ctx.act = AnonymousAct(anonymous_answers.subject(round), ctx.me, save, partial(_mark, key(round)))
    return anonymous_views.thanks(questions)


def _save(round: int, community: int, given: Mapping[str, Value], now: datetime, session: Session) -> None:
    anonymous_answers.save(session, round, given)
    if anonymous_answers.count(session, round) % posts.COUNTED_BY == 0:
        timers.put(session, community, "rounds.counted", str(round), now)


def _mark(round: int, session: Session, people: Sequence[int]) -> None:
    anonymous_answers.mark_answered(session, round, people)


@feature.timer("counted")
def draw_count(ctx: Context, event: TimerFired) -> Reply:
    posts.post_card(ctx, find(ctx, event.value))
    return None
