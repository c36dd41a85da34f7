"""Rules: on which days, in which months, and at what local time a community meets.

Rules are stored as JSON (`Rule.to_json`), so old shapes must stay readable. They raise ValueError for values that make
no sense.
"""

import json
import operator
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from bot.cadence.iana import is_zone

ALL_MONTHS = tuple(range(1, 13))
ALL_WEEK = tuple(range(7))
USUAL_MINUTES = 60
LONGEST_MINUTES = 24 * 60

Ordered = TypeVar("Ordered", int, datetime, date)


def _check(name: str, values: tuple[int, ...], allowed: range | tuple[int, ...]) -> None:
    if not values or not all(map(allowed.__contains__, values)):
        raise ValueError(f"{name} {values} must be from {min(allowed)} to {max(allowed)}")


def _check_order(name: str, values: tuple[Ordered, ...]) -> None:
    if any(map(operator.ge, values, values[1:])):
        raise ValueError(f"{name} {values} must be in order, each once")


def season(months: tuple[int, ...]) -> tuple[int, int] | None:
    """Return the first and last month if these are one stretch of at least two months, which may cross the new year."""
    firsts = [month for month in months if (month - 2) % 12 + 1 not in months]
    if len(firsts) != 1 or len(months) < 2:
        return None
    return firsts[0], (firsts[0] + len(months) - 2) % 12 + 1


@dataclass(frozen=True, slots=True)
class Weekly:
    """These weekdays (Monday is 0) of every `every`-th week, counted from the week of the rule's `start`."""

    weekdays: tuple[int, ...]
    every: int = 1

    def __post_init__(self) -> None:
        _check("weekdays", self.weekdays, ALL_WEEK)
        _check_order("weekdays", self.weekdays)
        _check("every", (self.every,), range(1, 53))


@dataclass(frozen=True, slots=True)
class NthWeekdays:
    """Pairs of (which one in the month: 1 to 5, -1 is the last, -2 the one before it; weekday: 0 is Monday)."""

    nth: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        _check("nth", tuple(n for n, _ in self.nth), (1, 2, 3, 4, 5, -1, -2))
        _check("weekday", tuple(weekday for _, weekday in self.nth), ALL_WEEK)


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of the month: 1 to 31, or -1 for the last. A month without such a day is left out."""

    days: tuple[int, ...]

    def __post_init__(self) -> None:
        _check("days", self.days, (*range(1, 32), -1))


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Working days of the month, counted from its start (1 to 5) or its end (-1 is the last, -2 the one before)."""

    nth: tuple[int, ...]

    def __post_init__(self) -> None:
        _check("nth", self.nth, (*range(1, 6), -1, -2))


