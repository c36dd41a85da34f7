"""Reads closed days: typed, from a list with one day or stretch of days a line, or from an .ics calendar."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bot.cadence import error_messages
from bot.cadence.errors import ParseError, Unreadable
from bot.cadence.parse.holiday_exceptions import read_stretches

# A school's calendar of many years has a tenth of that.
BIGGEST = 1_000_000  # bytes
MOST_DAYS = 2000
FARTHEST = 20  # years from today
LONGEST = timedelta(days=366)
_PLAIN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"}
_LISTABLE = ("2025-12-24", "2025-12-22 to 2026-01-02")


def read_days(text: str, today: date) -> frozenset[date]:
    """Return the days in "Nov 28, Dec 22 to Jan 2". Without a year, a date is the first from `today` on.

    Raises Unreadable.
    """
    return _days(_typed(text, today), today)


def read_closures(file: bytes, today: date, zone: str = "UTC") -> frozenset[date]:
    """Return the days in an .ics file, of which every event counts, or in a list with a day or stretch of days a line.

    Times in UTC fall on the days of `zone`; times with a zone of their own, or none, on the days that they name. In a
    list, "#" starts a comment. Raises Unreadable, which names the wrong line or event.
    """
    if len(file) > BIGGEST:
        raise _refused(error_messages.file_too_big(BIGGEST // 1000))
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(error_messages.file_no_text()) from error
    if text.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
        return _days(_from_calendar(text, today, ZoneInfo(zone)), today)
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return _days((each for line in lines if line for each in _typed(line, today)), today)


def _typed(text: str, today: date) -> list[tuple[date, date]]:
    try:
        return read_stretches(text, today)
    except ParseError as doubt:
        raise _refused(error_messages.in_line(text, str(doubt))) from doubt


def _days(stretches: Iterable[tuple[date, date]], today: date) -> frozenset[date]:
    days: set[date] = set()
    for first, last in stretches:
        if last - first > LONGEST:
            raise _refused(error_messages.closed_too_long(first, last))
        if last.year > today.year + FARTHEST:
            raise _refused(error_messages.closed_too_far(last.year, FARTHEST))
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
        if len(days) > MOST_DAYS:
            raise _refused(error_messages.too_many_dates(MOST_DAYS))
    return frozenset(days)


def _refused(doubt: ParseError) -> Unreadable:
    return Unreadable(str(doubt), _LISTABLE[1])


def _from_calendar(text: str, today: date, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    # Imported on first use, because most installations never read a calendar.
    from icalendar import Calendar

    try:
        events = [event for calendar in Calendar.from_ical(text, multiple=True) for event in calendar.walk("VEVENT")]
        if not events:
            raise _refused(error_messages.no_closures())
        for event in events:
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                yield from _closed_by(event, today, zone)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise _refused(error_messages.calendar_broken()) from error


def _closed_by(event: Any, today: date, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    """Yield the stretches of days that an event closes.

    An event without an end lasts one day; one with times closes each day that it touches.
    """
    starts = event["DTSTART"].dt
    ends = event.decoded("DTEND", None)
    if ends is None and "DURATION" in event:
        ends = starts + event.decoded("DURATION")
    lasts = ends - starts if ends is not None else timedelta(0)
    # An end that is a date is the first day after the event; one with a time may be the midnight that ends a day.
    moment = timedelta(seconds=1) if isinstance(starts, datetime) else timedelta(days=1)
    for begins in _repeated(event, starts, today, zone):
        first = _day(begins, zone)
        yield first, max(first, _day(begins + lasts - moment, zone))


def _repeated(event: Any, starts: date, today: date, zone: ZoneInfo) -> list[date]:
    """Return every start of an event, as dates or times as its first one is."""
    if "RRULE" not in event and "RDATE" not in event:
        return [starts]
    name = str(event.get("SUMMARY", ""))
    rules = event.get("RRULE")
    if "RDATE" in event or isinstance(rules, list) or not _can_end(rules, today):
        raise _refused(error_messages.repeats_too_long(name))
    from dateutil.rrule import rrulestr

    # The rule counts on the wall clock that the event is written in, which the community's may differ from.
    wall = starts.replace(tzinfo=None) if isinstance(starts, datetime) else datetime.combine(starts, time())
    until = rules.pop("UNTIL", None)
    rule = rrulestr(rules.to_ical().decode(), dtstart=wall)
    # Without this end, a rule that matches no day would be followed to the year 9999.
    end = datetime.combine(_day(until[0], zone), time.max) if until else None
    walls = rule.between(wall, end + timedelta(days=1), inc=True) if end else islice(rule, MOST_DAYS)
    found = [each.replace(tzinfo=starts.tzinfo) if isinstance(starts, datetime) else each.date() for each in walls]
    exceptions = event.get("EXDATE") or []
    parts = exceptions if isinstance(exceptions, list) else [exceptions]
    skipped = {_day(each.dt, zone) for part in parts for each in part.dts}
    days = [(each, _day(each, zone)) for each in found]
    return [each for each, day in days if day not in skipped and (end is None or day <= end.date())]


def _can_end(rule: Any, today: date) -> bool:
    """Return whether a recurrence rule repeats by days or longer periods, and ends soon enough to be followed."""
    frequency, count, until = rule["FREQ"][0], rule.get("COUNT"), rule.get("UNTIL")
    if not set(rule) <= _PLAIN or frequency not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        return False
    if frequency in ("DAILY", "WEEKLY") and {"BYMONTH", "BYMONTHDAY"} & set(rule):
        return False
    if until:
        return bool(until[0].year <= today.year + FARTHEST)
    return bool(count and int(count[0]) <= MOST_DAYS)


def _day(moment: date, zone: ZoneInfo) -> date:
    """Return the day of a date or time. One in UTC falls on a day of `zone`, any other on the one that it names."""
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(zone) if _is_utc(moment) else moment).date()


def _is_utc(moment: datetime) -> bool:
    """Return whether the time is in UTC, under any of its names, such as "Etc/UTC"."""
    return moment.tzname() == "UTC"
