"""Occurrences through clock changes, uneven months, and closed days: meetings keep their local time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.cadence import BusinessDays, ClosedDays, Dates, MonthDays, NthWeekdays, Rule, Weekly, occurrences

NEW_YORK, BERLIN, SYDNEY = "America/New_York", "Europe/Berlin", "Australia/Sydney"
WEDNESDAY, FRIDAY, SUNDAY = 2, 4, 6


def every(*weekdays: int, at: str, zone: str) -> Rule:
    return Rule(Weekly(weekdays), time.fromisoformat(at), zone)


def around(day: str, rule: Rule) -> list[str]:
    """Return the occurrences from nine days before `day` to nine days after it, in UTC."""
    middle = datetime.fromisoformat(f"{day}T12:00+00:00")
    days_around = timedelta(days=9)
    found = occurrences(rule, middle - days_around, until=middle + days_around)
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in found]


def days(moments: Iterable[datetime], zone: str = NEW_YORK) -> list[date]:
    return [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]


@pytest.mark.parametrize(
    ("zone", "weekday", "at", "change", "expected"),
    [
        # Clocks go forward at 2:00 in New York, at 2:00 in Berlin and, in October, at 2:00 in Sydney.
        (NEW_YORK, WEDNESDAY, "16:00", "2026-03-08", ["2026-03-04 21:00", "2026-03-11 20:00"]),
        (NEW_YORK, SUNDAY, "02:30", "2026-03-08", ["2026-03-01 07:30", "2026-03-08 07:30", "2026-03-15 06:30"]),
        (NEW_YORK, SUNDAY, "02:00", "2026-03-08", ["2026-03-01 07:00", "2026-03-08 07:00", "2026-03-15 06:00"]),
        (NEW_YORK, SUNDAY, "03:00", "2026-03-08", ["2026-03-01 08:00", "2026-03-08 07:00", "2026-03-15 07:00"]),
        (BERLIN, WEDNESDAY, "16:00", "2026-03-29", ["2026-03-25 15:00", "2026-04-01 14:00"]),
        (BERLIN, SUNDAY, "02:30", "2026-03-29", ["2026-03-22 01:30", "2026-03-29 01:30", "2026-04-05 00:30"]),
        (SYDNEY, WEDNESDAY, "16:00", "2025-10-05", ["2025-10-01 06:00", "2025-10-08 05:00"]),
        (SYDNEY, SUNDAY, "02:30", "2025-10-05", ["2025-09-27 16:30", "2025-10-04 16:30", "2025-10-11 15:30"]),
        # Clocks go back: a time shown twice happens once, the first time.
        (NEW_YORK, WEDNESDAY, "16:00", "2025-11-02", ["2025-10-29 20:00", "2025-11-05 21:00"]),
        (NEW_YORK, SUNDAY, "01:30", "2025-11-02", ["2025-10-26 05:30", "2025-11-02 05:30", "2025-11-09 06:30"]),
        (BERLIN, WEDNESDAY, "16:00", "2025-10-26", ["2025-10-22 14:00", "2025-10-29 15:00"]),
        (BERLIN, SUNDAY, "02:30", "2025-10-26", ["2025-10-19 00:30", "2025-10-26 00:30", "2025-11-02 01:30"]),
        (SYDNEY, WEDNESDAY, "16:00", "2026-04-05", ["2026-04-01 05:00", "2026-04-08 06:00"]),
        (SYDNEY, SUNDAY, "02:30", "2026-04-05", ["2026-03-28 15:30", "2026-04-04 15:30", "2026-04-11 16:30"]),
        # A zone without daylight saving, and one that is half an hour off.
        ("America/Phoenix", WEDNESDAY, "16:00", "2026-03-08", ["2026-03-04 23:00", "2026-03-11 23:00"]),
        ("Asia/Kolkata", WEDNESDAY, "16:00", "2026-03-29", ["2026-03-25 10:30", "2026-04-01 10:30"]),
    ],
)
def test_meeting_keeps_its_wall_clock_time(zone: str, weekday: int, at: str, change: str, expected: list[str]) -> None:
    assert around(change, every(weekday, at=at, zone=zone)) == expected


def test_skipped_time_moves_forward_by_an_hour() -> None:
    (moment,) = occurrences(
        Rule(Dates((datetime.fromisoformat("2026-03-08T02:30"),)), time(2, 30), NEW_YORK),
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert f"{moment.astimezone(ZoneInfo(NEW_YORK)):%H:%M}" == "03:30"


def test_times_that_a_skipped_hour_unites_are_one_meeting() -> None:
    listed = tuple(datetime.fromisoformat(f"2026-03-08T{at}") for at in ("02:30", "02:45", "03:30"))
    found = list(occurrences(Rule(Dates(listed), time(2, 30), NEW_YORK), datetime(2026, 1, 1, tzinfo=UTC)))
    assert [f"{moment:%H:%M}" for moment in found] == ["07:30", "07:45"]


def test_day_skipped_by_a_zone_is_not_met_twice() -> None:
    """Samoa had no 30 December 2011."""
    rule = every(*range(7), at="10:00", zone="Pacific/Apia")
    found = list(occurrences(rule, datetime(2011, 12, 28, tzinfo=UTC), count=5))
    assert len(set(days(found, "Pacific/Apia"))) == 5


def test_fifth_friday_occurs_only_in_months_that_have_one() -> None:
    rule = Rule(NthWeekdays(((5, FRIDAY),)), time(16), NEW_YORK)
    found = days(occurrences(rule, datetime(2025, 9, 1, tzinfo=UTC), count=5))
    assert found == [date(2025, 10, 31), date(2026, 1, 30), date(2026, 5, 29), date(2026, 7, 31), date(2026, 10, 30)]


def test_fifth_friday_of_february_waits_for_2036() -> None:
    rule = Rule(NthWeekdays(((5, FRIDAY),)), time(16), NEW_YORK, months=(2,))
    assert days(occurrences(rule, datetime(2025, 9, 1, tzinfo=UTC), count=2)) == [date(2036, 2, 29), date(2064, 2, 29)]


@pytest.mark.parametrize(
    "rule",
    [
        Rule(MonthDays((30,)), time(16), NEW_YORK, months=(2,)),
        Rule(Dates((datetime.fromisoformat("2020-01-01T10:00"),)), time(10), NEW_YORK),
        Rule(Weekly((0,)), time(16), NEW_YORK, until=date(2025, 1, 1)),
        Rule(Weekly((0,)), time(16), NEW_YORK, start=date(2199, 12, 31)),
    ],
)
def test_rule_without_dates_to_come_ends(rule: Rule) -> None:
    assert list(occurrences(rule, datetime(2025, 9, 1, tzinfo=UTC))) == []


def test_rule_closed_on_all_its_days_ends() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    rule = Rule(Weekly((0,)), time(16), NEW_YORK)
    assert list(occurrences(rule, datetime(2025, 9, 1, tzinfo=UTC), closed=Always())) == []


def test_closed_days_are_skipped() -> None:
    """11 November 2026, a second Wednesday, is Veterans Day; the school closes on 9 December."""
    rule = Rule(NthWeekdays(((2, WEDNESDAY),)), time(16), NEW_YORK, months=(1, 10, 11, 12))
    closed = ClosedDays("US", "PA", {date(2026, 12, 9)})
    found = days(occurrences(rule, datetime(2026, 9, 1, tzinfo=UTC), count=3, closed=closed))
    assert found == [date(2026, 10, 14), date(2027, 1, 13), date(2027, 10, 13)]


def test_last_business_day_steps_back_over_holidays() -> None:
    """Of 2026's, two move: 25 May is Memorial Day but 29 May is a Friday; 31 December is open, 1 January is not."""
    rule = Rule(BusinessDays((-1,)), time(16), NEW_YORK)
    after = datetime(2027, 4, 1, tzinfo=UTC)
    assert days(occurrences(rule, after, count=2)) == [date(2027, 4, 30), date(2027, 5, 31)]
    memorial_day = days(occurrences(rule, after, count=2, closed=ClosedDays("US")))
    assert memorial_day == [date(2027, 4, 30), date(2027, 5, 28)]


