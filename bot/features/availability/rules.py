"""Parse the quiet hours that a person types, and until when they are away. Pure functions."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from dateutil.relativedelta import relativedelta

from bot.cadence import Unreadable, read_moment

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


LONGEST_AWAY = timedelta(days=366)
TOMORROW = "tomorrow"
LEAD = re.compile(r"^(?:i(?:’|')?(?:ll be|m) )?(?:away )?(?:until|till|til|up to|hasta(?: el)?)\s+")
BACK = ("off", "back", "over", "no", "i'm back", "i’m back", "ya volví", "de vuelta")
AFTER_BREAK = re.compile(
    r"(?:after |the end of )?the (?:break|holidays|vacation|closure)(?: is over| ends)?|after (?:break|vacation)"
    r"|después de (?:la pausa|las vacaciones|las fiestas|el receso)|(?:the end of )?el fin de las vacaciones"
)
SPAN = re.compile(
    r"(?:for |in |por |en )?(\d{1,3}|an?|one|two|three|four|five|six|una?|dos|tres|cuatro|cinco|seis) "
    r"(day|week|month|día|dia|semana|mes)(?:e?s)?"
)
NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "un", "una"), 1),
    **{word: n for n, words in enumerate((("two", "dos"), ("three", "tres"), ("four", "cuatro")), 2) for word in words},
    **{word: n for n, words in enumerate((("five", "cinco"), ("six", "seis")), 5) for word in words},
}
UNITS = {
    "day": "days",
    "día": "days",
    "dia": "days",
    "week": "weeks",
    "semana": "weeks",
    "month": "months",
    "mes": "months",
}
# A weekday alone is the next one, and what is read back says which. The reader of dates asks for "next Monday".
WEEKDAYS = {name.lower(): n for tongue in ("en", "es") for n, name in get_day_names("wide", locale=tongue).items()}
# A break is at least this many closed days in a row, so that no weekend is one.
SHORTEST_BREAK = 3
# How far ahead a break is looked for.
BREAK_WITHIN = 90  # days
# read_moment needs a time, and refuses moments that have passed. The last minute keeps today valid until it ends.
LATE = "23:59"


def is_back(typed: str) -> bool:
    return typed.casefold().strip(" .!") in BACK


def means_after_break(typed: str) -> bool:
    return bool(AFTER_BREAK.fullmatch(_day_named(typed)))


def _day_named(typed: str) -> str:
    return LEAD.sub("", " ".join(typed.casefold().split()).strip(" .!"))


def read_back(typed: str, *, zone: str, now: datetime) -> date:
    """Parse "until Jan 5", "next Monday" or "2 weeks" into the day on which somebody is back, in their own zone.

    Raises Unreadable for anything else, and for a day that has passed.
    """
    text = _day_named(typed)
    if span := SPAN.fullmatch(text):
        count = int(span[1]) if span[1].isdecimal() else NUMBERS[span[1]]
        today = now.astimezone(ZoneInfo(zone)).date()
        return today + relativedelta(**{UNITS[span[2]]: count})  # type: ignore[arg-type]
    if (weekday := WEEKDAYS.get(text)) is not None:
        today = now.astimezone(ZoneInfo(zone)).date()
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    try:
        moment = read_moment(f"{text} {LATE}", zone=zone, now=now)
    except Unreadable as why:
        # They typed no time, so neither the complaint nor the suggestion may show one.
        complaint = str(why).replace(f" {LATE}", "")
        raise Unreadable(
            complaint, re.sub(r",?\s*(?:at\s+)?(?:23:59|11:59\s?pm)$", "", why.suggestion, flags=re.I)
        ) from why
    return moment.astimezone(ZoneInfo(zone)).date()


def after_break(today: date, own: Collection[date], is_closed: Callable[[date], bool]) -> date | None:
    """Return the first open day after the break that it is or that comes next; None if there is none.

    A break is days that the community itself has closed, with the weekends and holidays around them.
    """
    day, last = today, today + timedelta(days=BREAK_WITHIN)
    # Where it is under way, from its first day.
    while is_closed(day) and is_closed(day - timedelta(days=1)) and (today - day).days < LONGEST_AWAY.days:
        day -= timedelta(days=1)
    while day <= last:
        end = day
        while is_closed(end) and (end - day).days < LONGEST_AWAY.days:
            end += timedelta(days=1)
        if (end - day).days >= SHORTEST_BREAK and any(day <= each < end for each in own):
            return end
        day = end + timedelta(days=1)
    return None
