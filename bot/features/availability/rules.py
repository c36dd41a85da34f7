"""Reading the hours in which somebody wants to be left in peace."""

import re

HOUR = re.compile(r"(\d{1,2})(?:[:.h]([0-5]\d))?(?:\s*(am|pm|a\.m\.|p\.m\.))?", re.ASCII)
BETWEEN = re.compile(r"\s*(?:to|and|until|till|bis|-|–|—|,|\s)\s*")
START = re.compile(r"^\s*(?:from|between)\s+")
OFF = ("off", "none", "never")


class NoHours(ValueError):
    """It cannot be read as two hours of a day."""


def read_hours(typed: str) -> tuple[int, int]:
    """The hours (0 to 23) after and before which to be quiet: "20 8", "8pm 8am", "from 22:00 to 7". "off" is (0, 0).

    Raises NoHours for anything else. Minutes must be 00, since hours are what is kept.
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
