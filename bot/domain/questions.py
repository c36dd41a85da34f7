"""Questions of a check-in: their types, the conditions that show them, and the pages of their form. Pure functions.

A questionnaire is one version of a check-in. A question's key and an option's id are its identity across versions:
they are never reused for another (`question_versions`). Whether a questionnaire makes sense is for `question_lint`.

Answers are a mapping from the key of a question to its value, as stored: text, "4" on a scale, "yes" or "no", "12.5",
"2026-01-14", "1" to "5" for a mood, the id of an option, or the ids of several.
"""

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel.dates import get_month_names

from bot.ui.limits import MAX_CHOICES, MAX_FIELDS, MAX_HINT, MAX_TICKS
from bot.ui.markup import clean

MOST_QUESTIONS = 10
LONGEST_WORDS = 300  # of a question
LONGEST_ANSWER = 4_000  # what Discord takes in a field, and the most one person types in a message
MOODS = ("1", "2", "3", "4", "5")
NUMBER_DIGITS = 12
# Guessed: how long one question of a type takes on a phone.
SECONDS = {"short": 30, "long": 60, "several": 20, "number": 15, "date": 15}
OTHER_SECONDS = 10
FIRST_YEAR, LAST_YEAR = 1900, 2199


class QuestionType(StrEnum):
    SHORT = "short"
    LONG = "long"
    SCALE = "scale"
    ONE_OF = "one_of"
    SEVERAL = "several"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    MOOD = "mood"


class Level(StrEnum):
    """Who can tell who wrote an answer."""

    NAMED = "named"
    FACILITATORS = "facilitators"
    NOBODY = "nobody"


# How many options a question can have.
MOST_OPTIONS = {QuestionType.ONE_OF: MAX_CHOICES, QuestionType.SEVERAL: MAX_TICKS}
ANSWERED, NOT_ANSWERED = "answered", "not_answered"
ONE_OF, INCLUDES_ANY = "one_of", "includes_any"
AT_LEAST, AT_MOST = "at_least", "at_most"
# Which tests a condition can make of an answer, by the type of the question that it asks about.
TESTS: Mapping[QuestionType, tuple[str, ...]] = {
    QuestionType.SHORT: (ANSWERED, NOT_ANSWERED),
    QuestionType.LONG: (ANSWERED, NOT_ANSWERED),
    QuestionType.DATE: (ANSWERED, NOT_ANSWERED),
    QuestionType.SCALE: (ANSWERED, NOT_ANSWERED, ONE_OF, AT_LEAST, AT_MOST),
    QuestionType.MOOD: (ANSWERED, NOT_ANSWERED, ONE_OF, AT_LEAST, AT_MOST),
    QuestionType.NUMBER: (ANSWERED, NOT_ANSWERED, AT_LEAST, AT_MOST),
    QuestionType.YES_NO: (ANSWERED, NOT_ANSWERED, ONE_OF),
    QuestionType.ONE_OF: (ANSWERED, NOT_ANSWERED, ONE_OF),
    QuestionType.SEVERAL: (ANSWERED, NOT_ANSWERED, INCLUDES_ANY),
}

Value = str | tuple[str, ...]
Answers = Mapping[str, Value]


@dataclass(frozen=True)
class Option:
    """One choice. `id` stays when `label` is reworded. One that was removed is retired, because answers name it."""

    id: str
    label: str
    is_retired: bool = False


@dataclass(frozen=True)
class Condition:
    """Show a question only if the answer to an earlier one, by key, passes a test of `TESTS`.

    `values` are option ids, "yes" or "no", points of a scale, or one number.
    """

    question: str
    test: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question. `low` to `high` are the points of a scale, `low_end` and `high_end` its named ends."""

    key: str
    words: str
    type: QuestionType
    is_required: bool = False
    options: tuple[Option, ...] = ()
    low: int = 1
    high: int = 5
    low_end: str = ""
    high_end: str = ""
    condition: Condition | None = None
    # Words that an answer may start with.
    starter: str = ""

    @property
    def points(self) -> tuple[str, ...]:
        """The values of a scale or a mood, lowest first; () for other types."""
        if self.type == QuestionType.SCALE:
            return tuple(str(n) for n in range(self.low, self.high + 1))
        return MOODS if self.type == QuestionType.MOOD else ()

    @property
    def open_options(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.is_retired)

    @property
    def places(self) -> int:
        """How many of a form's fields it takes: words that fit no label and no hint need a text of their own."""
        return 1 if len(self.words) <= MAX_HINT else 2


@dataclass(frozen=True)
class Questionnaire:
    """What one version of a check-in asks. `closing` is said when everything is answered."""

    name: str
    questions: tuple[Question, ...]
    closing: str = ""
    minutes: int = 3


