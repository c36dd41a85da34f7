"""Reads a cadence that repeats: on which days, in which months, from when until when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import assert_never

from bot.cadence import assumptions, error_messages
from bot.cadence.describe import say, say_which
from bot.cadence.errors import ParseError
from bot.cadence.occurrences import LOOK_AHEAD, local_days
from bot.cadence.parse import times
from bot.cadence.parse.days import Period, read_days, take_period
from bot.cadence.parse.holiday_exceptions import Exceptions
from bot.cadence.parse.season import take_bounds, take_months
from bot.cadence.parse.tokens import COMMA, Word, WordList
from bot.cadence.rule import ALL_WEEK, BusinessDays, Dates, Days, MonthDays, NthWeekdays, Rule, Weekly

QUARTER_STARTS, QUARTER_ENDS = (1, 4, 7, 10), (3, 6, 9, 12)


def repeating(
    words: WordList, lengths: list[Word], zone: str, today: date, exceptions: Exceptions
) -> tuple[Rule, list[str]]:
    """Return the rule for words that are no list of dates, and warnings about it."""
    slot = times.take_slot(words, lengths)
    start, until = take_bounds(words, today)
    months = tuple(month for month in take_months(words) if month not in exceptions.months)
    if not months:
        raise error_messages.exception_unread()
    words.replace("o", lambda _of: COMMA)
    words.tidy()
    frame = Rule(Weekly(ALL_WEEK), slot.at, zone, slot.minutes, months, start, until, exceptions.closing)
    try:
        period = take_period(words)
        days = read_days(words, period)
        named = _named_months(days, period, frame, today)
    except ParseError as doubt:
        tries = (each if isinstance(each, str) else say(_fitted(frame, each, today)) for each in doubt.nearest)
        raise ParseError(str(doubt), *tries) from doubt
    rule = _fitted(replace(frame, months=named), days, today)
    return rule, [*slot.warnings, *_remarks(rule, period)]


def _fitted(frame: Rule, days: Days, today: date) -> Rule:
    """Return the frame with these days. "Every other week" gets a `start` to count from."""
    if not isinstance(days, Weekly) or days.every == 1:
        return replace(frame, days=days)
    weekly = replace(frame, days=Weekly(days.weekdays))
    return replace(weekly, days=days, start=_first_day(weekly, today))


def _named_months(days: Days, period: Period, frame: Rule, today: date) -> tuple[int, ...]:
    """Return the months of the rule; those of the frame unless the phrase says quarters or every few months."""
    if period.unit == "Q":
        counted = _quarter_months(days)
    elif period.unit == "L" and period.every > 1:
        first = _first_day(_fitted(frame, days, today), today).month
        counted = tuple((first - 1 + n) % 12 + 1 for n in range(0, 12, period.every))
    else:
        return frame.months
    months = tuple(sorted(set(counted) & set(frame.months)))
    if not months:
        raise error_messages.no_days()
    return months


def _quarter_months(days: Days) -> tuple[int, ...]:
    """Return the first months of the quarters for days counted from the start, and the last months for others."""
    from_end = {n < 0 for n in _counted(days)}
    if len(from_end) > 1:
        raise error_messages.mixed_quarter(days)
    return QUARTER_ENDS if True in from_end else QUARTER_STARTS


def _counted(days: Days) -> tuple[int, ...]:
    """Return which ones in the month: 1 for the first, -1 for the last; none for weekly rules and dates."""
    match days:
        case NthWeekdays(nth):
            return tuple(n for n, _weekday in nth)
        case MonthDays(numbers) | BusinessDays(numbers):
            return numbers
        case Weekly() | Dates():
            return ()
        case never:
            assert_never(never)


def _first_day(rule: Rule, today: date) -> date:
    first = next(local_days(rule, rule.start or today), None)
    if first is None:
        raise error_messages.no_future_date(LOOK_AHEAD)
    return first


def _remarks(rule: Rule, period: Period) -> Iterator[str]:
    counted = _counted(rule.days)
    if len(rule.months) > 1 and (
        (period.unit == "L" and period.every > 1) or (period.unit == "Q" and min(counted) < 0)
    ):
        yield assumptions.took_months(rule.months)
    if isinstance(rule.days, NthWeekdays):
        fifths = tuple(pair for pair in rule.days.nth if pair[0] == 5)
        if fifths:
            yield assumptions.short_months(say_which(NthWeekdays(fifths)))
    if isinstance(rule.days, MonthDays) and max(counted) > 28:
        yield assumptions.short_months(say_which(MonthDays((max(counted),))))
