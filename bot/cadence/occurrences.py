"""Works out the occurrences of a rule in UTC, across daylight saving time and other changes of the zone's clocks."""

from calendar import monthrange
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.cadence.closed_days import FARTHEST, Avoided, settled
from bot.cadence.rule import BusinessDays, Dates, MonthDays, NthWeekdays, RelativeWeekday, Rule, Weekly

EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
# Years. The longest gap between two fifth Fridays of February is 40, across 2100.
LOOK_AHEAD = 50


def occurrences(
    rule: Rule,
    after: datetime,
    *,
    count: int | None = None,
    until: datetime | None = None,
    closed: Container[date] = (),
) -> Iterator[datetime]:
    """Yield the occurrences of `rule` strictly after `after`, in UTC, in order.

    At most `count`, and none later than `until`. On days in `closed` a meeting is skipped, kept or moved as the rule
    says; for working days of the month these days do not count. Ends where the rule ends, or after `LOOK_AHEAD` years.

    A local time that the clocks skip is moved forward by as much; of one that they show twice, the first is taken.
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
    """Yield the days that a repeating rule names from `first` on, in order, for at most `LOOK_AHEAD` years.

    Days in `closed` are included, but do not count as working days of the month.
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
        # By moment, not by local time: where the clocks skip an hour, the two orders can differ.
        named = sorted(rule.days.moments, key=lambda each: each.replace(tzinfo=zone).astimezone(UTC))
        yield from settled(rule, named, avoided)
    elif after.year <= LATEST.year:
        # One day back because `after` is in UTC, one for a zone that skipped a whole day, and FARTHEST because a
        # meeting from before `after` may be moved to after it.
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
    """Return the days that the rule names in one month, in order, without those that the month does not have."""
    first_weekday, length = monthrange(year, month)
    match rule.days:
        case NthWeekdays(nth):
            found = {_nth_weekday(n, weekday, first_weekday, length) for n, weekday in nth}
        case RelativeWeekday(weekday, n, anchor, before):
            counted_from = _nth_weekday(n, anchor, first_weekday, length)
            apart = (anchor - weekday if before else weekday - anchor) % 7 or 7
            found = {counted_from - apart if before else counted_from + apart}
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
    """Return the day of the nth weekday of a month, counted from its end if n is negative.

    The result is outside of the month if it has no such day.
    """
    first = 1 + (weekday - first_weekday) % 7
    if n > 0:
        return first + 7 * (n - 1)
    last = first + (length - first) // 7 * 7
    return last + 7 * (n + 1)
