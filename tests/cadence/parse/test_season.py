"""From when until when a cadence runs, where the phrase leaves the year or the day open."""

from datetime import date

import pytest

from bot.cadence import Rule, read

LABOR_DAY = date(2025, 9, 1)  # a Monday


def rule(phrase: str) -> Rule:
    return read(phrase, zone="America/New_York", today=LABOR_DAY).rule


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("June 2", "2026-06-02"),
        ("June 3", "2025-06-03"),
        ("September", "2025-09-01"),
        ("August", "2026-08-01"),
        ("September 1", "2025-09-01"),
        ("June 2026", "2026-06-01"),
        ("June 1, 2024", "2024-06-01"),
    ],
)
def test_start_without_a_year_is_at_most_90_days_past(said: str, start: str) -> None:
    assert str(rule(f"every Tuesday at 4pm starting {said}").start) == start


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("September", "2025-09-30"),
        ("September 1", "2025-09-01"),
        ("August 31", "2026-08-31"),
        ("February", "2026-02-28"),
        ("February 2028", "2028-02-29"),
        ("December", "2025-12-31"),
    ],
)
def test_end_is_the_last_day_of_its_month_from_today_on(said: str, until: str) -> None:
    assert str(rule(f"every Monday and Tuesday at 4pm until {said}").until) == until
