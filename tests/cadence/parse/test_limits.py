"""What just fits is read, and one more is refused: lengths, numbers of dates, and how far away they are."""

from datetime import date, timedelta

import pytest

from bot.cadence import MonthDays, Rule, Unreadable, Weekly, read, read_closures, read_days

LABOR_DAY = date(2025, 9, 1)


def rule(phrase: str) -> Rule:
    return read(phrase, zone="America/New_York", today=LABOR_DAY).rule


def dates(count: int, *, step: int = 1) -> list[str]:
    return [str(date(2026, 1, 6) + timedelta(days=step * n)) for n in range(count)]


CLOSED_EVENT = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20251128\nEND:VEVENT\nEND:VCALENDAR\n"


def test_phrase_has_at_most_2000_characters() -> None:
    assert rule("every Tuesday at 4pm".ljust(2000)).days == Weekly((1,))
    with pytest.raises(Unreadable, match="at most 2000 characters"):
        rule("every Tuesday at 4pm".ljust(2001))


def test_list_has_at_most_50_dates() -> None:
    assert rule(", ".join(dates(50)) + " at 4pm")
    with pytest.raises(Unreadable, match="at most 50"):
        rule(", ".join(dates(51)) + " at 4pm")


def test_rule_leaves_out_at_most_50_dates() -> None:
    fifty = rule("every Tuesday at 4pm except " + ", ".join(dates(50, step=7)))
    assert len(fifty.closing.dates) == 50
    with pytest.raises(Unreadable, match="at most 50"):
        rule("every Tuesday at 4pm except " + ", ".join(dates(51, step=7)))


@pytest.mark.parametrize(("weeks", "fits"), [(0, False), (1, True), (52, True), (53, False)])
def test_weeks_are_counted_from_1_to_52(weeks: int, fits: bool) -> None:
    phrase = f"every {weeks} weeks on Monday at 9am"
    if fits:
        assert rule(phrase).days == Weekly((0,), weeks)
    else:
        with pytest.raises(Unreadable, match="use 1 to 52"):
            rule(phrase)


@pytest.mark.parametrize(("months", "fits"), [(0, False), (3, True), (4, True), (5, False), (6, True), (12, True)])
def test_months_are_counted_where_they_fit_a_year(months: int, fits: bool) -> None:
    phrase = f"every {months} months on the first Monday at 9am"
    if fits:
        assert len(rule(phrase).months) == 12 // months
    else:
        with pytest.raises(Unreadable, match="does not fit a year"):
            rule(phrase)


@pytest.mark.parametrize(("day", "fits"), [("0th", False), ("1st", True), ("31st", True), ("32nd", False)])
def test_day_of_the_month_is_from_1_to_31(day: str, fits: bool) -> None:
    phrase = f"{day} of each month at 9am"
    if fits:
        assert rule(phrase).days == MonthDays((int(day[:-2]),))
    else:
        with pytest.raises(Unreadable, match="do not understand"):
            rule(phrase)


def test_file_of_closed_days_has_at_most_a_million_bytes() -> None:
    assert read_closures(b"2025-11-28".ljust(1_000_000), LABOR_DAY) == {date(2025, 11, 28)}
    with pytest.raises(Unreadable, match="at most 1000 kB"):
        read_closures(b"2025-11-28".ljust(1_000_001), LABOR_DAY)


def test_list_has_at_most_2000_closed_days() -> None:
    assert len(read_closures("\n".join(dates(2000)).encode(), LABOR_DAY)) == 2000
    with pytest.raises(Unreadable, match="at most 2000"):
        read_closures("\n".join(dates(2001)).encode(), LABOR_DAY)


def test_closed_days_are_at_most_20_years_away() -> None:
    assert read_days("2045-12-31", LABOR_DAY) == {date(2045, 12, 31)}
    with pytest.raises(Unreadable, match="The year 2046 is too far away: give closed days for the next 20 years"):
        read_days("2046-01-01", LABOR_DAY)


def test_one_closure_lasts_at_most_a_year() -> None:
    assert len(read_days("2026-01-01 to 2027-01-02", LABOR_DAY)) == 367
    with pytest.raises(Unreadable, match="longer than a year"):
        read_days("2026-01-01 to 2027-01-03", LABOR_DAY)


def test_calendar_may_follow_spaces_and_blank_lines() -> None:
    assert read_closures(f"\n \n{CLOSED_EVENT}".encode(), LABOR_DAY) == {date(2025, 11, 28)}
