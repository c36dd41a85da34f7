"""What a rule changes about the meetings to come, and which reminder still helps. Nothing here touches a database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.cadence import Rule, closed_for, occurrences
from bot.domain.between_meetings import Calendar

AHEAD = timedelta(days=396)  # thirteen months: how far meetings are planned
SET_AHEAD = timedelta(days=45)  # how far timers are set; planning runs again every week
LONGEST_TITLE, LONGEST_PLACE, LONGEST_LINK, LONGEST_NOTE = 80, 200, 500, 300
LONGEST_MINUTES = 24 * 60
SAY_THERE = timedelta(days=60)  # after a meeting: how long one may say that one was there, or make up for it
SAME_HOUR = timedelta(hours=1)  # meetings that begin within this of each other have one reminder


@dataclass(frozen=True)
class Occurrence:
    """A meeting that a series made: where its rule put it, and what became of it since."""

    id: int
    original_at: datetime
    starts_at: datetime
    moved: bool = False  # by a facilitator
    dropped: bool = False  # by an earlier change of the rule


@dataclass(frozen=True)
class Changes:
    add: list[datetime]  # moments without a meeting
    drop: list[int]  # meetings without a moment
    revive: list[int]  # dropped before, and wanted again


def changes(wanted: Collection[datetime], made: Collection[Occurrence], now: datetime) -> Changes:
    """How what was made comes to fit the rule; the past, and what a facilitator moved, stay as they are."""
    free = [m for m in made if not m.moved and m.starts_at > now]
    return Changes(
        add=sorted(set(wanted) - {m.original_at for m in made}),
        drop=[m.id for m in free if not m.dropped and m.original_at not in wanted],
        revive=[m.id for m in free if m.dropped and m.original_at in wanted],
    )


def dates(rule: Rule, calendar: Calendar, now: datetime) -> list[datetime]:
    """When a rule has the community meet from now on; what `closed_for` says of closed days holds."""
    closed = closed_for(rule, calendar.country, calendar.region, calendar.closed)
    return list(occurrences(rule, now, until=now + AHEAD, closed=closed))


def overtaken(step: str, moments: Mapping[str, datetime], now: datetime) -> bool:
    """Whether a later reminder of the same meeting is due too, so that this one would only repeat it.

    `moments` has them earliest first.
    """
    order = list(moments)
    return any(moments[each] <= now for each in order[order.index(step) + 1 :])


def ahead(starts_at: datetime, now: datetime, zone: str) -> tuple[int, int]:
    """How far off a meeting is: in days of the community's calendar, and in minutes (at least one)."""
    at, today = (each.astimezone(ZoneInfo(zone)).date() for each in (starts_at, now))
    return (at - today).days, max(1, round((starts_at - now).total_seconds() / 60))


def ends_at(starts_at: datetime, minutes: int) -> datetime:
    return starts_at + timedelta(minutes=minutes)


def overlap(start: datetime, minutes: int, other_start: datetime, other_minutes: int) -> bool:
    return start < other_start + timedelta(minutes=other_minutes) and other_start < start + timedelta(minutes=minutes)


def read_minutes(typed: str) -> int | None:
    """A meeting's length in minutes; None where that is no number from 1 to a whole day."""
    number = typed.strip()
    minutes = int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0
    return minutes if 1 <= minutes <= LONGEST_MINUTES else None


def is_link(typed: str) -> bool:
    """Whether this can be opened: http or https, with a host, short enough for every platform's buttons."""
    if len(typed) > LONGEST_LINK or any(c.isspace() for c in typed):
        return False
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


Moments = Mapping[tuple[str, str], Sequence[datetime]]  # (timer kind, value) -> when


Shift = tuple[str, str, datetime | None, datetime | None]  # timer kind, value, was at, is at


def shifted(before: Moments, after: Moments) -> list[Shift]:
    """What a change does to everything timed by meetings, by date; None where something goes or is new."""
    found: list[Shift] = []
    for kind, value in sorted({*before, *after}):
        old, new = before.get((kind, value), ()), after.get((kind, value), ())
        found += [(kind, value, was, now) for was, now in zip_longest(old, new) if was != now]
    return sorted(found, key=lambda shift: min(at for at in shift[2:] if at))