def find(questions: Iterable[Question], key: str) -> Question | None:
    return next((question for question in questions if question.key == key), None)


def about_minutes(questions: Iterable[Question]) -> int:
    """Return how many minutes these questions take if all are shown, at least one."""
    return max(1, math.ceil(sum(SECONDS.get(question.type, OTHER_SECONDS) for question in questions) / 60))


# JSON


def to_json(questionnaire: Questionnaire) -> str:
    """Return the questionnaire as it is stored. What is as usual is left out."""
    return json.dumps(
        {
            "name": questionnaire.name,
            "closing": questionnaire.closing,
            "minutes": questionnaire.minutes,
            "questions": [_question_to_json(question) for question in questionnaire.questions],
        },
        ensure_ascii=False,
    )


def _question_to_json(question: Question) -> dict[str, Any]:
    written: dict[str, Any] = {"key": question.key, "words": question.words, "type": question.type.value}
    if question.is_required:
        written["required"] = True
    if question.options:
        written["options"] = [
            {"id": option.id, "label": option.label} | ({"retired": True} if option.is_retired else {})
            for option in question.options
        ]
    if question.type == QuestionType.SCALE:
        written |= {"low": question.low, "high": question.high}
        written |= {"low_end": question.low_end, "high_end": question.high_end}
    if question.condition:
        asked = question.condition
        written["condition"] = {"question": asked.question, "test": asked.test, "values": list(asked.values)}
    if question.starter:
        written["starter"] = question.starter
    return written


def from_json(text: str) -> Questionnaire:
    """Read what `to_json` wrote. Raises ValueError for a type that this version doesn't know."""
    read = json.loads(text)
    questions = tuple(_question_from_json(each) for each in read["questions"])
    return Questionnaire(read["name"], questions, read.get("closing", ""), read.get("minutes", 3))


def _question_from_json(read: dict[str, Any]) -> Question:
    asked = read.get("condition")
    return Question(
        key=read["key"],
        words=read["words"],
        type=QuestionType(read["type"]),
        is_required=read.get("required", False),
        options=tuple(
            Option(each["id"], each["label"], each.get("retired", False)) for each in read.get("options", ())
        ),
        low=read.get("low", 1),
        high=read.get("high", 5),
        low_end=read.get("low_end", ""),
        high_end=read.get("high_end", ""),
        condition=Condition(asked["question"], asked["test"], tuple(asked["values"])) if asked else None,
        starter=read.get("starter", ""),
    )


# Conditions and pages


def shown(questions: Sequence[Question], answers: Answers) -> tuple[Question, ...]:
    """Return the questions that these answers show, in order.

    A question whose parent is hidden counts the parent as not answered, whatever `answers` still hold for it.
    """
    visible: dict[str, Question] = {}
    for question in questions:
        if _is_shown(question, visible, answers):
            visible[question.key] = question
    return tuple(visible.values())


def _is_shown(question: Question, visible: Mapping[str, Question], answers: Answers) -> bool:
    asked = question.condition
    return asked is None or holds(asked, answers.get(asked.question, "") if asked.question in visible else "")


def holds(condition: Condition, value: Value) -> bool:
    """Return whether `value`, the answer that the condition asks about, passes. An empty value is no answer."""
    if not value:
        return condition.test == NOT_ANSWERED
    match condition.test:
        case "answered":
            return True
        case "one_of" | "includes_any":
            return (
                not {value, *value}.isdisjoint(condition.values)
                if isinstance(value, tuple)
                else (value in condition.values)
            )
        case "at_least":
            return _number(value) >= _number(condition.values[0])
        case "at_most":
            return _number(value) <= _number(condition.values[0])
    return False


def _number(value: Value) -> Decimal:
    assert isinstance(value, str), value
    return Decimal(value)


def pages(
    questions: Sequence[Question], answers: Answers | None = None, places: int = MAX_FIELDS
) -> tuple[tuple[Question, ...], ...]:
    """Return the questions that these answers show, as pages of at most `places` fields, none of them empty.

    A page ends before a question whose condition asks about it, so what a page holds depends only on the answers to
    earlier pages: the next page can be planned when one is sent, and those before it stay as they were.

    With `answers=None`, every question counts as shown: the most pages there can be.
    """
    out: list[list[Question]] = []
    visible: dict[str, Question] = {}
    on_page: set[str] = set()
    left = 0
    for question in questions:
        if question.condition and question.condition.question in on_page:
            on_page, left = set(), 0
        if answers is not None and not _is_shown(question, visible, answers):
            continue
        if question.places > left:
            out.append([])
            on_page, left = set(), places
        out[-1].append(question)
        left -= question.places
        on_page.add(question.key)
        visible[question.key] = question
    return tuple(tuple(page) for page in out)


