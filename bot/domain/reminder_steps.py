"""Reminder steps: how long before a meeting people are reminded, such as a week, a day, an hour. Pure functions.

A step is written "w", "d", "h" or "m" (week, day, hour, minute), with a number in front if there are several: "2d".
Lists of steps have the longest first, and are stored separated by spaces.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import quiet_hours
from bot.domain.between_meetings import Calendar

DEFAULT_STEPS = ("w", "d", "h")
STEP = re.compile(r"([1-9]\d{0,4})?([wdhm])")
UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
MOST_STEPS = 5
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=30)
# Private reminders are nearer to the meeting than this, unless the member chose otherwise.
NEAR = timedelta(weeks=1)
# How much earlier a reminder comes so that it is on a working day: over a weekend with a holiday on either side. Over
# longer breaks it comes on a day off rather than so early that it is forgotten.
MOST_EARLIER = timedelta(days=4)

NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
NUMBERS |= {"un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6}
WORDS = {
    "w": ("w", "week", "weeks", "wk", "wks", "semana", "semanas", "sem"),
    "d": ("d", "day", "days", "dia", "dias"),
    "h": ("h", "hour", "hours", "hr", "hrs", "hora", "horas"),
    "m": ("m", "min", "mins", "minute", "minutes", "minuto", "minutos"),
}
UNIT_OF = {word: unit for unit, words in WORDS.items() for word in words}
NEVER = ("off", "none", "never", "no", "nunca", "ninguno", "ninguna")
SILENT = ("before", "antes", "the", "meeting", "in", "advance")
ONE = re.compile(r"(?:([0-9]{1,5})\s*|([a-z]+)\s+)?([a-z]+)")


class InvalidStep(ValueError):
    """Words that can't be read as a time before a meeting. The exception's text is those words."""


def length(step: str) -> tuple[int, str]:
    """Return number and unit: (2, "d") for "2d"."""
    found = STEP.fullmatch(step)
    assert found, step
    return int(found[1] or 1), found[2]


def before(step: str) -> timedelta:
    n, unit = length(step)
    return n * UNITS[unit]


def ordered(steps: Iterable[str]) -> tuple[str, ...]:
    """Return each step once, the longest first."""
    return tuple(sorted(set(steps), key=lambda step: (-before(step), step)))


def split(stored: str) -> tuple[str, ...]:
    """Return the steps of a stored list."""
    return ordered(stored.split())


def moments(start: datetime, days: Calendar, steps: Iterable[str] = DEFAULT_STEPS) -> dict[str, datetime]:
    """Return when each step before `start` is due (UTC), earliest first.

    Days and weeks are counted on the community's wall clock, so a reminder a day before has the same time of day, even
    when clocks change in between. If its day is off, it is due on the working day before, unless that is more than
    MOST_EARLIER or not after the step before it.
    """
    local, exact = start.astimezone(ZoneInfo(days.zone)), start.astimezone(UTC)
    due: dict[str, datetime] = {}
    for step in ordered(steps):
        if length(step)[1] in "wd":
            wall = local - before(step)
            early = datetime.combine(days.working_day_by(wall.date()), wall.time(), wall.tzinfo)
            fits = wall - early <= MOST_EARLIER and all(at < early for at in due.values())
            due[step] = (early if fits else wall).astimezone(UTC)
        else:
            due[step] = exact - before(step)
    return dict(sorted(due.items(), key=lambda each: each[1]))


def deliveries(
    start: datetime, due: Mapping[str, datetime], zone: str, quiet_from: int, quiet_to: int, *, last_anyway: bool
) -> dict[str, datetime]:
    """Return when each step is delivered, given quiet hours, always before `start`. `due` is from `moments`.

    A step is left out if the next one arrives as soon. With `last_anyway`, the last step ignores quiet hours.
    """
    arrivals: dict[str, datetime] = {}
    following = start
    order = list(due.items())
    for step, at in reversed(order):
        anyway = last_anyway and step == order[-1][0]
        arrives = at if anyway else quiet_hours.next_waking(at, zone, quiet_from, quiet_to)
        if arrives < following:
            arrivals[step] = following = arrives
    return dict(reversed(list(arrivals.items())))


def read(typed: str) -> tuple[str, ...]:
    """Read steps from words in English or Spanish. Raises InvalidStep.

    Examples: "week, day, hour", "2 days and 1 hour before", "off" (no steps).
    """
    text = unicodedata.normalize("NFKD", typed.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    if text.strip(" .") in NEVER:
        return ()
    pieces = [piece for piece in re.split(r"[,;+&/.]|\band\b|\by\b", text) if piece.strip()]
    steps = [_read_one(piece) for piece in pieces]
    if not steps:
        raise InvalidStep(typed.strip())
    return ordered(steps)


def _read_one(piece: str) -> str:
    words = " ".join(word for word in piece.split() if word not in SILENT)
    found = ONE.fullmatch(words)
    if not found or found[3] not in UNIT_OF:
        raise InvalidStep(piece.strip())
    n = int(found[1]) if found[1] else NUMBERS.get(found[2] or "a", 0)
    if n < 1:
        raise InvalidStep(piece.strip())
    return canonical(n, UNIT_OF[found[3]])


def canonical(n: int, unit: str) -> str:
    """Return the step for a number of units. Seven days become a week, sixty minutes an hour.

    24 hours don't become a day, because clocks change.
    """
    if unit == "d" and n % 7 == 0:
        n, unit = n // 7, "w"
    if unit == "m" and n % 60 == 0:
        n, unit = n // 60, "h"
    return f"{n if n > 1 else ''}{unit}"


def in_bounds(steps: Iterable[str]) -> bool:
    """Return whether there are at most MOST_STEPS, and each is from SHORTEST to LONGEST before the meeting."""
    all_ = tuple(steps)
    return len(all_) <= MOST_STEPS and all(SHORTEST <= before(step) <= LONGEST for step in all_)


def personal_steps(stored: str, community: Iterable[str]) -> tuple[str, ...]:
    """Return a member's private steps: what they chose (`stored`), else the community's that are nearer than NEAR."""
    return split(stored) or tuple(step for step in ordered(community) if before(step) < NEAR)
