"""Reading the days on which a community is closed, from a pasted list or a school's exported calendar."""

from datetime import date, timedelta

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
        ("March 30th to 31st, 2027", "2027-03-30 2027-03-31"),
    ],
)
def test_days_are_parsed_as_people_say_them(typed: str, expected: str) -> None:
    assert days(read_days(typed, LABOR_DAY)) == expected


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
        (b"July\n", "July"),
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
