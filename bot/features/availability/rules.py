"""Parse the quiet hours that a person types. Pure functions."""

import re

HOUR = re.compile(r"(\d{1,2})(?:[:.h]([0-5]\d))?(?:\s*(am|pm|a\.m\.|p\.m\.))?", re.ASCII)
BETWEEN = re.compile(r"\s*(?:to|and|until|till|bis|-|–|—|,|\s)\s*")
START = re.compile(r"^\s*(?:from|between)\s+")
OFF = ("off", "none", "never")


class NoHours(ValueError):
    """The text cannot be read as two different hours of a day."""


def read_hours(typed: str) -> tuple[int, int]:
    """Parse "20 8", "8pm 8am" or "from 22:00 to 7" into the hours (0 to 23) that start and end quiet. "off" is (0, 0).

    Raises NoHours for anything else, and for two equal hours. Minutes must be 00, because only hours are stored.
    """
    text = START.sub("", typed.casefold().strip())
    if text in OFF:
        return 0, 0
    first = HOUR.match(text)
    between = first and BETWEEN.match(text, first.end())
    second = between and HOUR.fullmatch(text, between.end())
    if not first or not second:
        raise NoHours
    hours = _hour(first), _hour(second)
    if hours[0] == hours[1]:
        raise NoHours
    return hours


def _hour(found: re.Match[str]) -> int:
    hour, minutes, half = int(found[1]), found[2], (found[3] or "").replace(".", "")
    if minutes not in (None, "00") or hour > 24 or (half and not 1 <= hour <= 12):
        raise NoHours
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour % 24
