"""Time zones as three calendar readers understand them, one of which knows neither RDATE nor any zone by name."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.features.calendar_feeds.ics import CalendarEntry, calendar
from bot.features.calendar_feeds.vtimezone import changes, vtimezone
from tests.support import plain_calendar
from tests.support.plain_calendar import Offsets

YEARLY = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Africa/Cairo",
    "Antarctica/Troll",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Norfolk",
)
NEVER = ("America/Phoenix", "America/Puerto_Rico", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tokyo", "Pacific/Honolulu")
# Around Ramadan, by decree, or with a change that ended something.
IRREGULAR = (
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Juba",
    "America/Asuncion",
    "America/Ciudad_Juarez",
    "America/Mexico_City",
    "America/Scoresbysund",
    "America/Whitehorse",
    "Asia/Almaty",
    "Asia/Amman",
    "Asia/Gaza",
    "Asia/Tehran",
    "Europe/Volgograd",
    "Pacific/Apia",
    "Pacific/Fiji",
)
ZONES = (*YEARLY, *NEVER, *IRREGULAR)
FIRST, LAST = 2019, 2028
# Before a zone's name, so that no reader knows it and each reads the rules.
UNKNOWN = "Not/"


def text_of(zone: str, first: int = FIRST, last: int = LAST) -> str:
    body: bytes = vtimezone(zone, first, last).to_ical()
    file = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body.decode()}END:VCALENDAR\r\n"
    return file.replace(f"TZID:{zone}\r\n", f"TZID:{UNKNOWN}{zone}\r\n")


def by_icalendar(file: str) -> Offsets:
    """The zone that icalendar makes, which recurring_ical_events reads dates in."""
    [component] = Calendar.from_ical(file).timezones
    zone = component.to_tz()
    return lambda at: zone.utcoffset(at.astimezone(zone)) or timedelta(0)


def by_vobject(file: str) -> Offsets:
    zone = vobject.readOne(file).vtimezone.tzinfo
    return lambda at: at.astimezone(zone).utcoffset() or timedelta(0)


def by_rules_alone(file: str) -> Offsets:
    [zone] = plain_calendar.zones(file).values()
    return zone


READERS = {"icalendar": by_icalendar, "vobject": by_vobject, "rules alone": by_rules_alone}


@cache
def reader(name: str, zone: str) -> Offsets:
    return READERS[name](text_of(zone))


def around_changes(zone: str) -> Sequence[datetime]:
    """Return moments just before and after each change of the clocks, and in between."""
    found = [
        (change.onset - change.before).replace(tzinfo=UTC)
        for change in changes(ZoneInfo(zone), date(FIRST, 1, 1), date(LAST + 1, 1, 1))
    ]
    edges = [datetime(FIRST, 1, 1, 12, tzinfo=UTC), *found, datetime(LAST, 12, 31, 12, tzinfo=UTC)]
    # Readers disagree inside the repeated hour, which a wall clock can't tell apart.
    near = [at + apart for at in found for apart in (-timedelta(hours=3), timedelta(hours=3))]
    return sorted([*edges[::-1][:1], *near, *(a + (b - a) / 2 for a, b in pairwise(edges))])


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("zone", ZONES)
def test_reader_gets_every_offset_right(zone: str, name: str) -> None:
    known = ZoneInfo(zone)
    wrong = [at for at in around_changes(zone) if reader(name, zone)(at) != at.astimezone(known).utcoffset()]
    assert wrong == []


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(FIRST, 1, 1), datetime(LAST, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_rules_alone_give_every_offset(zone: str, at: datetime) -> None:
    """To the second, also in the hour that clocks show twice."""
    assert reader("rules alone", zone)(at) == at.astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize("zone", YEARLY)
def test_zone_of_today_has_rules_that_go_on(zone: str) -> None:
    """A rule ends only where the nth weekday isn't the law's own word, as on "the Friday before the last Sunday"."""
    rules = re.findall(r"RRULE:(.*)\r", text_of(zone, 2025, 2026))
    assert len(rules) >= 2
    assert any("UNTIL" not in rule for rule in rules)


@pytest.mark.parametrize(
    ("zone", "observances"),
    [
        (
            "America/New_York",
            [
                "DAYLIGHT 20240310T020000 FREQ=YEARLY;BYDAY=2SU;BYMONTH=3 -0500 -0400",
                "STANDARD 20241103T020000 FREQ=YEARLY;BYDAY=1SU;BYMONTH=11 -0400 -0500",
            ],
        ),
        (
            "Europe/Berlin",
            [
                "DAYLIGHT 20240331T020000 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3 +0100 +0200",
                "STANDARD 20241027T030000 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10 +0200 +0100",
            ],
        ),
        (
            "Australia/Lord_Howe",
            [
                "STANDARD 20240407T020000 FREQ=YEARLY;BYDAY=1SU;BYMONTH=4 +1100 +1030",
                "DAYLIGHT 20241006T020000 FREQ=YEARLY;BYDAY=1SU;BYMONTH=10 +1030 +1100",
            ],
        ),
        (
            "Europe/Dublin",
            [
                "DAYLIGHT 20240331T010000 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3 +0000 +0100",
                "STANDARD 20241027T020000 FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10 +0100 +0000",
            ],
        ),
        ("Asia/Tokyo", ["STANDARD 19700101T000000  +0900 +0900"]),
        ("Asia/Almaty", ["STANDARD 20240301T000000  +0600 +0500"]),
    ],
)
def test_onset_is_on_the_clock_before_the_change(zone: str, observances: list[str]) -> None:
    """RFC 5545 3.6.5: New York leaves daylight saving time at 02:00, not at 01:00."""
    found = []
    for kind, body in re.findall(r"BEGIN:(STANDARD|DAYLIGHT)\r\n(.*?)END:", text_of(zone, 2025, 2026), re.DOTALL):
        lines = dict(line.split(":", 1) for line in body.split("\r\n") if line)
        wanted = (lines.get(name, "") for name in ("DTSTART", "RRULE", "TZOFFSETFROM", "TZOFFSETTO"))
        found.append(" ".join((kind, *wanted)))
    assert found == observances


def test_change_for_good_is_another_standard_time() -> None:
    """Volgograd went an hour ahead in 2018, and back in 2020. Nobody should expect that every year."""
    observances = re.findall("BEGIN:(STANDARD|DAYLIGHT)", text_of("Europe/Volgograd", 2018, 2018))
    assert observances == ["STANDARD"] * 3


def test_file_describes_each_zone_once_before_its_events() -> None:
    entries = [
        CalendarEntry(f"m{n}@here", at, 60, zone, "Ours", changed_at=at)
        for n, zone in enumerate(("UTC", "Europe/Berlin", "America/New_York", "Europe/Berlin"))
        for at in (datetime(2025, 10, 1 + n, 12, tzinfo=UTC),)
    ]
    file = calendar("Ours", [], entries)
    assert re.findall(r"BEGIN:(V\w+)|TZID:(.*)\r", file) == [
        ("VCALENDAR", ""),
        ("VTIMEZONE", ""),
        ("", "America/New_York"),
        ("VTIMEZONE", ""),
        ("", "Europe/Berlin"),
        *[("VEVENT", "")] * 4,
    ]
