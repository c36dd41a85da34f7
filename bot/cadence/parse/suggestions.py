"""Says whether a suggestion keeps what a person typed: one that drops a word that was understood is never made."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import assert_never

from bot.cadence.errors import ParseError
from bot.cadence.parse import dates, times
from bot.cadence.parse.languages import Tongue
from bot.cadence.parse.lexer import lex
from bot.cadence.parse.tokens import Word
from bot.cadence.rule import (
    ALL_MONTHS,
    ALL_WEEK,
    BusinessDays,
    Dates,
    MonthDays,
    NthWeekdays,
    OnClosed,
    RelativeWeekday,
    Rule,
    Weekly,
)

# The words that an exception goes on with.
_OF_EXCEPTION = "qMDhNOYio&-F"
_COUNTABLE = (1, 2, 3, 4, 5, -1, -2)


def keeps(rule: Rule, text: str, tongue: Tongue, today: date) -> bool:
    """Return whether a suggested rule keeps each weekday, month, "second", time and exception of a phrase."""
    words = _words(text, tongue, today)
    said, left_out = _said_and_left_out(words)
    at = {word.number for word in words if word.sign == "t"}
    named = {word.month if word.sign == "q" else word.number for word in said if word.sign in "qM"}
    closed = {word.number for word in left_out if word.sign == "M"} | {
        word.month for word in left_out if word.sign == "q"
    }
    return (
        {word.number for word in said if word.sign == "D"} <= _weekdays(rule)
        and {word.number for word in said if word.sign == "O" and word.number in _COUNTABLE} <= _counted(rule)
        and named <= _months(rule)
        and closed <= _closed_months(rule)
        and (not any(word.sign == "h" for word in words) or _minds_holidays(rule))
        and at <= _times(rule)
        and _step(words) in (0, _every(rule))
    )


def _words(text: str, tongue: Tongue, today: date) -> list[Word]:
    """Return the words of a phrase, with times and dates as far as they can be read; word by word if they cannot."""
    try:
        words = lex(text, today, tongue)
        times.fold(words, text)
        dates.fold(words, text)
    except ParseError:
        known = (tongue.words.get(each.strip(",.;"), []) for each in text.split())
        return [Word(sign, "", number) for signs in known for sign, number in signs]
    return words.left


def _said_and_left_out(words: list[Word]) -> tuple[list[Word], list[Word]]:
    """Part the words of exceptions from the others. After a comma, it is not sure of which they are: those are none."""
    said: list[Word] = []
    left_out: list[Word] = []
    within: list[Word] | None = said
    for word in words:
        if word.sign == "X":
            within = left_out
        elif word.sign not in _OF_EXCEPTION or (word.sign == "F" and word.number):
            within = said
        elif within is left_out and word.text == ",":
            within = None
        if within is not None:
            within.append(word)
    return said, left_out


def _weekdays(rule: Rule) -> set[int]:
    match rule.days:
        case Weekly(weekdays):
            return set(weekdays)
        case NthWeekdays(nth):
            return {weekday for _n, weekday in nth}
        case RelativeWeekday(weekday, _n, anchor):
            return {weekday, anchor}
        case Dates():
            return set(ALL_WEEK)
        case MonthDays():
            return set()
        case BusinessDays():
            return {0, 4}
        case never:
            assert_never(never)


def _counted(rule: Rule) -> set[int]:
    match rule.days:
        case NthWeekdays(nth):
            return {n for n, _weekday in nth}
        case RelativeWeekday(_weekday, n):
            return {n}
        case MonthDays(numbers) | BusinessDays(numbers):
            return set(numbers)
        case Weekly(_weekdays, every):
            return {every}
        case Dates(moments):
            return {moment.day for moment in moments} | {-1}
        case never:
            assert_never(never)


def _months(rule: Rule) -> set[int]:
    named = set() if rule.months == ALL_MONTHS else set(rule.months)
    named |= {day.month for day in (rule.start, rule.until) if day}
    return named | ({moment.month for moment in rule.days.moments} if isinstance(rule.days, Dates) else set())


def _closed_months(rule: Rule) -> set[int]:
    return set(ALL_MONTHS) - set(rule.months) | {day.month for stretch in rule.closing.dates for day in stretch}


def _minds_holidays(rule: Rule) -> bool:
    return OnClosed.UNSAID not in (rule.closing.public, rule.closing.own) or rule.closing.public != rule.closing.own


def _times(rule: Rule) -> set[int]:
    moments = rule.days.moments if isinstance(rule.days, Dates) else ()
    return {at.hour * 60 + at.minute for at in (rule.at, *(moment.time() for moment in moments))}


def _step(words: list[Word]) -> int:
    """Return how many weeks or months the words count; 0 if none."""
    steps: Iterator[int] = (count.number for count, unit in pairwise(words) if count.sign == "N" and unit.sign in "KLD")
    return next(steps, 0)


def _every(rule: Rule) -> int:
    if isinstance(rule.days, Weekly):
        return rule.days.every
    return 12 // len(rule.months)
