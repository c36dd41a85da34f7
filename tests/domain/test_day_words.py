"""A day in plain words, in English and Spanish."""

from datetime import UTC, date, datetime

import pytest

from bot.cadence import Unreadable
from bot.domain.day_words import read_day

# An evening of 31 December in New York, when it is already the next year in UTC.
LATE = datetime(2027, 1, 1, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 12, 31)),
        ("hoy", date(2026, 12, 31)),
        ("tomorrow", date(2027, 1, 1)),
        ("mañana", date(2027, 1, 1)),
        ("Jan 14", date(2027, 1, 14)),
        ("14 de enero", date(2027, 1, 14)),
        ("March 14", date(2027, 3, 14)),
    ],
)
def test_day_is_read_in_the_persons_zone(typed: str, day: date) -> None:
    assert read_day(typed, zone="America/New_York", now=LATE) == day


@pytest.mark.parametrize("typed", ["Friday", "el viernes"])
def test_weekday_that_could_be_two_dates_is_asked_about_without_a_time(typed: str) -> None:
    with pytest.raises(Unreadable) as doubt:
        read_day(typed, zone="America/New_York", now=LATE)
    assert "23:59" not in str(doubt.value)
    assert read_day(doubt.value.suggestion, zone="America/New_York", now=LATE) == date(2027, 1, 1)


@pytest.mark.parametrize("typed", ["31 Feb", "in two weeks", "", "Jan 14 2020"])
def test_what_is_no_day_to_come_is_refused_without_a_time(typed: str) -> None:
    with pytest.raises(Unreadable) as doubt:
        read_day(typed, zone="America/New_York", now=LATE)
    assert "23:59" not in f"{doubt.value} {doubt.value.suggestion}"
