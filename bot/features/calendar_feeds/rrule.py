"""A community's rule as calendars know rules (RFC 5545, RRULE), where they can know it at all."""

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
    """How the first meeting repeats. `first` and `without` are on the wall clock of the rule's zone."""

    first: datetime
    rule: Mapping[str, Any]  # of RRULE
    without: Sequence[datetime]  # EXDATE: what the rule says, and is not so
    besides: Sequence[datetime]  # RDATE, aware: what is so, and the rule does not say


def repeating(rule: Rule, moments: Collection[datetime]) -> Repeating | None:
    """The rule of exactly these `moments` (aware). None: they are better told one by one."""
    said, zone = _said(rule), ZoneInfo(rule.zone)
    if said is None or len(moments) < 2:
        return None
    first = datetime.combine(min(moments).astimezone(zone), rule.at)  # the clocks may skip it; programs know that too
    last = datetime.combine(max(moments).astimezone(zone), rule.at)
    whole = {**said, "UNTIL": [last]}
    text: bytes = vRecur(whole).to_ical()  # type: ignore[no-untyped-call]
    told = {_moment(wall, zone): wall for wall in rrulestr(text.decode(), dtstart=first)}
    if min(told, default=None) != min(moments):  # calendars take the first for one of the rule's in any case
        return None
    without = [wall for at, wall in sorted(told.items()) if at not in moments]
    return Repeating(first, {**said, "UNTIL": [_moment(last, zone)]}, without, sorted(set(moments) - told.keys()))


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _said(rule: Rule) -> dict[str, Any] | None:
    match rule.days:
        case Weekly(weekdays, every):
            said = {"FREQ": ["WEEKLY"], "INTERVAL": [every], "BYDAY": [WEEKDAYS[day] for day in weekdays]}
        case NthWeekdays(nth):
            said = {"FREQ": ["MONTHLY"], "BYDAY": [f"{n}{WEEKDAYS[day]}" for n, day in nth]}
        case MonthDays(days):
            said = {"FREQ": ["MONTHLY"], "BYMONTHDAY": list(days)}
        case _chosen_dates_or_working_days:
            return None
    if rule.months != ALL_MONTHS:
        said["BYMONTH"] = list(rule.months)
    return said
