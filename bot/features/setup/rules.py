"""Reading what an admin fills in, and working out the first season and the first month. Nothing here keeps anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global

from bot.cadence import ClosedDays, Rule
from bot.domain import between_meetings, reminder_steps
from bot.domain.between_meetings import Calendar, MeetingSlot

LONGEST_NAME, LONGEST_PURPOSE, LONGEST_PLACE, LONGEST_LINK = 80, 600, 200, 500
LONGEST_MINUTES = 24 * 60
MONTH = timedelta(days=31)
A_BREAK = 3  # silent months in a row that end a season
NO_COUNTRY = ("", "none", "no", "-")


class UnknownCountry(ValueError):
    """`nearest` is a country whose holidays are known, "" where none is like what was typed."""

    def __init__(self, nearest: str) -> None:
        super().__init__(nearest)
        self.nearest = nearest


def read_country(typed: str, locale: str = "en") -> str:
    """The ISO code of a country whose public holidays are known, by code or name; "" for none.

    `locale` is what `bot.i18n.locale` gives.
    """
    text = typed.strip().casefold()
    if text in NO_COUNTRY:
        return ""
    names = {name.casefold(): code for code, name in Locale.parse(locale).territories.items() if code.isalpha()}
    code = {"usa": "US", "uk": "GB"}.get(text) or names.get(text) or text.upper()
    if len(code) == 2 and code.isascii() and _has_holidays(code):
        return code
    near = get_close_matches(text, names, 1, 0.7)
    raise UnknownCountry(near[0].title() if near and _has_holidays(names[near[0]]) else "")


def _has_holidays(code: str) -> bool:
    try:
        return date(2025, 1, 1) in ClosedDays(code) or True
    except ValueError:
        return False


def country_of(zone: str) -> str:
    """The country a time zone lies in, "" where it lies in none or in one whose holidays are not known."""
    code = str(get_global("zone_territories").get(zone, ""))
    return code if len(code) == 2 and code != "ZZ" and _has_holidays(code) else ""


def read_minutes(typed: str) -> int | None:
    """A length in minutes, from 1 to a whole day; None where it is none."""
    text = typed.casefold().removesuffix("minutes").removesuffix("min").strip()
    minutes = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    return minutes if 1 <= minutes <= LONGEST_MINUTES else None


def read_place(typed: str) -> tuple[str, str]:
    """(place, link): one of them holds what was typed. Raises ValueError for a link that cannot be opened."""
    if "://" not in typed:
        return typed, ""
    parts = urlsplit(typed)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in typed):
        raise ValueError(typed)
    return "", typed


def season(rule: Rule | None, coming: Sequence[datetime], today: date) -> tuple[date, date]:
    """The first and last day of the season that begins today: up to the long break of the rule, else a year.

    `coming` are the rule's moments from now on, in its zone.
    """
    year = today + timedelta(days=364)
    if rule is None or not coming:
        return today, year
    months = set(rule.months)
    first = coming[0].date()
    ends = first.replace(day=1)
    for _i in range(12):
        ends = _next_month(ends)
        if not any((ends.month - 1 + ahead) % 12 + 1 in months for ahead in range(A_BREAK)):
            return today, ends - timedelta(days=1)
    return today, year


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def season_name(starts: date, ends: date) -> str:
    return str(starts.year) if starts.year == ends.year else f"{starts.year}–{ends.year % 100:02}"


@dataclass(frozen=True)
class Foreseen:
    """Something the bot will post, or "meeting" itself: a timer kind, or "remind.w", "remind.d", "remind.h"."""

    what: str
    at: datetime


MEETING = "meeting"


def first_month(coming: Sequence[datetime], minutes: int, calendar: Calendar, now: datetime) -> list[Foreseen]:
    """What happens from now until a month after the first meeting, in order."""
    if not coming:
        return []
    held = [MeetingSlot(n, at, minutes) for n, at in enumerate(coming)]
    found = [Foreseen(MEETING, meeting.start) for meeting in held]
    for meeting in held:
        found += [Foreseen(f"remind.{k}", at) for k, at in reminder_steps.moments(meeting.start, calendar.zone).items()]
    found += [Foreseen(r.kind, r.at) for r in between_meetings.requests(held, calendar)]
    until = coming[0] + MONTH
    return sorted((f for f in found if now < f.at <= until), key=lambda f: f.at)