@pytest.mark.parametrize(
    ("nth", "expected"),
    [((3,), ["2026-12-29"]), ((4,), []), ((-2,), ["2026-12-28"]), ((1, -1), ["2026-12-23", "2026-12-29"])],
)
def test_business_day_is_passed_over_in_a_month_with_too_few(nth: tuple[int, ...], expected: list[str]) -> None:
    """Of December 2026 only the 23rd, the 28th and the 29th are open."""
    closed = {date(2026, 12, n) for n in range(1, 32)} - {date(2026, 12, n) for n in (23, 28, 29)}
    rule = Rule(BusinessDays(nth), time(16), NEW_YORK, months=(12,), until=date(2026, 12, 31))
    found = days(occurrences(rule, datetime(2026, 9, 1, tzinfo=UTC), closed=closed))
    assert [str(day) for day in found] == expected


@pytest.mark.parametrize("nth", [1, 2, -1, -2])
def test_business_day_is_passed_over_in_a_month_without_any(nth: int) -> None:
    closed = {date(2026, 12, n) for n in range(1, 32)}
    rule = Rule(BusinessDays((nth,)), time(16), NEW_YORK, months=(12,), until=date(2026, 12, 31))
    assert list(occurrences(rule, datetime(2026, 9, 1, tzinfo=UTC), closed=closed)) == []


def test_year_end_keeps_the_count_of_weeks() -> None:
    """2026 has 53 ISO weeks."""
    rule = Rule(Weekly((0,), 2), time(10), BERLIN, start=date(2026, 12, 14))
    found = days(occurrences(rule, datetime(2026, 12, 1, tzinfo=UTC), count=3), BERLIN)
    assert found == [date(2026, 12, 14), date(2026, 12, 28), date(2027, 1, 11)]
    later = days(occurrences(rule, datetime(2027, 1, 1, tzinfo=UTC), count=1), BERLIN)
    assert later == [date(2027, 1, 11)]


def test_start_is_exclusive_and_end_inclusive() -> None:
    rule = every(WEDNESDAY, at="16:00", zone="UTC")
    first, second = datetime(2025, 10, 8, 16, tzinfo=UTC), datetime(2025, 10, 15, 16, tzinfo=UTC)
    assert list(occurrences(rule, first, until=second)) == [second]
    assert list(occurrences(rule, first - timedelta(seconds=1), count=1)) == [first]
    assert list(occurrences(rule, first, count=0)) == []


@pytest.mark.parametrize("after", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_ends_of_time_do_no_harm(after: datetime) -> None:
    found = list(occurrences(every(WEDNESDAY, at="16:00", zone=NEW_YORK), after, count=1))
    assert found in ([], [datetime(1900, 1, 3, 21, tzinfo=UTC)])
