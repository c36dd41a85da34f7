"""From a rule to the moments when the community meets, whatever the clocks of its zone do in between."""

from calendar import monthrange
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.cadence.closed_days import FARTHEST, Avoided, settled
from bot.cadence.rule import BusinessDays, Dates, MonthDays, NthWeekdays, Rule, Weekly

EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
LOOK_AHEAD = 50  # years: longer than the longest gap between two fifth Fridays of February (40, over 2100)


def occurrences(
    rule: Rule,
    after: datetime,
    *,
    count: int | None = None,
    until: datetime | None = None,
    closed: Container[date] = (),
) -> Iterator[datetime]:
    """
    The moments of `rule` strictly after `after`, in UTC, each later than the one before.

    At most `count`, none later than `until`, none on a day in `closed` that the rule does not keep; what the rule
    says to move is moved. For working days of the month a closed day is not a working day. Ends by itself: after
    `LOOK_AHEAD` years, or where the rule ends.
    A time that the clocks skip moves forward by what they skip; one they show twice is the first of the two.
    """
    zone = ZoneInfo(rule.zone)
    previous, left = after, count
    for local in _local_moments(rule, after, closed):
        moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if left == 0 or (until is not None and moment > until):
            return
        if moment > previous:
            yield moment
            previous = moment
            left = None if left is None else left - 1


def local_days(rule: Rule, first: date, closed: Container[date] = ()) -> Iterator[date]:
    """
    The days that a repeating rule names from `first` on, in order, for `LOOK_AHEAD` years at most.

    Days in `closed` are among them, but are no working days of the month.
    """
    first = max(first, rule.start or EARLIEST, EARLIEST)
    last = min(date(min(first.year + LOOK_AHEAD, LATEST.year), 12, 31), rule.until or LATEST)
    days = _weekly(rule.days, rule.start, first) if isinstance(rule.days, Weekly) else _monthly(rule, first, closed)
    for day in days:
        if day > last:
            return
        if day >= first and day.month in rule.months:
            yield day


def _local_moments(rule: Rule, after: datetime, closed: Container[date]) -> Iterator[datetime]:
    avoided = Avoided(rule.closing, closed)
    if isinstance(rule.days, Dates):
        zone = ZoneInfo(rule.zone)
        # In order of the moments they are, which a gap in the clocks can turn around.
        named = sorted(rule.days.moments, key=lambda each: each.replace(tzinfo=zone).astimezone(UTC))
        yield from settled(rule, named, avoided)
    elif after.year <= LATEST.year:
        # Two days back: one for the zones, one for a zone that skipped a whole day; and what may be moved past `after`.
        back = timedelta(days=2) + FARTHEST
        first = after.date() - back if after.year > EARLIEST.year else EARLIEST
        days = local_days(rule, first, avoided)
        yield from settled(rule, (datetime.combine(day, rule.at) for day in days), avoided)


def _weekly(days: Weekly, start: date | None, first: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    if start is not None:
        weeks = (monday - (start - timedelta(days=start.weekday()))).days // 7
        monday += timedelta(weeks=-weeks % days.every)
    while monday <= LATEST:
        for weekday in days.weekdays:
            yield monday + timedelta(days=weekday)
        monday += timedelta(weeks=days.every)


def _monthly(rule: Rule, first: date, closed: Container[date]) -> Iterator[date]:
    for year in range(first.year, LATEST.year + 1):
        for month in rule.months:
            if (year, month) >= (first.year, first.month):
                for day in _days_of_month(rule, year, month, closed):
                    yield date(year, month, day)


def _days_of_month(rule: Rule, year: int, month: int, closed: Container[date]) -> list[int]:
    """The days of one month that the rule names, in order, without those that the month does not have."""
    first_weekday, length = monthrange(year, month)
    match rule.days:
        case NthWeekdays(nth):
            found = {_nth_weekday(n, weekday, first_weekday, length) for n, weekday in nth}
        case MonthDays(days):
            found = {day if day > 0 else length + 1 + day for day in days}
        case BusinessDays(nth=counted):
            working = [
                day
                for day in range(1, length + 1)
                if (first_weekday + day - 1) % 7 < 5 and date(year, month, day) not in closed
            ]
            found = {working[n - 1 if n > 0 else n] for n in counted if (n if n > 0 else -n) <= len(working)}
        case Weekly() | Dates():
            found = set()
        case never:
            assert_never(never)
    return sorted(day for day in found if 1 <= day <= length)


def _nth_weekday(n: int, weekday: int, first_weekday: int, length: int) -> int:
    """The day of the month of its nth weekday, from the end if n is negative; past its end if it has none."""
    first = 1 + (weekday - first_weekday) % 7
    if n > 0:
        return first + 7 * (n - 1)
    last = first + (length - first) // 7 * 7
    return last + 7 * (n + 1)
