"""Finds the time zone in a phrase, after the time of day or at the end: "3pm Eastern", "16:00 Berlin"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.cadence.time_zones import ABBREVIATIONS, ALL_YEAR, REGIONS, folded, known_zone

_TIME_BEFORE = re.compile(r"(?:[0-9](?:am|pm)?|[ap]\.?m\.?|noon|midday|midnight),?$")
_LONGEST_NAME = 5  # words, "hora de ciudad de mexico"


@dataclass(frozen=True, slots=True)
class Zoned:
    """A phrase without its zone, the zone, and the words that named it ("" if none did)."""

    text: str
    zone: str
    zone_words: str = ""

    def with_zone(self, texts: Iterable[object]) -> Iterator[str]:
        """Yield each text with the words for the zone, then without them, because a text may name a zone already."""
        for text in texts:
            yield f"{text} {self.zone_words}".strip()
            yield str(text)


def take_zone(text: str, home: str, today: date) -> Zoned:
    """Remove the zone that the phrase names; `home` if it names none.

    "EST" or "Eastern" means the home zone if that has the same local time.
    """
    words = text.split()
    for start in range(len(words)):
        beside = start > 0 and _TIME_BEFORE.search(words[start - 1])
        longest = min(len(words), start + _LONGEST_NAME)
        for end in range(longest, start if beside else len(words) - 1, -1):
            zone_words = " ".join(words[start:end])
            zone = known_zone(zone_words)
            if zone:
                left = " ".join(words[:start] + words[end:])
                return Zoned(left, _nearer_home(zone_words, zone, home, today), zone_words)
    return Zoned(text, home)


def _nearer_home(zone_words: str, zone: str, home: str, today: date) -> str:
    name = folded(zone_words)
    if name not in ABBREVIATIONS and name not in REGIONS:
        return zone
    seasons = [datetime(today.year, month, 1, tzinfo=UTC) for month in (1, 7)]
    here = [moment.astimezone(ZoneInfo(home)) for moment in seasons]
    there = [moment.astimezone(ZoneInfo(zone)) for moment in seasons]
    same = [each.utcoffset() for each in here] == [each.utcoffset() for each in there]
    return home if same or name.upper() in {each.tzname() for each in here} else zone


def time_there(zone_words: str, moment: datetime, zone: str) -> str:
    """Return the abbreviation in use in `zone` at `moment` ("EDT") if another one was typed ("EST"), else ""."""
    name = folded(zone_words)
    shown = moment.astimezone(ZoneInfo(zone)).tzname() or ""
    return shown if name in ABBREVIATIONS and name not in ALL_YEAR and name.upper() != shown else ""
