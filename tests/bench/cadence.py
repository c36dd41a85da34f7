"""How fast dates are found and phrases read, compared with dateutil's RRULE on the same rules in the same run.

The next meeting is found for 100,000 communities. Both sides start from the stored rule as text, as a bot does after a
restart: we read our JSON, dateutil its RRULE with the date from which weeks are counted. dateutil reads no English, so
reading a phrase is compared with reading its RRULE.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import cycle, islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bot.cadence import Rule, occurrences, read
from tests.bench.figure import Figure

COMMUNITIES = 100_000
PHRASES = 2000
TODAY = date(2025, 9, 1)
NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Sydney", "America/Los_Angeles")
# A phrase, the same as an RRULE, and the first day.
RULES = (
    ("second Wednesday of each month, October to June, 4pm", "MONTHLY;BYDAY=2WE;BYMONTH=1,2,3,4,5,6,10,11,12", 1),
    ("every other Tuesday 9:30 to 11", "WEEKLY;INTERVAL=2;BYDAY=TU", 2),
    ("quarterly, first Monday at 9am", "MONTHLY;BYDAY=1MO;BYMONTH=1,4,7,10", 1),
    ("last Friday of each month at noon", "MONTHLY;BYDAY=-1FR", 1),
    ("every Thursday at 10am", "WEEKLY;BYDAY=TH", 1),
)


def figures() -> list[Figure]:
    ours, theirs = _stored()
    assert [_ours(text) for text in ours[:20]] == [_theirs(*each) for each in theirs[:20]]
    mine = _seconds(lambda: [_ours(text) for text in ours])
    dateutil = _seconds(lambda: [_theirs(*each) for each in theirs])
    phrases = [phrase for phrase, _rrule, _day in islice(cycle(RULES), PHRASES)]
    rrules = [text for text, _zone in islice(cycle(theirs), PHRASES)]
    reading = _seconds(lambda: [read(phrase, zone=ZONES[0], today=TODAY) for phrase in phrases])
    parsing = _seconds(lambda: [rrulestr(text) for text in rrules])
    return [
        Figure("cadence.next_us", mine / COMMUNITIES * 1e6, "us", dateutil / COMMUNITIES * 1e6),
        Figure("cadence.next_100k_s", mine, "s", dateutil),
        Figure("cadence.read_us", reading / PHRASES * 1e6, "us", parsing / PHRASES * 1e6),
    ]


def _stored() -> tuple[list[str], list[tuple[str, str]]]:
    """Return each community's rule as each side stores it: ours as JSON, dateutil's with its zone."""
    ours: list[str] = []
    theirs: list[tuple[str, str]] = []
    for (phrase, rrule, day), zone in islice(_pairs(), COMMUNITIES):
        rule = read(phrase, zone=zone, today=TODAY).rule if len(ours) < len(RULES) * len(ZONES) else None
        kept = rule.to_json() if rule else ours[len(ours) - len(RULES) * len(ZONES)]
        at = Rule.from_json(kept).at
        ours.append(kept)
        theirs.append((f"DTSTART:202509{day:02}T{at:%H%M%S}\nRRULE:FREQ={rrule}", zone))
    return ours, theirs


def _pairs() -> "cycle[tuple[tuple[str, str, int], str]]":
    return cycle([(rule, zone) for rule in RULES for zone in ZONES])


def _ours(text: str) -> datetime:
    return next(occurrences(Rule.from_json(text), NOW, count=1))


def _theirs(text: str, zone: str) -> datetime:
    there = ZoneInfo(zone)
    local = rrulestr(text).after(NOW.astimezone(there).replace(tzinfo=None))
    assert local
    return local.replace(tzinfo=there).astimezone(UTC)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
