"""Time zones: the names that people use for them, and the canonical IANA name of each."""

import re
import unicodedata
from difflib import get_close_matches
from functools import cache

from babel.core import get_global
from babel.dates import get_timezone_location

from bot.cadence import error_messages
from bot.cadence.errors import Unreadable
from bot.cadence.iana import zones

_SPACES = re.compile(r"[\s_]+")
_HORA = re.compile(r"^hora (?:de |del )?(?!$)")
_TIME = re.compile(r"(?:\b(?:standard|daylight|summer))?\b time$")
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")

# Names that people use and the IANA database does not have: parts of countries that share a clock, and some cities.
REGIONS = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "arizona": "America/Phoenix",
    "atlantic": "America/Halifax",
    "newfoundland": "America/St_Johns",
    "us eastern": "America/New_York",
    "us central": "America/Chicago",
    "us mountain": "America/Denver",
    "us pacific": "America/Los_Angeles",
    "central european": "Europe/Berlin",
    "eastern european": "Europe/Athens",
    "uk": "Europe/London",
    "utc": "UTC",
    "este": "America/New_York",
    "centro": "America/Chicago",
    "montana": "America/Denver",
    "pacifico": "America/Los_Angeles",
    "peninsular": "Europe/Madrid",
}
CITIES = {
    "nyc": "America/New_York",
    "new york city": "America/New_York",
    "boston": "America/New_York",
    "philadelphia": "America/New_York",
    "washington": "America/New_York",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "nueva york": "America/New_York",
    "filadelfia": "America/New_York",
    "ciudad de mexico": "America/Mexico_City",
    "la habana": "America/Havana",
    "londres": "Europe/London",
}

# Abbreviations mean a place and no fixed offset: "EST" in July nearly always means New York's local time.
# "IST" and "AST" are missing on purpose: each is used in several distant places, so the bot asks which is meant.
ABBREVIATIONS = {
    **dict.fromkeys(("et", "est", "edt"), "America/New_York"),
    **dict.fromkeys(("ct", "cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt"), "America/Los_Angeles"),
    **dict.fromkeys(("akst", "akdt"), "America/Anchorage"),
    "hst": "Pacific/Honolulu",
    **dict.fromkeys(("gmt", "bst"), "Europe/London"),
    **dict.fromkeys(("wet", "west"), "Europe/Lisbon"),
    **dict.fromkeys(("cet", "cest"), "Europe/Berlin"),
    **dict.fromkeys(("eet", "eest"), "Europe/Athens"),
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
    **dict.fromkeys(("acst", "acdt"), "Australia/Adelaide"),
    "awst": "Australia/Perth",
    **dict.fromkeys(("nzst", "nzdt"), "Pacific/Auckland"),
    "jst": "Asia/Tokyo",
}
# Unlike "EST", these are right in summer and in winter.
ALL_YEAR = frozenset(("et", "ct", "mt", "pt"))


def read_zone(text: str) -> str:
    """Return the canonical name ("America/New_York") of the zone that a person typed.

    Raises Unreadable, with the closest name as its suggestion.
    """
    found = known_zone(text)
    if found:
        return found
    if not text.strip():
        raise Unreadable(str(error_messages.nothing_typed()), "UTC")
    raise Unreadable(str(error_messages.unknown_zone(text)), closest_zone(text) or "UTC")


def known_zone(text: str) -> str | None:
    """Return the zone with this name, whatever its case, spaces and the word "time"; None if there is none."""
    return names().get(folded(text))


@cache
def place_of(zone: str, locale: str) -> str:
    """Return the city that a zone is named after: "New York", in Spanish "Nueva York".

    Returns the zone's own name if `read_zone` would not read the city as this zone.
    """
    places = get_timezone_location(zone, locale=locale, return_city=True), zone.rpartition("/")[2].replace("_", " ")
    canonical = get_global("zone_aliases").get(zone, zone)
    return next((place for place in places if known_zone(place) == canonical), zone)


def closest_zone(text: str) -> str:
    """Return the zone whose name is most similar to `text`; "" if none is similar."""
    near = get_close_matches(folded(text), names(), n=1, cutoff=0.75)
    return names()[near[0]] if near else ""


def zones_like(text: str, limit: int = 25) -> list[str]:
    """Return up to `limit` zone names for what was typed so far, best first. 25 is Discord's limit for choices."""
    typed = folded(text)
    starts = [zone for name, zone in names().items() if name.startswith(typed)]
    holds = [zone for name, zone in names().items() if typed in name]
    near = get_close_matches(typed, names(), n=limit, cutoff=0.7) if not holds else []
    return list(dict.fromkeys([*starts, *holds, *(names()[name] for name in near)]))[:limit]


@cache
def names() -> dict[str, str]:
    """Return every name that people may use, folded, with its zone: everyday names first, then the database's."""
    aliases = get_global("zone_aliases")
    found = {**REGIONS, **CITIES, **ABBREVIATIONS}
    for zone in sorted(zones()):
        canonical = aliases.get(zone, zone)
        if canonical.partition("/")[0] in AREAS and canonical in zones():
            found.setdefault(folded(zone.rpartition("/")[2]), canonical)
            found.setdefault(folded(zone), canonical)
    return found


def folded(text: str) -> str:
    """Normalize the name of a zone: no case, accents, underscores, or words such as "time" and "hora de"."""
    words = _SPACES.sub(" ", without_accents(text[:100]).casefold()).strip(" .,()")
    return _TIME.sub("", _HORA.sub("", words)).strip()


def without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
