"""Translate a cadence rule into an RRULE (RFC 5545) that Outlook, Google, and Apple all read. Pure functions.

Outlook reads few forms (MS-OXCICAL 2.1.3.2.2). It leaves out a whole event whose rule it doesn’t know, such as two
weekdays of a month, and it silently ignores BYMONTH in a monthly rule. Google ignores RDATE after UNTIL. So a rule here
is weekly, or monthly on one day, and dates that its months leave out are exceptions (EXDATE).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import gcd
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import vRecur

from bot.cadence import MonthDays, NthWeekdays, Rule, Weekly

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


# Places of a weekday in a month, and days of a month, that mean the same everywhere. Outlook takes the fifth weekday
# for the last, and the 30th of February for its last day.
NTH = (1, 2, 3, 4, -1)
MONTH_DAYS = (*range(1, 29), -1)


@dataclass(frozen=True)
class Repeating:
    """How a meeting repeats.

    `first` (DTSTART) and `without` (EXDATE: produced by the rule, but no meeting) are naive, on the wall clock of the
    rule's zone. `rule` holds the parts of RRULE. `moments` are those that are produced, in order (UTC).
    """

    first: datetime
    rule: Mapping[str, Any]
    without: Sequence[datetime]
    moments: Sequence[datetime]


def repeating(rule: Rule, moments: Collection[datetime]) -> Repeating | None:
    """Return the recurrence that yields as many of these `moments` (aware) as it can, and nothing else.

    None if all of them are better listed one by one.
    """
    parts, zone = _rrule_parts(rule), ZoneInfo(rule.zone)
    if parts is None or len(moments) < 2:
        return None
    # A change of the clocks may skip this time of day; calendar programs allow for that as well.
    begins = datetime.combine(min(moments).astimezone(zone), rule.at)
    ends = datetime.combine(max(moments).astimezone(zone), rule.at)
    text: bytes = vRecur({**parts, "UNTIL": [ends]}).to_ical()  # type: ignore[no-untyped-call]
    produced = {_moment(wall, zone): wall for wall in rrulestr(text.decode(), dtstart=begins)}
    held = sorted(at for at in produced if at in moments)
    if len(held) < 2:
        return None
    # Calendars count DTSTART as an occurrence even where the rule does not produce it, so it is a meeting.
    without = [wall for at, wall in sorted(produced.items()) if held[0] < at < held[-1] and at not in moments]
    if len(without) > len(held):
        return None
    return Repeating(produced[held[0]], {**parts, "UNTIL": [held[-1]]}, without, held)


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _rrule_parts(rule: Rule) -> dict[str, Any] | None:
    """Return the parts of an RRULE without UNTIL and without months. None for rules that some program can't read."""
    match rule.days:
        case Weekly(weekdays, every):
            parts = {"FREQ": ["WEEKLY"], "INTERVAL": [every], "BYDAY": [WEEKDAYS[day] for day in weekdays]}
            # Otherwise a week begins on Sunday for some, and every other week is another week.
            return parts if every == 1 else {**parts, "WKST": ["MO"]}
        case NthWeekdays(((n, day),)) if n in NTH:
            return _monthly(rule, {"BYDAY": [f"{n}{WEEKDAYS[day]}"]})
        case MonthDays((day,)) if day in MONTH_DAYS:
            return _monthly(rule, {"BYMONTHDAY": [day]})
        case _several_days_or_chosen_dates_or_working_days:
            return None


def _monthly(rule: Rule, day: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a monthly rule: every nth month where its months are that regular, else every month."""
    following = [*rule.months[1:], rule.months[0] + 12]
    gaps = {after - month for month, after in zip(rule.months, following, strict=True)}
    return {"FREQ": ["MONTHLY"], "INTERVAL": [gcd(*gaps)], **day}
