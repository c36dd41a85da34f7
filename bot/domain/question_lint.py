"""Finds what is wrong with a questionnaire before it is saved. Pure functions; `question_words` says the findings."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.domain import questions
from bot.domain.questions import (
    ANSWERED,
    LONGEST_WORDS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    NOT_ANSWERED,
    TESTS,
    Level,
    Question,
    Questionnaire,
    QuestionType,
)
from bot.ui.limits import MAX_CHOICE, MAX_FIELDS, MAX_HEADING
from bot.ui.markup import clean

LONGEST_NAME = 60
LONGEST_CLOSING = 300
# A field of a form shows the end beside the number, in MAX_CHOICE characters.
LONGEST_END = 40
MOST_POINTS = 11
LONGEST_KEY = 40
KEY = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST_KEY - 1}}}")
MOST_MINUTES = 60
# Types that can be refused when they are sent. A refused form is a draft, which says who wrote it.
CAN_FAIL = (QuestionType.NUMBER, QuestionType.DATE)
assert LONGEST_NAME <= MAX_HEADING


@dataclass(frozen=True)
class Finding:
    """What is wrong with a question (by its place from 1), or with the whole (0). Warnings don't keep from saving.

    `about` is what a sentence about it needs: the label that is there twice, or how many there are and can be.
    """

    kind: str
    place: int = 0
    about: tuple[str, ...] = ()
    is_warning: bool = False


def lint(questionnaire: Questionnaire, level: Level = Level.NAMED) -> tuple[Finding, ...]:
    """Return what is wrong, in the order of the questions. Empty if it can be saved and asked."""
    return tuple(_findings(questionnaire, level))


def errors(questionnaire: Questionnaire, level: Level = Level.NAMED) -> tuple[Finding, ...]:
    return tuple(finding for finding in lint(questionnaire, level) if not finding.is_warning)


def _findings(questionnaire: Questionnaire, level: Level) -> Iterator[Finding]:
    asked = questionnaire.questions
    if not _is_visible(questionnaire.name):
        yield Finding("no_name")
    yield from _too_long("long_name", 0, questionnaire.name, LONGEST_NAME)
    yield from _too_long("long_closing", 0, questionnaire.closing, LONGEST_CLOSING)
    if not 1 <= questionnaire.minutes <= MOST_MINUTES:
        yield Finding("minutes", 0, (str(questionnaire.minutes), str(MOST_MINUTES)))
    if not asked:
        yield Finding("no_questions")
    if len(asked) > MOST_QUESTIONS:
        yield Finding("many_questions", 0, (str(len(asked)), str(MOST_QUESTIONS)))
    keys = Counter(question.key for question in asked)
    for place, question in enumerate(asked, 1):
        if keys[question.key] > 1:
            yield Finding("same_key", place, (question.key,))
        yield from _of_question(question, place)
        yield from _of_condition(asked, place)
        if level == Level.NOBODY:
            if question.condition:
                yield Finding("follow_up_unsigned", place)
            if question.type in CAN_FAIL:
                yield Finding("type_unsigned", place, (question.type.value,))
    if level == Level.NOBODY and sum(question.places for question in asked) > MAX_FIELDS:
        yield Finding("one_page_unsigned", 0, (str(MAX_FIELDS),))


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(c)[0] not in "CZM" for c in clean(text))


def _too_long(kind: str, place: int, text: str, most: int) -> Iterator[Finding]:
    if len(text) > most:
        yield Finding(kind, place, (str(len(text)), str(most)))


def _of_question(question: Question, place: int) -> Iterator[Finding]:
    if not KEY.fullmatch(question.key):
        yield Finding("bad_key", place, (question.key,))
    if not _is_visible(question.words):
        yield Finding("no_words", place)
    yield from _too_long("long_words", place, question.words, LONGEST_WORDS)
    yield from _too_long("long_starter", place, question.starter, LONGEST_WORDS)
    if question.type in MOST_OPTIONS:
        yield from _of_options(question, place)
    elif question.options:
        yield Finding("options_unused", place, (question.type.value,))
    if question.type == QuestionType.SCALE:
        if not 1 <= question.high - question.low < MOST_POINTS:
            yield Finding("scale", place, (str(question.low), str(question.high), str(MOST_POINTS)))
        for end in (question.low_end, question.high_end):
            yield from _too_long("long_end", place, end, LONGEST_END)
        if question.low_end and question.low_end.casefold() == question.high_end.casefold():
            yield Finding("same_ends", place, (question.low_end,))


def _of_options(question: Question, place: int) -> Iterator[Finding]:
    there, most = question.open_options, MOST_OPTIONS[question.type]
    if len(there) < 2:
        yield Finding("few_options", place)
    if len(there) > most:
        yield Finding("many_options", place, (str(len(there)), str(most)))
    labels = Counter(" ".join(option.label.casefold().split()) for option in there)
    for option in there:
        if not _is_visible(option.label):
            yield Finding("no_label", place)
        yield from _too_long("long_label", place, option.label, MAX_CHOICE)
    yield from (Finding("same_label", place, (label,)) for label, times in labels.items() if times > 1)
    for id, times in Counter(option.id for option in question.options).items():
        if times > 1 or not KEY.fullmatch(id):
            yield Finding("bad_option_id", place, (id,))


def _of_condition(asked: Sequence[Question], place: int) -> Iterator[Finding]:
    question = asked[place - 1]
    condition = question.condition
    if condition is None:
        return
    if condition.question == question.key:
        yield Finding("asks_itself", place)
        return
    parent = questions.find(asked[: place - 1], condition.question)
    if parent is None:
        kind = "asks_later" if questions.find(asked[place:], condition.question) else "asks_unknown"
        yield Finding(kind, place, (condition.question,))
        return
    if condition.test not in TESTS[parent.type]:
        yield Finding("test_of_type", place, (condition.test, parent.words, parent.type.value))
        return
    wrong = _of_values(question, parent, place)
    if wrong:
        yield wrong
    elif never_shown(asked, question):
        yield Finding("never", place, (parent.words,))
    elif always_shown(asked, question):
        yield Finding("always", place, (parent.words,), is_warning=True)


def _of_values(question: Question, parent: Question, place: int) -> Finding | None:
    """Return what is wrong with the values of the question's condition about `parent`."""
    condition = question.condition
    assert condition
    values = condition.values
    match condition.test:
        case "answered" | "not_answered":
            return Finding("values_unused", place, values) if values else None
        case "at_least" | "at_most" if len(values) != 1 or not _is_number(values[0]):
            return Finding("one_number", place, (" ".join(values),))
        case "one_of" | "includes_any" if not values:
            return Finding("no_values", place, (parent.words,))
    if parent.points:
        outside = [value for value in values if not _within(value, parent)]
        return Finding("outside_scale", place, (outside[0], parent.points[0], parent.points[-1])) if outside else None
    if parent.type == QuestionType.YES_NO:
        unknown = [value for value in values if value not in ("yes", "no")]
        return Finding("unknown_option", place, (unknown[0], parent.words)) if unknown else None
    for value in values if parent.type in MOST_OPTIONS else ():
        option = next((option for option in parent.options if option.id == value), None)
        if option is None or option.is_retired:
            kind = "retired_option" if option else "unknown_option"
            return Finding(kind, place, (option.label if option else value, parent.words))
    return None


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _within(value: str, parent: Question) -> bool:
    return _is_number(value) and Decimal(parent.points[0]) <= Decimal(value) <= Decimal(parent.points[-1])


