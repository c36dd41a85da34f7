"""Translate a cadence rule into an RRULE (RFC 5545), where RRULE can express it. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import vRecur

from bot.cadence import MonthDays, NthWeekdays, Rule, Weekly
from bot.cadence.rule import ALL_MONTHS

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Repeating:
    """How the first meeting repeats.

    `first` (DTSTART) and `without` (EXDATE: produced by the rule, but no meeting) are naive, on the wall clock of the
    rule's zone. `besides` (RDATE: meetings that the rule does not produce) is aware. `rule` holds the parts of RRULE.
    """

    first: datetime
    rule: Mapping[str, Any]
    without: Sequence[datetime]
    besides: Sequence[datetime]


def repeating(rule: Rule, moments: Collection[datetime]) -> Repeating | None:
    """Return the recurrence that yields exactly these `moments` (aware). None if they are better listed one by one."""
    parts, zone = _rrule_parts(rule), ZoneInfo(rule.zone)
    if parts is None or len(moments) < 2:
        return None
    # A change of the clocks may skip this time of day; calendar programs allow for that as well.
    first = datetime.combine(min(moments).astimezone(zone), rule.at)
    last = datetime.combine(max(moments).astimezone(zone), rule.at)
    whole = {**parts, "UNTIL": [last]}
    text: bytes = vRecur(whole).to_ical()  # type: ignore[no-untyped-call]
    produced = {_moment(wall, zone): wall for wall in rrulestr(text.decode(), dtstart=first)}
    # Calendars count DTSTART as an occurrence even where the rule does not produce it.
    if min(produced, default=None) != min(moments):
        return None
    without = [wall for at, wall in sorted(produced.items()) if at not in moments]
    besides = sorted(set(moments) - produced.keys())
    return Repeating(first, {**parts, "UNTIL": [_moment(last, zone)]}, without, besides)


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _rrule_parts(rule: Rule) -> dict[str, Any] | None:
    """Return the parts of an RRULE without UNTIL. None for chosen dates and working days, which it cannot express."""
    match rule.days:
        case Weekly(weekdays, every):
            parts = {"FREQ": ["WEEKLY"], "INTERVAL": [every], "BYDAY": [WEEKDAYS[day] for day in weekdays]}
        case NthWeekdays(nth):
            parts = {"FREQ": ["MONTHLY"], "BYDAY": [f"{n}{WEEKDAYS[day]}" for n, day in nth]}
        case MonthDays(days):
            parts = {"FREQ": ["MONTHLY"], "BYMONTHDAY": list(days)}
        case _chosen_dates_or_working_days:
            return None
    if rule.months != ALL_MONTHS:
        parts["BYMONTH"] = list(rule.months)
    return parts
