"""How meetings follow a changed rule, which reminder is still useful, and limits of a meeting. Pure functions."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.cadence import Rule, closed_for, occurrences
from bot.cadence.rule import season
from bot.domain import placing
from bot.domain.between_meetings import Calendar

# How far ahead meetings are planned: thirteen months.
AHEAD = timedelta(days=396)
# How far ahead timers are set. The planner runs every week, so later ones are set in time.
SET_AHEAD = placing.AHEAD
LONGEST_TITLE, LONGEST_PLACE, LONGEST_LINK, LONGEST_NOTE = 80, 200, 500, 300  # characters
LONGEST_MINUTES = 24 * 60
# How long after a meeting a member may say that they were there, or make up for it.
SAY_THERE = timedelta(days=60)
# Meetings that begin within this of each other share a reminder.
SAME_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Occurrence:
    """A meeting that a series made.

    `original_at` is where its rule put it. `moved`: a facilitator moved it. `dropped`: an earlier rule had no place for
    it.
    """

    id: int
    original_at: datetime
    starts_at: datetime
    moved: bool = False
    dropped: bool = False


@dataclass(frozen=True)
class Changes:
    """What makes a series fit its rule: moments to `add` meetings at, and ids of meetings to `drop` and to `revive`."""

    add: list[datetime]
    drop: list[int]
    revive: list[int]


def changes(wanted: Collection[datetime], made: Collection[Occurrence], now: datetime) -> Changes:
    """Compare what a rule wants with the meetings made so far. Past and moved meetings are left as they are."""
    free = [m for m in made if not m.moved and m.starts_at > now]
    return Changes(
        add=sorted(set(wanted) - {m.original_at for m in made}),
        drop=[m.id for m in free if not m.dropped and m.original_at not in wanted],
        revive=[m.id for m in free if m.dropped and m.original_at in wanted],
    )


def season_end(rule: Rule, today: date) -> date | None:
    """Return the last day of the season that is on or comes next; None for a rule that goes on all year."""
    if rule.until:
        return rule.until
    months = season(rule.months)
    if months is None:
        return None
    year = today.year + (today.month > months[1])
    return date(year, months[1], monthrange(year, months[1])[1])


def dates(rule: Rule, calendar: Calendar, now: datetime) -> list[datetime]:
    """Return when a rule has the community meet from now until AHEAD, with its policy for closed days applied."""
    closed = closed_for(rule, calendar.country, calendar.region, calendar.closed)
    return list(occurrences(rule, now, until=now + AHEAD, closed=closed))


def overtaken(step: str, moments: Mapping[str, datetime], now: datetime) -> bool:
    """Whether a later step of the same meeting is due as well, so that this one would only repeat it.

    `moments` are by step, earliest first.
    """
    order = list(moments)
    return any(moments[each] <= now for each in order[order.index(step) + 1 :])


def ahead(starts_at: datetime, now: datetime, zone: str) -> tuple[int, int]:
    """Return how far off a meeting is: in calendar days of `zone`, and in minutes (at least one)."""
    at, today = (each.astimezone(ZoneInfo(zone)).date() for each in (starts_at, now))
    return (at - today).days, max(1, round((starts_at - now).total_seconds() / 60))


def ends_at(starts_at: datetime, minutes: int) -> datetime:
    return starts_at + timedelta(minutes=minutes)


def overlap(start: datetime, minutes: int, other_start: datetime, other_minutes: int) -> bool:
    return start < other_start + timedelta(minutes=other_minutes) and other_start < start + timedelta(minutes=minutes)


def read_minutes(typed: str) -> int | None:
    """Parse a meeting's length in minutes, 1 to LONGEST_MINUTES. None where it cannot be read."""
    number = typed.strip()
    minutes = int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0
    return minutes if 1 <= minutes <= LONGEST_MINUTES else None


def is_link(typed: str) -> bool:
    """Whether this is http or https, has a host, and is short enough for a button on every platform."""
    if len(typed) > LONGEST_LINK or any(c.isspace() for c in typed):
        return False
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


Moments = Mapping[tuple[str, str], Sequence[datetime]]  # by (timer kind, value)
Shift = tuple[str, str, datetime | None, datetime | None]  # timer kind, value, was at, is at


def shifted(before: Moments, after: Moments) -> list[Shift]:
    """Compare moments before and after a change, in order of time. None stands for a moment that is new or gone."""
    found: list[Shift] = []
    for kind, value in sorted({*before, *after}):
        old, new = before.get((kind, value), ()), after.get((kind, value), ())
        found += [(kind, value, was, now) for was, now in zip_longest(old, new) if was != now]
    return sorted(found, key=lambda shift: min(at for at in shift[2:] if at))