# Values


@dataclass(frozen=True)
class Problem:
    """Why what was typed can't be the answer. `question_words.problem` says it.

    `kind` is one of "required", "too_long", "scale", "mood", "yes_no", "number", "two_numbers", "date", "two_dates",
    "no_such_date", "year", "option", and "retired". `right` are answers that would do, nearest first.
    """

    kind: str
    typed: str = ""
    right: tuple[str, ...] = ()


NEAR_DAYS = {"today": 0, "hoy": 0, "yesterday": -1, "ayer": -1, "tomorrow": 1, "mañana": 1}
YES = frozenset({"yes", "y", "yeah", "yep", "sí", "si", "s"})
NO = frozenset({"no", "n", "nope"})
SCALE_ANSWER = re.compile(r"(-?\d{1,3})(?:\s*(?:/|of|out of|de|sobre)\s*(-?\d{1,3}))?")
NUMBER_ANSWER = re.compile(r"([-+−]?)(\d[\d.,'’ \u00a0\u202f]*)")
THOUSANDS = re.compile(r"\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})(?:\1\d{3})*")
SEPARATORS = re.compile(r"\s*(?:[,;\n/]|\band\b|\by\b)\s*", re.IGNORECASE)


def check(question: Question, raw: str | Sequence[str], today: date | None = None) -> Value | Problem:
    """Return the value of what somebody chose or typed, "" or () for nothing, or the problem with it.

    `raw` is what a form holds (ids of options separated by a space, or one after another), or words as people type them
    ("yes", "4 of 5", "gym and yard"). `today` lets dates be typed without the year.
    """
    typed = clean(raw) if isinstance(raw, str) else tuple(part for each in raw if (part := clean(each)))
    if not typed or (isinstance(typed, str) and not _is_visible(typed)):
        if question.is_required:
            return Problem("required")
        return () if question.type == QuestionType.SEVERAL else ""
    if question.type == QuestionType.SEVERAL:
        return _several(question, typed)
    text = typed if isinstance(typed, str) else " ".join(typed)
    if len(text) > LONGEST_ANSWER:
        return Problem("too_long", text)
    match question.type:
        case QuestionType.SCALE:
            return _point(question, text)
        case QuestionType.MOOD:
            return text if text in MOODS else Problem("mood", text, MOODS)
        case QuestionType.YES_NO:
            return _yes_or_no(text)
        case QuestionType.NUMBER:
            return _read_number(text)
        case QuestionType.DATE:
            return _read_date(text, today)
        case QuestionType.ONE_OF:
            return _one(question, text)
    return text


