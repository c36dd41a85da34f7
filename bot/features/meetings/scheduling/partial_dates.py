"""Dates of which only the month, the season or the year is known: read as they are, and never given a day."""

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
SAID = re.compile(r"(?:(?:in|en|the|la|el|sometime|early|late)\s+)*(?:([a-z]+)\.?)?(?:,?\s*(?:of|de|del)?\s*)(\d{4})?")
LATEST = 5  # years ahead that anybody plans for
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Span:
    """`part` is the month from 1, or the season with spring first; 0 for a whole year. `year` is 0 where none was said.

    `until` is the last day that it may mean.
    """

    precision: str
    year: int
    part: int
    until: date


def read(typed: str, today: date) -> Span | None:
    """ "February 2027", "in spring", "2027". None where that names a day, nothing, or what has passed."""
    said = unicodedata.normalize("NFKD", typed.casefold().strip(" ."))
    found = SAID.fullmatch("".join(c for c in said if not unicodedata.combining(c)))
    if not found:
        return None
    word, year = found[1] or "", int(found[2] or 0)
    if word in MONTHS:
        return _span(MONTH, MONTHS[word], year, today)
    if word in SEASONS:
        return _span(SEASON, SEASONS[word], year, today)
    return _span(YEAR, 0, year, today) if year and not word else None


def _span(precision: str, part: int, year: int, today: date) -> Span | None:
    """A year that nobody said is not made up either: then the coming twelve months are meant."""
    if not year:
        return Span(precision, 0, part, today + A_YEAR)
    if not today.year - 1 <= year <= today.year + LATEST:
        return None
    until = _until(precision, part, year)
    return Span(precision, year, part, until) if until >= today else None


def _until(precision: str, part: int, year: int) -> date:
    """The last day that is still meant, on either side of the equator: a winter may end in the next year."""
    if precision == MONTH:
        return (date(year, part, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if precision == SEASON and part in (2, 4):
        return date(year + 1, 3, 31)
    return date(year, 12, 31)
