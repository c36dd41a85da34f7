"""What a summary says of the answers that are for everyone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.context import Context
from bot.domain import themes
from bot.domain.answer_words import asked_about
from bot.domain.questions import Answers, Question, QuestionType, Value
from bot.features.rounds import anonymous_views, question_summary, rules, summary_views, tallies
from bot.features.rounds.lookup import asked, key
from bot.ui import MAX_PARTS, Message, Part, showing
from bot.ui.markup import mention
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NAMED, NOBODY_CAN_TELL
from storage.learning.rounds import GROUP, Round
from storage.library import text_analysis
from storage.people import people

NOBODY: Mapping[int, Answers] = {}


def summary(ctx: Context, round: Round) -> Message:
    """Sum up the answers that are for everyone."""
    if round.level == NOBODY_CAN_TELL:
        values = anonymous_answers.of_round(ctx.session, key(round))
        given = {name: [("", value) for value in each] for name, each in values.items()}
        if not given:
            return anonymous_views.no_summary(round)
        return _by_question(ctx, round, given, round.anonymous_count, (), takes_answers=False)
    answers = attributed_answers(ctx, round, (GROUP,), is_signed=round.level == NAMED)
    answered_by = rounds.answered_by(ctx.session, key(round))
    takes_answers = rules.may_answer(round.closed_at, ctx.now)
    if round.version_id:
        people_said = {each.answer.person_id: each.answer.by_question for each in answers}
        read = [(each.by, each.answer.by_question) for each in answers]
        given = {
            question.key: [(by, value) for by, values in read if (value := values.get(question.key))]
            for question in asked(ctx.session, round).questions
        }
        count = len(answers) if answers else len(answered_by)
        return _by_question(ctx, round, given, count, answered_by, people_said, takes_answers=takes_answers)
    bodies = [each.answer.body for each in answers]
    phrases = themes.find(bodies, [round.question], ctx.community.locale, text_analysis.stem)
    moods = rules.moods(each.answer.mood for each in answers)
    drawn = summary_views.summary(round, answers, len(answered_by), moods, phrases, takes_answers=takes_answers)
    return showing(drawn, answered_by)


def _by_question(
    ctx: Context,
    round: Round,
    given: Mapping[str, Sequence[tuple[str, Value]]],
    count: int,
    shows: Sequence[int],
    people_said: Mapping[int, Answers] = NOBODY,
    *,
    takes_answers: bool,
) -> Message:
    """Sum up a check-in by question. `given` holds (who, answer) by question, `shows` the people it shows.

    `people_said` are the answers by person, where the bot knows.
    """
    before = rounds.before(ctx.session, round)
    last = _last_time(ctx, before) if before else LastTime({}, None, ())
    parts = _summed(ctx, round, given, last, people_said) if any(given.values()) else []
    drawn = summary_views.by_question(round, parts, count, last.count, takes_answers=takes_answers)
    return showing(drawn, (*shows, *last.shows))


@dataclass(frozen=True)
class LastTime:
    """What the round before came to: its tallies by question, how many shared their answers, and who.

    `people_said` are the answers by person, where they have names.
    """

    tallies: Mapping[str, tallies.Tally]
    count: int | None
    shows: Sequence[int]
    people_said: Mapping[int, Answers] | None = None


def _last_time(ctx: Context, before: Round) -> LastTime:
    questions = asked(ctx.session, before).questions
    if before.level == NOBODY_CAN_TELL:
        values = anonymous_answers.of_round(ctx.session, key(before))
        tallied = {each.key: tallies.tally(each, values.get(each.key, ())) for each in questions}
        return LastTime(tallied, before.anonymous_count, ())
    rows = rounds.answers(ctx.session, key(before), (GROUP,))
    answers = [row.by_question for row in rows]
    tallied = {each.key: tallies.tally(each, [given.get(each.key, "") for given in answers]) for each in questions}
    people_said = {row.person_id: given for row, given in zip(rows, answers, strict=True)}
    is_named = before.level == NAMED
    return LastTime(tallied, len(rows), list(people_said), people_said if is_named else None)


def _change(
    round: Round, question: Question, now: tallies.Tally, last: LastTime, people_said: Mapping[int, Answers]
) -> tallies.Change | None:
    """Return what changed since last time: where answers have names, among the people who answered both times.

    Elsewhere, who they are would show beside the figures of everyone.
    """
    before = last.tallies.get(question.key)
    if round.level != NAMED or last.people_said is None:
        return tallies.change(before, now)
    pairs = [
        (then.get(question.key, ""), people_said[person].get(question.key, ""))
        for person, then in last.people_said.items()
        if person in people_said
    ]
    return tallies.change_of_same(before.question if before else None, question, pairs)


def _summed(
    ctx: Context,
    round: Round,
    given: Mapping[str, Sequence[tuple[str, Value]]],
    last: LastTime,
    people_said: Mapping[int, Answers],
) -> list[Part]:
    summed = []
    questions = asked(ctx.session, round).questions
    for question in questions:
        answers = given.get(question.key, ())
        tally = tallies.tally(question, [value for _by, value in answers])
        takes_words = question.type in (QuestionType.SHORT, QuestionType.LONG)
        words = [(by, value) for by, value in answers if takes_words and isinstance(value, str)]
        said = [value for _by, value in words]
        about = asked_about(question, questions)
        phrases = themes.find(said, about, ctx.community.locale, text_analysis.stem) if said else []
        change = _change(round, question, tally, last, people_said)
        summed.append(question_summary.Summed(tally, change, phrases, words))
    taken = len(round.question) + len(round.themes) + summary_views.HEAD
    return question_summary.parts(summed, summary_views.ROOM - taken, MAX_PARTS - 4)


def attributed_answers(
    ctx: Context, round: Round, audiences: tuple[str, ...], *, is_signed: bool
) -> list[summary_views.AttributedAnswer]:
    """Return the answers to these audiences, with who wrote them only if `is_signed`."""
    rows = rounds.answers(ctx.session, key(round), audiences)
    names = people.names(ctx.session, [row.person_id for row in rows]) if is_signed else {}
    return [
        summary_views.AttributedAnswer(mention(id, names.get(id, "")) if is_signed else "", row)
        for row in rows
        for id in (row.person_id,)
    ]