def _is_visible(text: str) -> bool:
    """Return whether anything can be seen: not only joiners, marks without a letter, and spaces."""
    return any(unicodedata.category(c)[0] not in "CZM" for c in text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _point(question: Question, text: str) -> Value | Problem:
    ends = {_folded(question.low_end): question.low, _folded(question.high_end): question.high}
    if (named := ends.get(_folded(text))) is not None:
        return str(named)
    found = SCALE_ANSWER.fullmatch(_folded(text).rstrip("."))
    if found and str(int(found[1])) in question.points and (not found[2] or int(found[2]) == question.high):
        return str(int(found[1]))
    return Problem("scale", text, question.points)


def _yes_or_no(text: str) -> Value | Problem:
    word = _folded(text).strip(" .!")
    if word in YES or word in NO:
        return "yes" if word in YES else "no"
    return Problem("yes_no", text, ("yes", "no"))


def _read_number(text: str) -> Value | Problem:
    """Read a number with a point or a comma. "1,000" is refused: it's a thousand in English and one in Spanish."""
    found = NUMBER_ANSWER.fullmatch(text)
    if not found:
        near = NUMBER_ANSWER.search(text)
        read = _read_number(near[0].strip(" .,'’")) if near else None
        return Problem("number", text, (read,) if isinstance(read, str) and read else ("12",))
    sign, digits = "-" if found[1] in ("-", "−") else "", found[2].strip()
    grouped = THOUSANDS.fullmatch(digits)
    joined = re.sub(r"\D", "", digits)
    if grouped and grouped[1] in ".," and digits.count(grouped[1]) == 1 and not digits.startswith("0"):
        return Problem("two_numbers", text, (f"{sign}{joined}", _written(sign, digits.replace(",", "."))))
    if grouped and not digits.startswith("0"):
        return _written(sign, joined)
    plain = re.fullmatch(rf"\d{{1,{NUMBER_DIGITS}}}(?:[.,]\d{{1,{NUMBER_DIGITS}}})?", digits)
    if plain:
        return _written(sign, digits.replace(",", "."))
    mixed = re.fullmatch(r"(\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})+)([.,])(\d{1,4})", digits)
    if mixed and mixed[2] != mixed[3]:
        return _written(sign, f"{re.sub(r'[^0-9]', '', mixed[1])}.{mixed[4]}")
    return Problem("number", text, ("12",))


def _written(sign: str, digits: str) -> str:
    value = f"{Decimal(digits).normalize():f}"
    return value if value == "0" else f"{sign}{value}"


def _one(question: Question, text: str) -> Value | Problem:
    found = _option(question.options, text)
    if found and not found.is_retired:
        return found.id
    return Problem("retired" if found else "option", text, tuple(each.label for each in question.open_options))


def _option(options: Iterable[Option], text: str) -> Option | None:
    """Return the option with this id, or with this label. One that is open comes before one that is retired."""
    known = sorted(options, key=lambda option: option.is_retired)
    by_id = next((option for option in known if option.id == text), None)
    return by_id or next((option for option in known if _folded(option.label) == _folded(text)), None)


def _several(question: Question, typed: str | tuple[str, ...]) -> Value | Problem:
    parts = typed if isinstance(typed, tuple) else _parts(question.options, typed)
    chosen: set[str] = set()
    for part in parts:
        one = _one(question, part)
        if isinstance(one, Problem):
            return one
        chosen.add(str(one))
    return tuple(option.id for option in question.options if option.id in chosen)


def _parts(options: Sequence[Option], typed: str) -> list[str]:
    """Split what was typed into ids or labels. A label may hold what separates others ("sign-in and sign-out")."""
    ids = {option.id for option in options}
    words = typed.split()
    if all(word in ids for word in words):
        return words
    rest, found = _folded(typed), []
    for option in sorted(options, key=lambda option: -len(option.label)):
        label = _folded(option.label)
        around = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
        if label and SEPARATORS.search(label) and around.search(rest):
            found.append(option.label)
            rest = around.sub(",", rest)
    return [*found, *(part for part in SEPARATORS.split(rest) if part)]


def _read_date(text: str, today: date | None) -> Value | Problem:
    """Read a day. "3/4/2026" is refused: it's in March for some and in April for others."""
    words = _folded(text).replace(",", " ").rstrip(".")
    if today and words in NEAR_DAYS:
        return (today + timedelta(days=NEAR_DAYS[words])).isoformat()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return _day(text, int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?", words):
        one, other = int(found[1]), int(found[2])
        if not found[3] and today is None:
            return Problem("year", text)
        readings = (
            {(one, other), (other, one)} if one <= 12 and other <= 12 else {(one, other) if one <= 12 else (other, one)}
        )
        days = sorted({_dated(text, found[3], month, day, today) for month, day in readings}, key=str)
        if len(days) == 1:
            return days[0]
        right = tuple(day for day in days if isinstance(day, str))
        return Problem("two_dates", text, right) if len(right) > 1 else right[0]
    months = _months()
    parts = [word for word in re.split(r"[\s.]+", words) if word not in ("", "of", "de", "del", "the", "el")]
    day = next((int(found[1]) for part in parts if (found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|º)?", part))), 0)
    year = next((part for part in parts if re.fullmatch(r"\d{4}", part)), None)
    month = next((months[part] for part in parts if part in months), 0)
    if not day or not month or len(parts) != 2 + (year is not None):
        example = (today or date(2026, 1, 14)).isoformat()
        return Problem("date", text, (example,))
    if not year and today is None:
        return Problem("year", text)
    return _dated(text, year, month, day, today)


def _months() -> dict[str, int]:
    """Return the number of each month by its names, long and short, in the languages that dates are typed in."""
    return {
        name.casefold().rstrip("."): number
        for language in ("en", "es")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }


def _dated(text: str, year: str | None, month: int, day: int, today: date | None) -> str | Problem:
    """Return the day in that year or, without one, the nearest to `today`."""
    if year or today is None:
        return _day(text, int(year or 0), month, day)
    near = [_day(text, today.year + n, month, day) for n in (-1, 0, 1)]
    there = [each for each in near if isinstance(each, str)]
    if not there:
        return near[1]
    return min(there, key=lambda each: abs(date.fromisoformat(each) - today))


def _day(text: str, year: int, month: int, day: int) -> str | Problem:
    try:
        found = date(year, month, day)
    except ValueError:
        return Problem("no_such_date", text)
    return found.isoformat() if FIRST_YEAR <= year <= LAST_YEAR else Problem("no_such_date", text)
