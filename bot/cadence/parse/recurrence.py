"""Reads a cadence that repeats: on which days, in which months, from when until when."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import assert_never

from bot.cadence import assumptions, error_messages
from bot.cadence.describe import say, say_which
from bot.cadence.errors import ParseError
from bot.cadence.occurrences import LOOK_AHEAD, local_days
from bot.cadence.parse import times
from bot.cadence.parse.days import Period, read_days, read_period
from bot.cadence.parse.grammar import Clause, Kind
from bot.cadence.parse.holiday_exceptions import Exceptions
from bot.cadence.parse.lexer import WEEK
from bot.cadence.parse.season import bounds, months_of, season_of
from bot.cadence.parse.time_zone_words import Zoned
from bot.cadence.parse.tokens import Word, WordList
from bot.cadence.rule import (
    ALL_MONTHS,
    ALL_WEEK,
    BusinessDays,
    Dates,
    Days,
    MonthDays,
    NthWeekdays,
    RelativeWeekday,
    Rule,
    Weekly,
)

QUARTER_STARTS, QUARTER_ENDS = (1, 4, 7, 10), (3, 6, 9, 12)


def repeating(
    clauses: Sequence[Clause], words: WordList, lengths: list[Word], zoned: Zoned, today: date, exceptions: Exceptions
) -> tuple[Rule, list[str]]:
    """Return the rule for clauses that are no list of dates, and warnings about it."""
    said = {clause.kind: clause.words for clause in clauses}
    slot = times.one_slot(words, lengths)
    named = WordList(list(said.get(Kind.DAYS, ())))
    period = _period([clause.words for clause in clauses if clause.kind is Kind.PERIOD], named)
    from_to = season_of(said.get(Kind.START, ()), said.get(Kind.UNTIL, ())) if Kind.SEASON not in said else set()
    start, until = None, None
    if not from_to:
        start, until = bounds(said.get(Kind.START, ()), said.get(Kind.UNTIL, ()), today, zoned.text)
    within = from_to or months_of(said.get(Kind.SEASON, ())) or set(ALL_MONTHS)
    months = tuple(sorted(within - exceptions.months))
    if not months:
        raise error_messages.exception_unread()
    frame = Rule(Weekly(ALL_WEEK), slot.at, zoned.zone, slot.minutes, months, start, until, exceptions.closing)
    whole = replace(frame, months=tuple(sorted(within))) if exceptions.months else frame
    if Kind.YEARLY in said and not said[Kind.YEARLY][0].number:
        raise error_messages.seasons_need_dates()
    try:
        days = _without(_days(named, period, said, start), exceptions.weekdays)
        counted = set(_named_months(days, period, whole, today)) - exceptions.months
    except ParseError as doubt:
        tries = (each if isinstance(each, str) else say(_fitted(frame, each, today)) for each in doubt.nearest)
        raise ParseError(str(doubt), *tries) from doubt
    if not counted:
        raise error_messages.no_days()
    months = tuple(sorted(counted))
    rule = _fitted(frame if months == frame.months else replace(frame, months=months), days, today)
    if Kind.YEARLY in said and said[Kind.YEARLY][0].number != len(_counted(days)) * len(rule.months):
        raise error_messages.nowhere(words.text)
    if Kind.COURSE in said:
        rule = _ending(rule, said[Kind.COURSE][0], today)
    return rule, [*slot.warnings, *_remarks(rule, period)]


def _period(said: Sequence[Sequence[Word]], named: WordList) -> Period:
    periods = {read_period(clause, named) for clause in said} or {Period("")}
    if len(periods) > 1:
        raise error_messages.nowhere(" ".join(word.text for clause in said for word in clause))
    return periods.pop()


def _days(named: WordList, period: Period, said: Mapping[Kind, Sequence[Word]], start: date | None) -> Days:
    """Return the days. "Every two weeks starting September 16" has the weekday of that date."""
    if named.left:
        return read_days(named, period, in_months=Kind.SEASON in said, in_course=Kind.COURSE in said)
    if period.unit == "K" and start and any(word.sign == "q" for word in said[Kind.START]):
        return Weekly((start.weekday(),), period.every)
    raise error_messages.no_days()


def _without(days: Days, weekdays: set[int]) -> Days:
    """Leave weekdays out of a week: "every weekday but Friday"."""
    if not weekdays:
        return days
    left = tuple(day for day in days.weekdays if day not in weekdays) if isinstance(days, Weekly) else ()
    if not isinstance(days, Weekly) or not left or not weekdays <= set(days.weekdays):
        raise error_messages.exception_unread()
    return replace(days, weekdays=left)


def _ending(rule: Rule, course: Word, today: date) -> Rule:
    """Return the rule with its last day, after so many meetings, or so many weeks or months from the first one."""
    if rule.until:
        raise error_messages.nowhere(course.text)
    first = _first_day(rule, today)
    if course.length == WEEK:
        until = first + timedelta(weeks=course.number, days=-1)
    elif course.length:
        years, month = divmod(first.month - 1 + course.number, 12)
        longest = calendar.monthrange(first.year + years, month + 1)[1]
        until = date(first.year + years, month + 1, min(first.day, longest)) - timedelta(days=1)
    else:
        met = (day for day in local_days(rule, first) if not rule.closing.leaves_out(day))
        until = next(islice(met, course.number - 1, None), first)
    return replace(rule, start=rule.start or first, until=until)


def _fitted(frame: Rule, days: Days, today: date) -> Rule:
    """Return the frame with these days. "Every other week" gets a `start` to count from."""
    if not isinstance(days, Weekly) or days.every == 1:
        return replace(frame, days=days)
    weekly = replace(frame, days=Weekly(days.weekdays))
    return replace(weekly, days=days, start=_first_day(weekly, today))


def _named_months(days: Days, period: Period, frame: Rule, today: date) -> tuple[int, ...]:
    """Return the months of the rule; those of the frame unless the phrase says quarters or every few months."""
    step = period.every if period.unit == "L" else 3
    if period.unit == "Q" and not frame.start:
        counted = _quarter_months(days)
    elif period.unit == "Q" or (period.unit == "L" and step > 1):
        first = _first_day(_fitted(frame, days, today), today).month
        counted = tuple((first - 1 + n) % 12 + 1 for n in range(0, 12, step))
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
        case RelativeWeekday(_weekday, n):
            return (n,)
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
