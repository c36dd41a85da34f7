"""Handlers for answering, page by page: each page that is sent is a draft until the person sends the whole.

A form says from which answer it began, so that of two forms the one that began from an older answer asks first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain import question_words
from bot.domain.progress import missing
from bot.domain.questionnaires import ADDED, pressed
from bot.domain.questions import Problem, Question, Questionnaire, Value, check, shown
from bot.domain.questions import QuestionType as T
from bot.features.rounds import anonymous_views, answer_views, asking, beginning_views, posts, rules, views
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import asked, find, key
from bot.operations import coming_checkins
from bot.ui import Form, FormErrors, Message, NextForm, Reply
from storage.learning import rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import AUDIENCES, DRAFT, ME, MOOD, ONLY, Response, Round
from storage.privacy import written

# The answers of who has given none.
NONE: Mapping[str, Value] = {}
# What the value of a form ends with that was opened from the list of what somebody wrote.
FROM_LIST = "list"


def _require_open(ctx: Context, round: Round, mine: Response | None) -> None:
    """Refuse a first answer that comes too late. One that was given can be changed at any time.

    One that nobody can attribute is given by a form of its own (`anonymous`).
    """
    if round.level == NOBODY_CAN_TELL:
        raise Refusal(anonymous_views.only_by_its_button())
    if round.is_planned and round.closed_at:
        raise Refusal(beginning_views.not_coming())
    if not rules.may_answer(round.closed_at, ctx.now) and (mine is None or mine.skipped):
        raise Refusal(views.round_closed(round))


@feature.command("answer", help="Answer the question that is open")
def ask_for_open_answer(ctx: Context, event: Command) -> Reply:
    waiting = list(rounds.open_in(ctx.session, ctx.community_id))
    if not waiting:
        coming = coming_checkins.for_member(ctx, ctx.community)
        return beginning_views.coming(coming, nothing_open=True) if coming else views.nothing_open()
    if len(waiting) > 1:
        return views.choose_one(waiting)
    return ask(ctx, waiting[0])


@feature.click(signals.ANSWER_ROUND, needs=Role.MEMBER, reads=True)
def ask_for_answer(ctx: Context, event: Click) -> Reply:
    return ask(ctx, find(ctx, event.value, may_be_planned=True))


@feature.click("continue", needs=Role.MEMBER, reads=True)
def go_on(ctx: Context, event: Click) -> Reply:
    """Open the page where somebody goes on: the one that the button names by its first question, if it names one."""
    id, _dot, place = event.value.partition(".")
    return ask(ctx, find(ctx, id, may_be_planned=True), goes_on=True, place=parse_id(place))


@feature.click("words", needs=Role.MEMBER, reads=True)
def ask_for_words(ctx: Context, event: Click) -> Reply:
    """Ask for words beside the choice that somebody made by one press."""
    return ask(ctx, find(ctx, event.value, may_be_planned=True))


def ask(ctx: Context, round: Round, *, goes_on: bool = False, place: int = 0) -> Reply:
    if round.level == NOBODY_CAN_TELL:
        return anonymous_views.only_by_button(round)
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    questions = asked(ctx.session, round)
    draft = rounds.draft_of(ctx.session, key(round), ctx.me) if round.version_id else None
    if draft and round.is_planned and round.closed_at:
        return beginning_views.unopened_draft(round, questions, draft.by_question)
    _require_open(ctx, round, mine)
    if draft and round.closed_at and not goes_on:
        return answer_views.closed_draft(round, questions, draft.by_question)
    return _next_page(round, questions, mine, draft, place=place)


def form(ctx: Context, round: Round, row: Response) -> Form:
    """Return the form that changes an answer or goes on with a draft, for the list of what somebody wrote."""
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    draft = row if row.state == DRAFT else None
    return _next_page(round, asked(ctx.session, round), mine, draft, ends=f".{FROM_LIST}")


def _next_page(
    round: Round,
    questions: Questionnaire,
    mine: Response | None,
    draft: Response | None,
    ends: str = "",
    *,
    place: int = 0,
) -> Form:
    """Return the page where the person goes on: the first that lacks an answer, or to change what they sent, page 1.

    `place` is the first question, from 1, of the page that they were to see next; 0 if that isn't known.
    """
    answers = draft.by_question if draft else mine.by_question if mine else NONE
    pages = answer_views.planned(round, questions, answers)
    lacking = {question.key for question in missing(questions, answers)}

    def is_done(page: Sequence[Question]) -> bool:
        keys = {question.key for question in page}
        return not keys & lacking and any(answers.get(name) for name in keys)

    undone = next((page for page in pages if not is_done(page)), pages[0])
    by_place = {questions.questions.index(page[0]) + 1: page for page in pages}
    page = by_place.get(place, undone) if draft else pages[0]
    return _form(round, questions, page, answers, mine, value=f"{_value(round, mine)}{ends}")


def _value(round: Round, mine: Response | None) -> str:
    return f"{round.id}.{_began_from(mine)}"


def _began_from(mine: Response | None) -> int:
    """Return what tells the answer that a form began from; 0 for none."""
    return int(mine.given_at.timestamp() * 1000) if mine and not mine.skipped else 0


def _form(
    round: Round,
    questions: Questionnaire,
    page: Sequence[Question],
    answers: Mapping[str, Value],
    mine: Response | None,
    *,
    value: str,
) -> Form:
    audience = views.suggested_audience(round, None if mine and mine.skipped else mine)
    return answer_views.answer_form(round, questions, page, answers, value=value, audience=audience)


@feature.form("answer", shared=EVERY, needs=Role.MEMBER)
def save_page(ctx: Context, event: Submission) -> Reply:
    """Save what a page holds. After the close the whole joins the summary, for as long as LATE."""
    id, _dot, began_from = event.value.partition(".")
    began_from, _dot, ends = began_from.partition(".")
    round = find(ctx, id, may_be_planned=True)
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    _require_open(ctx, round, mine)
    questions = asked(ctx.session, round)
    page = [question for question in questions.questions if question.key in event.answers] or questions.questions[:1]
    given, problems = read(ctx, page, event.answers)
    if problems:
        asked_again = _form(round, questions, page, event.answers, mine, value=event.value)
        return FormErrors(asked_again, problems)
    # Forms of an earlier version of the bot asked for both.
    if round.version_id is None and event.answers.get(MOOD):
        given[MOOD] = event.answers[MOOD] if parse_id(event.answers[MOOD]) in rules.MOODS else ""
    audience = event.answers.get("audience", "")
    others = mine.by_question if mine and ends == FROM_LIST else NONE
    reply = take(
        ctx,
        round,
        given,
        mine=mine,
        began_from=int(began_from) if began_from.isdecimal() else None,
        audience=audience if audience in AUDIENCES else "",
        page=page,
    )
    if ends == FROM_LIST:
        # As promised there, nothing of the words that were replaced stays.
        replaced = [text for name, text in others.items() if isinstance(text, str) and given.get(name, text) != text]
        written.forget_words(ctx.session, replaced)
    return reply


def read(ctx: Context, page: Sequence[Question], typed: Mapping[str, str]) -> tuple[dict[str, Value], dict[str, str]]:
    """Return the values of what was typed, empty ones too, and what is wrong with the others, by question."""
    today = ctx.now.astimezone(ZoneInfo(ctx.community.zone)).date()
    given: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for question in page:
        read = check(question, typed.get(question.key, ""), today)
        if isinstance(read, Problem):
            problems[question.key] = question_words.problem(question, read)
        else:
            given[question.key] = read
    return given, problems


def take(
    ctx: Context,
    round: Round,
    given: Mapping[str, Value],
    *,
    mine: Response | None,
    began_from: int | None = None,
    audience: str = "",
    page: Sequence[Question] = (),
) -> Message | NextForm | FormErrors:
    """Take answers of the person who acts, beside those they gave before, and go on where there is more to ask.

    `mine` is what they sent. `began_from` is the answer that a form began from (see `_began_from`); None if that
    isn't known. `page` is what the form asked.
    """
    questions = asked(ctx.session, round)
    draft = rounds.draft_of(ctx.session, key(round), ctx.me) if round.version_id else None
    before = draft.by_question if draft else mine.by_question if mine else NONE
    answers = {name: value for name, value in {**before, **given}.items() if value}
    if began_from not in (None, _began_from(mine)) and mine and answers != mine.by_question:
        draft = draft or rounds.draft_of(ctx.session, key(round), ctx.me)
        rounds.save_draft(ctx.session, key(round), ctx.me, draft, answers=answers, now=ctx.now)
        return answer_views.changed_elsewhere(round, questions, mine, answers)
    following = _following(round, questions, answers, page)
    if following:
        rounds.save_draft(ctx.session, key(round), ctx.me, draft, answers=answers, now=ctx.now)
        next_form = _form(round, questions, following, answers, mine, value=_value(round, mine))
        so_far = answer_views.kept_so_far(round, questions, answers, following)
        return NextForm(next_form, replace(so_far, replace=bool(draft)))
    if lacking := missing(questions, answers):
        rounds.save_draft(ctx.session, key(round), ctx.me, draft, answers=answers, now=ctx.now)
        return answer_views.still_missing(round, questions, answers, lacking)
    if not any(answers.get(question.key) for question in shown(questions.questions, answers)):
        form = _form(round, questions, page, answers, mine, value=_value(round, mine))
        return FormErrors(form, {page[0].key: answer_views.nothing_answered()})
    # The card that said how far they had come, and led here, has had its day.
    sent = _send(ctx, round, questions, mine, draft, answers, audience=audience)
    return replace(sent, replace=bool(draft))


def take_words(ctx: Context, round: Round, body: str, mine: Response | None) -> Message | NextForm | FormErrors:
    """Take words that the person who acts typed as the answer to the first question that they fit and that has none."""
    questions = asked(ctx.session, round)
    draft = rounds.draft_of(ctx.session, key(round), ctx.me) if round.version_id else None
    before = draft.by_question if draft else mine.by_question if mine else NONE
    visible = shown(questions.questions, before)
    waiting = [question for question in visible if not before.get(question.key)] or visible
    given, problems = read(ctx, waiting, {question.key: body for question in waiting})
    # A bare "4" answers a scale rather than a question for words.
    fitting = sorted((q for q in waiting if q.key in given), key=lambda q: q.type in (T.SHORT, T.LONG))
    if not fitting:
        raise Refusal(next(iter(problems.values())))
    return take(ctx, round, {fitting[0].key: given[fitting[0].key]}, mine=mine)


def _following(
    round: Round, questions: Questionnaire, answers: Mapping[str, Value], page: Sequence[Question]
) -> Sequence[Question]:
    """Return the page after this one; () if it was the last."""
    order = [question.key for question in questions.questions]
    last = max((order.index(question.key) for question in page), default=-1)
    later = (each for each in answer_views.planned(round, questions, answers) if order.index(each[0].key) > last)
    return next(later, ()) if page else ()


def _send(
    ctx: Context,
    round: Round,
    questions: Questionnaire,
    mine: Response | None,
    draft: Response | None,
    answers: Mapping[str, Value],
    *,
    audience: str = "",
) -> Message:
    """Save the whole. Answers to questions that the others no longer show are dropped, which is said."""
    visible = {question.key for question in shown(questions.questions, answers)} | {MOOD}
    sent = {name: value for name, value in answers.items() if name in visible}
    dropped = [question for question in questions.questions if question.key in answers and question.key not in visible]
    audience = audience or views.suggested_audience(round, None if mine and mine.skipped else mine)
    response = save(ctx, round, mine, sent, audience)
    if draft or dropped:
        rounds.drop_draft(ctx.session, key(round), ctx.me)
    return answer_views.thanks(round, questions, response, dropped, closing=questions.closing)


def save(ctx: Context, round: Round, earlier: Response | None, answers: Mapping[str, Value], audience: str) -> Response:
    """Save the answers of the person who acts, spare them the nudge, and show on posts that they have answered."""
    body = answers.get(ONLY, "")
    assert isinstance(body, str)
    response = rounds.save_answer(
        ctx.session,
        key(round),
        ctx.me,
        earlier,
        body=body,
        answers={name: value for name, value in answers.items() if name != ONLY},
        audience=audience,
        now=ctx.now,
        is_late=round.closed_at is not None,
    )
    # Whoever had answered or skipped was spared then.
    if earlier is None:
        asking.spare_nudge(ctx, round)
    posts.refresh_posts(ctx, round)
    return response


@feature.click("choose", needs=Role.MEMBER)
def choose(ctx: Context, event: Click) -> Reply:
    """Save what somebody chose by one press on the card."""
    id, _dot, place = event.value.partition(".")
    round = find(ctx, id, may_be_planned=True)
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    _require_open(ctx, round, mine)
    questions = asked(ctx.session, round)
    values, at = pressed(questions), parse_id(place)
    if not 0 < at <= len(values):
        raise Refusal(answer_views.no_choice())
    kept = {ADDED: mine.by_question[ADDED]} if mine and ADDED in mine.by_question else {}
    return _send(ctx, round, questions, mine, None, {questions.questions[0].key: values[at - 1], **kept})


@feature.click("audience", needs=Role.MEMBER)
def change_audience(ctx: Context, event: Click) -> Reply:
    id, _dot, audience = event.value.partition(".")
    round = find(ctx, id, may_be_planned=True)
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    if mine is None or mine.skipped or audience not in AUDIENCES:
        raise Refusal(views.nothing_to_withdraw())
    response = save(ctx, round, mine, mine.by_question, audience)
    return replace(answer_views.thanks(round, asked(ctx.session, round), response), replace=True)


def _own_draft(ctx: Context, id: str) -> tuple[Round, Response]:
    round = find(ctx, id, may_be_planned=True)
    draft = rounds.draft_of(ctx.session, key(round), ctx.me)
    if draft is None:
        raise Refusal(answer_views.no_draft())
    return round, draft


@feature.click("send", needs=Role.MEMBER)
def send(ctx: Context, event: Click) -> Reply:
    """Send what somebody has answered so far, unless a question needs an answer."""
    round, draft = _own_draft(ctx, event.value)
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    _require_open(ctx, round, mine)
    questions, answers = asked(ctx.session, round), draft.by_question
    if lacking := missing(questions, answers):
        return answer_views.still_missing(round, questions, answers, lacking)
    return replace(_send(ctx, round, questions, mine, draft, answers), replace=True)


@feature.click("later", needs=Role.MEMBER, reads=True)
def leave_for_later(ctx: Context, event: Click) -> Reply:
    round, _draft = _own_draft(ctx, event.value)
    return answer_views.later(round)


@feature.click("delete_draft", needs=Role.MEMBER)
def delete_draft(ctx: Context, event: Click) -> Reply:
    round, _draft = _own_draft(ctx, event.value)
    rounds.drop_draft(ctx.session, key(round), ctx.me)
    return answer_views.draft_deleted()


@feature.click("skip", needs=Role.MEMBER)
def let_pass(ctx: Context, event: Click) -> Reply:
    round = find(ctx, event.value)
    if round.level == NOBODY_CAN_TELL:
        raise Refusal(anonymous_views.only_by_its_button())
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    if mine is None or mine.skipped:
        skip(ctx, round)
        return views.passed(round)
    return answer_views.thanks(round, asked(ctx.session, round), mine)


def skip(ctx: Context, round: Round) -> None:
    """Record that the person who acts passes a question, unless they have answered it.

    Where nobody can tell who answers, it isn't recorded: it would tell who didn't.
    """
    if round.level == NOBODY_CAN_TELL:
        return
    if rounds.answer_of(ctx.session, key(round), ctx.me) is None:
        rounds.save_answer(ctx.session, key(round), ctx.me, None, audience=ME, now=ctx.now, skipped=True)
        asking.spare_nudge(ctx, round)


@feature.click("withdraw", needs=Role.MEMBER)
def withdraw(ctx: Context, event: Click) -> Reply:
    round = find(ctx, event.value, may_be_planned=True)
    if not rounds.withdraw(ctx.session, key(round), ctx.me):
        raise Refusal(views.nothing_to_withdraw())
    rounds.drop_draft(ctx.session, key(round), ctx.me)
    posts.refresh_posts(ctx, round)
    return views.withdrawn()
