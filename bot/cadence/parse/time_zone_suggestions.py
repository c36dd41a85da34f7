"""Suggests time zones for words that name none: a misspelled city, a country, a state, an ambiguous abbreviation."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, process

from bot.cadence.time_zones import ABBREVIATIONS, CITIES, REGIONS, folded, names, zones_like
from bot.i18n import locale

LIKE = 75  # similarity of two names, of 100
# Anything shorter is similar to everything.
SHORTEST = 3  # letters

# Abbreviations used in several distant places, likeliest first.
SHARED = {
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
}
# What people call a country besides its full name.
CALLED = {
    **dict.fromkeys(("usa", "us", "america", "united states of america"), "US"),
    **dict.fromkeys(("england", "scotland", "wales", "great britain", "britain"), "GB"),
    "holland": "NL",
    "korea": "KR",
    "uae": "AE",
}
# Where most people live in a country with several zones. For other countries, the zones of `_zones_of_countries`.
LARGEST = (
    "America/Sao_Paulo",
    "America/Toronto",
    "America/Vancouver",
    "America/Edmonton",
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Perth",
    "Europe/Moscow",
    "Asia/Jakarta",
    "Asia/Almaty",
)
# States of the USA, by the zone in which most of their people live.
EASTERN = """connecticut delaware florida georgia indiana kentucky maine maryland massachusetts michigan ohio
    new_hampshire new_jersey north_carolina pennsylvania rhode_island south_carolina vermont virginia west_virginia"""
CENTRAL = """alabama arkansas illinois iowa kansas louisiana minnesota mississippi missouri nebraska north_dakota
    oklahoma south_dakota tennessee texas wisconsin"""
MOUNTAIN = "colorado idaho new_mexico utah wyoming"
PACIFIC = "california nevada oregon"
STATES = {
    **{state.replace("_", " "): "America/New_York" for state in EASTERN.split()},
    **{state.replace("_", " "): "America/Chicago" for state in CENTRAL.split()},
    **{state.replace("_", " "): "America/Denver" for state in MOUNTAIN.split()},
    **{state.replace("_", " "): "America/Los_Angeles" for state in PACIFIC.split()},
}


def zones_near(text: str, limit: int = 4) -> list[str]:
    """Return up to `limit` zones that `text` may mean, likeliest first; none if it is similar to nothing."""
    typed = folded(text)
    if len(typed) < SHORTEST and typed not in CALLED:
        return []
    return list(dict.fromkeys(_near(typed)))[:limit]


def _near(typed: str) -> Iterator[str]:
    places = _places(locale())
    meant = [*SHARED.get(typed, ()), *([STATES[typed]] if typed in STATES else []), *places.get(typed, ())]
    if meant or len(typed) <= SHORTEST:
        yield from meant
        return
    yield from zones_like(typed)[:2]
    for name, _score, _key in process.extract(typed, places.keys(), scorer=fuzz.ratio, score_cutoff=LIKE, limit=3):
        yield from places[name]


@cache
def _places(spoken: str) -> Mapping[str, tuple[str, ...]]:
    """Return names of cities, states and countries, in English and in the locale `spoken`, each with its zones."""
    found: dict[str, tuple[str, ...]] = {
        name: (zone,) for name, zone in {**names(), **STATES}.items() if name not in ABBREVIATIONS
    }
    zones = _zones_of_countries()
    for language in ("en", spoken):
        for code, name in Locale.parse(language).territories.items():
            if code in zones:
                found[folded(str(name))] = zones[code]
    return {**found, **{called: zones[code] for called, code in CALLED.items()}}


@cache
def _zones_of_countries() -> Mapping[str, tuple[str, ...]]:
    """Return by country code one zone for each clock of the country.

    Zones that are named in this package come first, then CLDR's own choices.
    """
    known = [*LARGEST, *{**REGIONS, **CITIES}.values(), *get_global("windows_zone_mapping").values()]
    place = {zone: n for n, zone in reversed(list(enumerate(known)))}
    real, aliases = set(names().values()), get_global("zone_aliases")
    found: dict[str, dict[object, str]] = defaultdict(dict)
    in_order = sorted(get_global("zone_territories").items(), key=lambda item: (place.get(item[0], len(known)), item))
    for zone, code in in_order:
        if (canonical := aliases.get(zone, zone)) in real:
            found[str(code)].setdefault(_clock(canonical), canonical)
    return {code: tuple(clocks.values()) for code, clocks in found.items()}


def _clock(zone: str) -> tuple[object, ...]:
    """Return what tells the clocks of two zones apart: the offsets from UTC in January and in July."""
    return tuple(datetime(2025, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
