"""Parse what an admin fills in, and work out the first season and the first month. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global

from bot.cadence import ClosedDays, Rule
from bot.domain import reminder_steps
from bot.domain.between_meetings import Calendar, MeetingSlot
from bot.domain.placing import place
from bot.domain.touchpoints import Touchpoint

LONGEST_NAME, LONGEST_PURPOSE, LONGEST_PLACE, LONGEST_LINK = 80, 600, 200, 500  # characters
LONGEST_MINUTES = 24 * 60
MONTH = timedelta(days=31)
# Months in a row without meetings that end a season.
A_BREAK = 3
NO_COUNTRY = ("", "none", "no", "-")


class UnknownCountry(ValueError):
    """No such country, or its holidays are not known. `nearest` is one that may be meant, "" for none."""

    def __init__(self, nearest: str) -> None:
        super().__init__(nearest)
        self.nearest = nearest


def read_country(typed: str, locale: str = "en") -> str:
    """Parse a code or name into the ISO code of a country whose public holidays are known. "" for "none" and the like.

    Names are read in `locale`, as `bot.i18n.locale` gives it. Raises UnknownCountry.
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
    # Asking about any day raises ValueError for an unknown country.
    try:
        return date(2025, 1, 1) in ClosedDays(code) or True
    except ValueError:
        return False


def country_of(zone: str) -> str:
    """Return the ISO code of a time zone's country; "" if it has none, or one whose holidays are not known."""
    code = str(get_global("zone_territories").get(zone, ""))
    return code if len(code) == 2 and code != "ZZ" and _has_holidays(code) else ""


def read_minutes(typed: str) -> int | None:
    """Parse a length in minutes, 1 to LONGEST_MINUTES. None where it cannot be read."""
    text = typed.casefold().removesuffix("minutes").removesuffix("min").strip()
    minutes = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    return minutes if 1 <= minutes <= LONGEST_MINUTES else None


def read_place(typed: str) -> tuple[str, str]:
    """Return (place, link), one of which is "". Raises ValueError for a link that cannot be opened."""
    if "://" not in typed:
        return typed, ""
    parts = urlsplit(typed)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in typed):
        raise ValueError(typed)
    return "", typed


def season(rule: Rule | None, coming: Sequence[datetime], today: date) -> tuple[date, date]:
    """Return the first and last day of the season that begins today.

    It ends before a break of A_BREAK months in the rule, or else after a year. `coming` are the rule's next moments,
    in its zone.
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
    """A meeting, or something the bot will post. `what` is MEETING, a timer kind, or "remind." and a reminder step."""

    what: str
    at: datetime


MEETING = "meeting"


def first_month(
    schedule: Sequence[Touchpoint], coming: Sequence[datetime], minutes: int, calendar: Calendar, now: datetime
) -> list[Foreseen]:
    """Return what happens from now until a month after the first meeting, in order; without one, until a month on."""
    until = (coming[0] if coming else now) + MONTH
    held = [MeetingSlot(n, at, minutes) for n, at in enumerate(coming)]
    found = [Foreseen(MEETING, meeting.start) for meeting in held]
    for meeting in held:
        found += [Foreseen(f"remind.{k}", at) for k, at in reminder_steps.moments(meeting.start, calendar).items()]
    placed = place(schedule, held, calendar, first=calendar.day(now), last=calendar.day(until))
    found += [Foreseen(r.kind, r.at) for r in placed.requests]
    return sorted((f for f in found if now < f.at <= until), key=lambda f: f.at)
