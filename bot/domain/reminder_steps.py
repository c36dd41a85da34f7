"""How long before a meeting people are reminded of it: steps such as a week, a day, an hour. Pure functions.

A step is written "w", "d", "h" or "m" (a week, a day, an hour, a minute), with a number before it where there are
several: "2d". A ladder is some of them, the longest first.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import quiet_hours

DEFAULT_STEPS = ("w", "d", "h")
STEP = re.compile(r"([1-9]\d{0,4})?([wdhm])")
UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
MOST_STEPS = 5
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=30)  # before a meeting
NEAR = timedelta(weeks=1)  # a private reminder is nearer than this, unless somebody chose otherwise

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
    """Words that say no time before a meeting. Its text is those words."""


def length(step: str) -> tuple[int, str]:
    """("2d") -> (2, "d")."""
    found = STEP.fullmatch(step)
    assert found, step
    return int(found[1] or 1), found[2]


def before(step: str) -> timedelta:
    n, unit = length(step)
    return n * UNITS[unit]


def ordered(steps: Iterable[str]) -> tuple[str, ...]:
    """Each once, the longest first."""
    return tuple(sorted(set(steps), key=lambda step: (-before(step), step)))


def split(kept: str) -> tuple[str, ...]:
    """A ladder as it is kept in a row, steps apart by spaces."""
    return ordered(kept.split())


def moments(start: datetime, zone: str, steps: Iterable[str] = DEFAULT_STEPS) -> dict[str, datetime]:
    """When each step before `start` is due, earliest first: days and weeks by the clock on the wall."""
    local, exact = start.astimezone(ZoneInfo(zone)), start.astimezone(UTC)
    found = {}
    for step in ordered(steps):
        by_the_wall = length(step)[1] in "wd"
        found[step] = (local - before(step)).astimezone(UTC) if by_the_wall else exact - before(step)
    return dict(sorted(found.items(), key=lambda each: each[1]))


def deliveries(
    start: datetime, due: Mapping[str, datetime], zone: str, quiet_from: int, quiet_to: int, *, last_anyway: bool
) -> dict[str, datetime]:
    """When each step reaches somebody; a step is left out where the next one would be there as soon.

    `due` is from `moments`. Never in quiet hours, `last_anyway` the last step, and always before `start`.
    """
    found: dict[str, datetime] = {}
    following = start
    order = list(due.items())
    for step, at in reversed(order):
        anyway = last_anyway and step == order[-1][0]
        arrives = at if anyway else quiet_hours.next_waking(at, zone, quiet_from, quiet_to)
        if arrives < following:
            found[step] = following = arrives
    return dict(reversed(list(found.items())))


def read(typed: str) -> tuple[str, ...]:
    """Steps from words such as "week, day, hour", "2 days and 1 hour before", "off" (none). Raises InvalidStep."""
    said = unicodedata.normalize("NFKD", typed.casefold())
    said = "".join(c for c in said if not unicodedata.combining(c))
    if said.strip(" .") in NEVER:
        return ()
    pieces = [piece for piece in re.split(r"[,;+&/.]|\band\b|\by\b", said) if piece.strip()]
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
    """Seven days are a week, sixty minutes an hour; a day is not 24 hours, for clocks change."""
    if unit == "d" and n % 7 == 0:
        n, unit = n // 7, "w"
    if unit == "m" and n % 60 == 0:
        n, unit = n // 60, "h"
    return f"{n if n > 1 else ''}{unit}"


def in_bounds(steps: Iterable[str]) -> bool:
    """Whether there are not too many, and none is too near or too far to be of use."""
    all_ = tuple(steps)
    return len(all_) <= MOST_STEPS and all(SHORTEST <= before(step) <= LONGEST for step in all_)


def personal_steps(kept: str, community: Iterable[str]) -> tuple[str, ...]:
    """A member's private ladder: what they chose, else what is nearer than a week of the community's."""
    return split(kept) or tuple(step for step in ordered(community) if before(step) < NEAR)
