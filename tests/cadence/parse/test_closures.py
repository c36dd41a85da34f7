"""Reading the days on which a community is closed, from a pasted list or a school's exported calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.cadence import Unreadable, read_closures, read_days

LABOR_DAY = date(2025, 9, 1)


def event(*lines: str) -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]
    ).encode()


def days(found: frozenset[date]) -> str:
    return " ".join(str(day) for day in sorted(found))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2025-11-28", "2025-11-28"),
        ("2025-11-28,2025-12-24", "2025-11-28 2025-12-24"),
        ("Nov 28, Dec 30 to Jan 2", "2025-11-28 2025-12-30 2025-12-31 2026-01-01 2026-01-02"),
        ("Dec 30 to Jan 1, Mar 30 to 31", "2025-12-30 2025-12-31 2026-01-01 2026-03-30 2026-03-31"),
        ("28 de noviembre y del 30 al 31 de marzo de 2026", "2025-11-28 2026-03-30 2026-03-31"),
        ("May 4", "2026-05-04"),
        ("March 30-31", "2026-03-30 2026-03-31"),
        ("March 30th & 31st", "2026-03-30 2026-03-31"),
        ("Nov 28 and February", f"2025-11-28 {' '.join(f'2026-02-{day:02}' for day in range(1, 29))}"),
        ("del 30 de enero al 1 de febrero y 2 de marzo", "2026-01-30 2026-01-31 2026-02-01 2026-03-02"),
        ("March 30th to 31st, 2027", "2027-03-30 2027-03-31"),
    ],
)
def test_days_are_parsed_as_people_say_them(typed: str, expected: str) -> None:
    assert days(read_days(typed, LABOR_DAY)) == expected


def test_months_are_closed_as_a_whole() -> None:
    summer = read_days("July to August", LABOR_DAY)
    assert (min(summer), max(summer), len(summer)) == (date(2026, 7, 1), date(2026, 8, 31), 62)
    assert read_days("julio y agosto", LABOR_DAY) == summer
    assert min(read_days("September", LABOR_DAY)) == date(2025, 9, 1)
    assert max(read_days("December to February", LABOR_DAY)) == date(2026, 2, 28)


def test_list_has_a_day_or_a_range_on_each_line() -> None:
    listed = (
        b"\xef\xbb\xbf# District 2025-26\n2025-11-28  # after Thanksgiving\n\nDec 30, 2025 to Jan 1, 2026\r\nMay 4\n"
    )
    assert days(read_closures(listed, LABOR_DAY)) == "2025-11-28 2025-12-30 2025-12-31 2026-01-01 2026-05-04"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;VALUE=DATE:20251128"], "2025-11-28"),
        (["DTSTART;VALUE=DATE:20251230", "DTEND;VALUE=DATE:20260102"], "2025-12-30 2025-12-31 2026-01-01"),
        (["DTSTART;VALUE=DATE:20251230", "DURATION:P2D"], "2025-12-30 2025-12-31"),
        (["DTSTART:20251128T080000", "DTEND:20251128T170000"], "2025-11-28"),
        (["DTSTART:20251128T080000Z", "DTEND:20251130T000000Z"], "2025-11-28 2025-11-29"),
        (["DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY;COUNT=2"], "2025-12-25 2026-12-25"),
        (["DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY;UNTIL=20271231"], "2025-12-25 2026-12-25 2027-12-25"),
        (
            ["DTSTART;VALUE=DATE:20251128", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20251129"],
            "2025-11-28 2025-11-30",
        ),
        (["DTSTART;VALUE=DATE:20251128", "STATUS:CANCELLED"], ""),
        (["DTSTART;VALUE=DATE:20251128", "DTEND;VALUE=DATE:20251101"], "2025-11-28"),
        (["DTSTART;VALUE=DATE:20250230", "RRULE:FREQ=YEARLY;COUNT=2"], None),
        (["DTSTART;VALUE=DATE:20250228", "RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31;COUNT=2"], ""),
    ],
)
def test_every_event_of_a_calendar_is_a_closure(lines: list[str], expected: str | None) -> None:
    if expected is None:
        with pytest.raises(Unreadable, match="broken"):
            read_closures(event(*lines), LABOR_DAY)
    else:
        assert days(read_closures(event(*lines), LABOR_DAY)) == expected


NEW_YORK, BERLIN, SYDNEY = "America/New_York", "Europe/Berlin", "Australia/Sydney"
IN_UTC = {
    "a day": (NEW_YORK, ["DTSTART:20251127T050000Z", "DTEND:20251128T050000Z"], "2025-11-27"),
    "a day of summer time": (NEW_YORK, ["DTSTART:20260703T040000Z", "DTEND:20260704T040000Z"], "2026-07-03"),
    "the day clocks go back": (NEW_YORK, ["DTSTART:20251102T040000Z", "DTEND:20251103T050000Z"], "2025-11-02"),
    "the day clocks go forward": (NEW_YORK, ["DTSTART:20260308T050000Z", "DTEND:20260309T040000Z"], "2026-03-08"),
    "two days": (NEW_YORK, ["DTSTART:20251127T050000Z", "DTEND:20251129T050000Z"], "2025-11-27 2025-11-28"),
    "a duration": (NEW_YORK, ["DTSTART:20251127T050000Z", "DURATION:P1D"], "2025-11-27"),
    "east of Greenwich": (BERLIN, ["DTSTART:20251126T230000Z", "DTEND:20251127T230000Z"], "2025-11-27"),
    "far east": (SYDNEY, ["DTSTART:20251126T130000Z", "DTEND:20251127T130000Z"], "2025-11-27"),
    "hours of one day": (NEW_YORK, ["DTSTART:20251128T220000Z", "DTEND:20251129T020000Z"], "2025-11-28"),
    "hours over midnight": (NEW_YORK, ["DTSTART:20251129T030000Z", "DTEND:20251129T070000Z"], "2025-11-28 2025-11-29"),
    "no end": (NEW_YORK, ["DTSTART:20251128T020000Z"], "2025-11-27"),
    "named UTC": (NEW_YORK, ["DTSTART;TZID=Etc/UTC:20251127T050000", "DTEND;TZID=UTC:20251128T050000"], "2025-11-27"),
    "a zone of its own": (
        NEW_YORK,
        ["DTSTART;TZID=America/Chicago:20251127T000000", "DTEND;TZID=America/Chicago:20251128T000000"],
        "2025-11-27",
    ),
    "no zone": (SYDNEY, ["DTSTART:20251127T000000", "DTEND:20251128T000000"], "2025-11-27"),
    "a date": (SYDNEY, ["DTSTART;VALUE=DATE:20251127", "DTEND;VALUE=DATE:20251128"], "2025-11-27"),
    "repeated": (
        BERLIN,
        ["DTSTART:20251126T230000Z", "DTEND:20251127T230000Z", "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3"],
        "2025-11-27 2025-12-04 2025-12-11",
    ),
    "repeated until a midnight in UTC": (
        NEW_YORK,
        ["DTSTART:20251225T050000Z", "DTEND:20251226T050000Z", "RRULE:FREQ=YEARLY;UNTIL=20271225T050000Z"],
        "2025-12-25 2026-12-25 2027-12-25",
    ),
    "repeated with an exception": (
        NEW_YORK,
        ["DTSTART:20251127T050000Z", "DURATION:P1D", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20251128T050000Z"],
        "2025-11-27 2025-11-29",
    ),
}


@pytest.mark.parametrize(("zone", "lines", "expected"), IN_UTC.values(), ids=IN_UTC)
def test_times_in_utc_close_days_of_the_community(zone: str, lines: list[str], expected: str) -> None:
    """Many programs export a day off as a midnight in UTC. Other times close the days that they name."""
    assert days(read_closures(event(*lines), LABOR_DAY, zone)) == expected


@pytest.mark.parametrize("zone", sorted(available_timezones())[::7])
@pytest.mark.parametrize("day", [date(2025, 11, 27), date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25)])
def test_whole_day_written_in_utc_closes_that_day_alone(zone: str, day: date) -> None:
    begins, ends = (
        datetime.combine(each, time(), ZoneInfo(zone)).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    lines = f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", f"DTEND:{ends:%Y%m%dT%H%M%SZ}"
    assert read_closures(event(*lines), LABOR_DAY, zone) == {day}


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (event("DTSTART;VALUE=DATE:20251225", "SUMMARY:Winter", "RRULE:FREQ=YEARLY"), '“Winter”|"Winter" repeats'),
        (
            event("DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY;COUNT=1000"),
            "The year 2046 is too far|repeats|too many",
        ),
        (event("DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY;UNTIL=30251231"), "repeats"),
        (event("DTSTART:20251225T000000", "RRULE:FREQ=SECONDLY;COUNT=9"), "repeats"),
        (event("DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;COUNT=1"), "repeats"),
        (event("DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=DAILY;COUNT=999999999"), "repeats"),
        (event("DTSTART;VALUE=DATE:20250101", "DTEND;VALUE=DATE:30250101"), "longer than a year"),
        (event("DTSTART;VALUE=DATE:30250101"), "The year 3025 is too far away"),
        (event("SUMMARY:No date"), "broken"),
        (event("DTSTART:yesterday"), "broken"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTST", "no events"),
        (b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "no events"),
        (b"x" * 1_000_001, "too big: at most 1000 kB"),
        (b"\x89PNG\r\n\x1a\n\xff", "no text"),
        (b"2025-11-28\nwhenever\n", 'In "whenever"'),
        (b"2025-02-30\n", 'In "2025-02-30": February 2025 has no day 30'),
        (b"5/6\n", "two readings"),
        (b"every Tuesday\n", "every Tuesday"),
        (b"Nov 28 every Tuesday\n", 'I do not understand "every tuesday" here'),
    ],
)
def test_unusable_closure_is_refused_in_words(file: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as caught:
        read_closures(file, LABOR_DAY)
    assert read_closures(caught.value.suggestion.encode(), LABOR_DAY)


def test_list_of_ten_years_of_days_is_too_long() -> None:
    every = "\n".join(str(LABOR_DAY + timedelta(days=n)) for n in range(2001))
    with pytest.raises(Unreadable, match="at most 2000"):
        read_closures(every.encode(), LABOR_DAY)