def never_shown(asked: Sequence[Question], question: Question) -> bool:
    """Return whether no answers can show the question, because its parent is never shown or never left open.

    Each condition asks about another question, so those of a chain of parents can't contradict each other.
    """
    condition = question.condition
    if condition is None:
        return False
    parent = questions.find(asked, condition.question)
    if parent is None:
        return True
    if condition.test == NOT_ANSWERED:
        return parent.is_required and always_shown(asked, parent)
    return never_shown(asked, parent) or not _passing(question, parent)


def always_shown(asked: Sequence[Question], question: Question) -> bool:
    """Return whether the question is shown whatever people answer. They leave no required question open."""
    condition = question.condition
    if condition is None:
        return True
    parent = questions.find(asked, condition.question)
    if parent is None:
        return False
    if condition.test == NOT_ANSWERED:
        return never_shown(asked, parent)
    return parent.is_required and always_shown(asked, parent) and _passing(question, parent) == "all"


def _passing(question: Question, parent: Question) -> str:
    """Return which answers to `parent` pass the condition of `question`: "all", "some", or "" for none."""
    condition = question.condition
    assert condition
    if condition.test == ANSWERED:
        return "all"
    possible: Sequence[str] = parent.points
    if parent.type == QuestionType.YES_NO:
        possible = ("yes", "no")
    elif parent.type in MOST_OPTIONS:
        possible = tuple(option.id for option in parent.open_options)
    elif not possible:
        return "some"
    passed = [value for value in possible if questions.holds(condition, value)]
    return "all" if passed and len(passed) == len(possible) else "some" if passed else ""
