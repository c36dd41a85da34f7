"""Each question over a season: what its answers had in common, round by round.

A question is followed by its key through all versions of its check-in, and an option by its id, so both keep their
line when they are reworded. Another scale, or swapped ends, is another question.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain import measures, questions
from bot.domain.measures import Spread
from bot.domain.questions import Question, QuestionType, Value
from bot.domain.suppression import LEAST
from storage.learning import anonymous_answers, checkins, participation
from storage.learning.participation import RoundCount
from storage.learning.rounds import MOOD

POINTS = (QuestionType.SCALE, QuestionType.MOOD)
CHOICES = (QuestionType.ONE_OF, QuestionType.SEVERAL, QuestionType.YES_NO)
SHOWN = (*POINTS, *CHOICES, QuestionType.NUMBER, QuestionType.DATE)
# What check-ins once asked beside their one question.
OF_OLD = Question(MOOD, "", QuestionType.MOOD)


@dataclass(frozen=True)
class CourseRound:
    """The answers of one round to one question, by `count` people.

    `spread` is for what has an order: of days after the opening for dates. `counts` are people by value, for choices.
    Fewer than LEAST people have neither. `offered` are the options that could be chosen.
    """

    opened_at: datetime
    count: int
    spread: Spread | None = None
    counts: Mapping[str, int] | None = None
    offered: frozenset[str] = frozenset()
    is_reworded: bool = False


@dataclass(frozen=True)
class Course:
    """One question over time, as it was last asked. `id` names it.

    `options` are (id, newest label), those that can't be chosen anymore last.
    """

    id: str
    question: Question
    rounds: tuple[CourseRound, ...]
    options: tuple[tuple[str, str], ...] = ()


class _Line(NamedTuple):
    """What makes two questions the same."""

    checkin: int
    key: str
    type: QuestionType
    low: int
    high: int
    low_end: str


def gather(session: Session, counts: Sequence[RoundCount], zone: ZoneInfo) -> tuple[Course, ...]:
    """Return the course of each question that LEAST people answered once, in the order they were first asked."""
    ids = [count.round.id or 0 for count in counts]
    shared = participation.shared_answers(session, ids)
    secret = anonymous_answers.of_rounds(session, [c.round.id or 0 for c in counts if _is_anonymous(c)])
    versions = checkins.versions_with(session, {c.round.version_id for c in counts if c.round.version_id})
    read = cache(_questions)
    asked: dict[_Line, list[tuple[Question, CourseRound]]] = {}
    for count in counts:
        round, id = count.round, count.round.id or 0
        version = versions.get(round.version_id or 0)
        for question in read(version.definition) if version else (OF_OLD,):
            if question.type not in SHOWN:
                continue
            if _is_anonymous(count):
                given: Sequence[Value] = secret.get(id, {}).get(question.key, ())
            else:
                given = [row.get(question.key, "") for row in shared.get(id, ())]
            line = _line(version.checkin_id if version else 0, question)
            found = _round(question, round.opened_at, [value for value in given if value], zone)
            if version or found.count:
                asked.setdefault(line, []).append((question, found))
    courses = [_course(line, rounds) for line, rounds in asked.items()]
    return tuple(course for course in courses if any(each.count >= LEAST for each in course.rounds))


def _is_anonymous(count: RoundCount) -> bool:
    return count.round.level == checkins.NOBODY_CAN_TELL


def _questions(definition: str) -> Sequence[Question]:
    """Return the questions of a version, or none if an older bot reads what a newer one wrote."""
    try:
        return questions.from_json(definition).questions
    except ValueError:
        return ()


def _line(checkin: int, question: Question) -> _Line:
    if question.type is QuestionType.SCALE:
        return _Line(checkin, question.key, question.type, question.low, question.high, question.low_end)
    return _Line(checkin, question.key, question.type, 0, 0, "")


def _course(line: _Line, asked: Sequence[tuple[Question, CourseRound]]) -> Course:
    newest = asked[-1][0]
    rounds, words = [], ""
    for question, found in asked:
        is_reworded = bool(words) and question.words != words
        rounds.append(replace(found, is_reworded=is_reworded))
        words = question.words
    labels = {option.id: option.label for question, _found in asked for option in question.options}
    order = [option.id for option in newest.open_options]
    order += [id for id in labels if id not in order and any((each.counts or {}).get(id) for each in rounds)]
    id = ".".join(map(str, (line.checkin, line.key, line.low, line.high)))
    return Course(id, newest, tuple(rounds), tuple((each, labels[each]) for each in order))


def _round(question: Question, opened_at: datetime, given: Sequence[Value], zone: ZoneInfo) -> CourseRound:
    offered = frozenset(option.id for option in question.open_options)
    if question.type in CHOICES:
        # Each person chooses an option once.
        chosen = Counter(each for value in given for each in ({*value} if isinstance(value, tuple | list) else {value}))
        return CourseRound(opened_at, len(given), counts=chosen if len(given) >= LEAST else None, offered=offered)
    # Many people say the same, so each answer is read once.
    said = Counter(value for value in given if isinstance(value, str))
    read = ((_figure(question, value, opened_at, zone), times) for value, times in said.items())
    figures = [figure for figure, times in read if figure is not None for _time in range(times)]
    return CourseRound(opened_at, len(figures), measures.spread(figures))


def _figure(question: Question, value: str, opened_at: datetime, zone: ZoneInfo) -> float | None:
    """Return an answer as a number; for a date, how many days after the opening it is."""
    try:
        if question.type is QuestionType.DATE:
            return (date.fromisoformat(value) - opened_at.astimezone(zone).date()).days
        figure = float(value)
    except ValueError:
        return None
    if question.type is QuestionType.NUMBER:
        return figure
    return figure if value in question.points else None
