"""Counting working days: weekends, public holidays, and closures don't count."""

from datetime import date

import pytest

from bot.cadence import add_working_days, is_closed

BREAK = (date(2025, 12, 29), date(2025, 12, 30))


@pytest.mark.parametrize(
    ("day", "country", "region", "closed"),
    [
        ("2025-10-04", "", "", True),  # a Saturday
        ("2025-10-05", "", "", True),
        ("2025-10-06", "", "", False),
        ("2026-11-11", "US", "PA", True),  # Veterans Day
        ("2026-11-11", "", "", False),
        ("2025-12-25", "DE", "BE", True),
        ("2026-03-08", "DE", "BE", True),  # a Sunday too
        ("2027-03-08", "DE", "BE", True),  # Women's Day, a holiday of Berlin alone
        ("2027-03-08", "DE", "BY", False),
        ("2027-03-08", "DE", "", False),
        ("2025-12-29", "", "", True),  # the community's own break
    ],
)
def test_day_is_closed_at_weekends_on_holidays_and_in_breaks(day: str, country: str, region: str, closed: bool) -> None:
    assert is_closed(date.fromisoformat(day), country=country, region=region, closed=BREAK) is closed


@pytest.mark.parametrize(
    ("day", "n", "country", "expected"),
    [
        ("2025-10-08", 5, "", "2025-10-15"),
        ("2025-10-08", 5, "US", "2025-10-16"),  # Columbus Day is 13 October
        ("2025-10-11", 1, "", "2025-10-13"),  # from a Saturday
        ("2025-10-11", -1, "", "2025-10-10"),
        ("2025-10-11", 0, "", "2025-10-11"),
        ("2025-12-24", 1, "US", "2025-12-26"),
        ("2025-12-24", 2, "US", "2025-12-31"),  # over the weekend and the break
        ("2026-01-02", -2, "US", "2025-12-26"),
    ],
)
def test_working_days_are_counted_over_closed_ones(day: str, n: int, country: str, expected: str) -> None:
    found = add_working_days(date.fromisoformat(day), n, country=country, region="", closed=BREAK)
    assert found == date.fromisoformat(expected)


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("US", "ZZ")])
def test_country_without_a_calendar_is_an_error_in_words(country: str, region: str) -> None:
    with pytest.raises(ValueError, match=f"no public holidays are known for {country}"):
        is_closed(date(2025, 10, 6), country=country, region=region, closed=())