@dataclass(frozen=True, slots=True)
class RelativeWeekday:
    """The first `weekday` after the nth `anchor` weekday of the month, or the last one before it.

    Only where it falls in the same month in every case: after the first to third, before the second to last.
    """

    weekday: int
    nth: int
    anchor: int
    before: bool = False

    def __post_init__(self) -> None:
        _check("weekday", (self.weekday, self.anchor), ALL_WEEK)
        _check("nth", (self.nth,), (2, 3, 4, -1, -2) if self.before else (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Dates:
    """A list of dates, each with a local time of its own. The moments are naive, in the zone of the rule."""

    moments: tuple[datetime, ...]

    def __post_init__(self) -> None:
        if not self.moments or any(moment.tzinfo for moment in self.moments):
            raise ValueError("chosen dates need at least one moment, each on the wall clock (no zone)")
        _check_order("moments", self.moments)


Days = Weekly | NthWeekdays | RelativeWeekday | MonthDays | BusinessDays | Dates


class OnClosed(StrEnum):
    """What happens to a meeting on a closed day. The values are stored in rules."""

    UNSAID = ""
    KEEP = "keep"
    SKIP = "skip"
    WEEK_LATER = "week later"
    DAY_AFTER = "working day after"
    DAY_BEFORE = "working day before"


@dataclass(frozen=True, slots=True)
class Closing:
    """What a rule says about closed days: public holidays, and the community's `own`.

    `dates` are stretches of days (first, last), in order, on which the community does not meet even though the rule
    names them. What the rule leaves UNSAID is up to the caller.
    """

    public: OnClosed = OnClosed.UNSAID
    own: OnClosed = OnClosed.UNSAID
    dates: tuple[tuple[date, date], ...] = ()

    def __post_init__(self) -> None:
        if any(last < first for first, last in self.dates):
            raise ValueError("a stretch of closed days must not end before it starts")
        _check_order("dates", tuple(first for first, _last in self.dates))

    def leaves_out(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.dates)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a community meets, in the local time of `zone`.

    `at` is when a meeting starts (for `Dates`: the first one), `minutes` how long it lasts. Only days in `months`
    count; `start` and `until` are the first and last day allowed. `closing` says what happens on a closed day.

    Raises ValueError for a rule that makes no sense, such as one without months or with an unknown zone.
    """

    days: Days
    at: time
    zone: str
    minutes: int = USUAL_MINUTES
    months: tuple[int, ...] = ALL_MONTHS
    start: date | None = None
    until: date | None = None
    closing: Closing = Closing()

    def __post_init__(self) -> None:
        _check("months", self.months, ALL_MONTHS)
        _check_order("months", self.months)
        _check("minutes", (self.minutes,), range(1, LONGEST_MINUTES + 1))
        if not is_zone(self.zone):
            raise ValueError(f"no such time zone: {self.zone}")
        if isinstance(self.days, Weekly) and self.days.every > 1 and self.start is None:
            raise ValueError("every other week needs a start to count from")

    def to_json(self) -> str:
        """Return the rule as one line of JSON, from which `from_json` makes an equal rule."""
        kind = type(self.days).__name__
        saved = {**asdict(self), "days": {"kind": kind, **asdict(self.days)}}
        # Left out where it says nothing, so that such rules are written as they were before `closing` existed.
        if self.closing == Closing():
            del saved["closing"]
        return json.dumps(saved, default=_plain)

    @classmethod
    def from_json(cls, text: str) -> "Rule":
        """Return the rule that `to_json` wrote. Raises ValueError for anything else."""
        try:
            return _rule(json.loads(text))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a rule: {error}") from error


def _rule(saved: Mapping[str, Any]) -> Rule:
    return Rule(
        days=_days(saved["days"]),
        at=time.fromisoformat(saved["at"]),
        zone=saved["zone"],
        minutes=saved["minutes"],
        months=tuple(saved["months"]),
        start=date.fromisoformat(saved["start"]) if saved["start"] else None,
        until=date.fromisoformat(saved["until"]) if saved["until"] else None,
        closing=_closing(saved["closing"]) if "closing" in saved else Closing(),
    )


def _closing(saved: Mapping[str, Any]) -> Closing:
    stretches = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in saved["dates"])
    return Closing(OnClosed(saved["public"]), OnClosed(saved["own"]), stretches)


def _days(saved: Mapping[str, Any]) -> Days:
    match saved["kind"], saved:
        case ["Weekly", {"weekdays": weekdays, "every": every}]:
            return Weekly(tuple(weekdays), every)
        case ["NthWeekdays", {"nth": pairs}]:
            return NthWeekdays(tuple((n, weekday) for n, weekday in pairs))
        case ["RelativeWeekday", {"weekday": weekday, "nth": nth, "anchor": anchor, "before": before}]:
            return RelativeWeekday(weekday, nth, anchor, before)
        case ["MonthDays", {"days": days}]:
            return MonthDays(tuple(days))
        case ["BusinessDays", {"nth": counted}]:
            return BusinessDays(tuple(counted))
        case ["Dates", {"moments": moments}]:
            return Dates(tuple(datetime.fromisoformat(moment) for moment in moments))
    raise ValueError(f"not the days of a rule: {saved}")


def _plain(value: date | time) -> str:
    return value.isoformat()
