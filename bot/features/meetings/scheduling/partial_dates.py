"""Parse dates of which only the month, the season of the year, or the year is known, in English and Spanish.

The missing day is never made up.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from bot.cadence.parse import lexicon_en, lexicon_es
from storage.meetings.tentative import MONTH, SEASON, YEAR

SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
SEASONS |= {"primavera": 1, "verano": 2, "otono": 3, "invierno": 4}
MONTHS = {name: n for names in (lexicon_en.MONTHS, lexicon_es.MONTHS) for n, name in enumerate(names, start=1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()}
PHRASE = re.compile(
    r"(?:(?:in|en|the|la|el|sometime|early|late)\s+)*(?:([a-z]+)\.?)?(?:,?\s*(?:of|de|del)?\s*)(\d{4})?"
)
LATEST = 5  # years ahead
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Span:
    """A date that is known to a month, a season or a year.

    `part` is the month (from 1), the season (1 is spring), or 0 for a whole year. `year` is 0 if none was given.
    `until` is the last day that may be meant.
    """

    precision: str
    year: int
    part: int
    until: date


def read(typed: str, today: date) -> Span | None:
    """Parse "February 2027", "in spring" or "2027". None if it names a day, cannot be read, or has passed."""
    text = unicodedata.normalize("NFKD", typed.casefold().strip(" ."))
    found = PHRASE.fullmatch("".join(c for c in text if not unicodedata.combining(c)))
    if not found:
        return None
    word, year = found[1] or "", int(found[2] or 0)
    if word in MONTHS:
        return _span(MONTH, MONTHS[word], year, today)
    if word in SEASONS:
        return _span(SEASON, SEASONS[word], year, today)
    return _span(YEAR, 0, year, today) if year and not word else None


def _span(precision: str, part: int, year: int, today: date) -> Span | None:
    """Return the span, or None if it has passed or is too far ahead. Without a year, the next twelve months count."""
    if not year:
        return Span(precision, 0, part, today + A_YEAR)
    if not today.year - 1 <= year <= today.year + LATEST:
        return None
    until = _until(precision, part, year)
    return Span(precision, year, part, until) if until >= today else None


def _until(precision: str, part: int, year: int) -> date:
    """Return the last day that may be meant, in either hemisphere: a summer or winter may end in the next year."""
    if precision == MONTH:
        return (date(year, part, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if precision == SEASON and part in (2, 4):
        return date(year + 1, 3, 31)
    return date(year, 12, 31)
