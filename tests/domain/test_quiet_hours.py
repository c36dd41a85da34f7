"""When a message may reach a person, by tables of hours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quiet_hours import is_quiet, next_waking, week_start

NY, BERLIN = "America/New_York", "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "hours", "waking"),
    [
        ("2025-10-08T10:00-04:00", NY, (20, 8), "2025-10-08T10:00-04:00"),
        ("2025-10-08T20:00-04:00", NY, (20, 8), "2025-10-09T08:00-04:00"),
        ("2025-10-09T03:00-04:00", NY, (20, 8), "2025-10-09T08:00-04:00"),
        ("2025-10-09T07:59-04:00", NY, (20, 8), "2025-10-09T08:00-04:00"),
        ("2025-10-09T13:00-04:00", NY, (12, 14), "2025-10-09T14:00-04:00"),
        ("2025-10-09T03:00-04:00", NY, (0, 0), "2025-10-09T03:00-04:00"),  # never quiet
        ("2025-11-01T23:00-04:00", NY, (20, 8), "2025-11-02T08:00-05:00"),  # the night the clocks go back
        ("2026-03-28T23:00+01:00", BERLIN, (22, 7), "2026-03-29T07:00+02:00"),  # and forward
        ("2025-12-31T23:30-05:00", NY, (20, 8), "2026-01-01T08:00-05:00"),
    ],
)
def test_waking_moment_follows_quiet_hours(moment: str, zone: str, hours: tuple[int, int], waking: str) -> None:
    assert next_waking(at(moment), zone, *hours) == at(waking)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([NY, BERLIN, "Australia/Sydney", "Asia/Kathmandu"]),
    st.integers(0, 23),
    st.integers(0, 23),
)
def test_waking_moment_is_never_quiet_never_past_and_within_a_day(
    moment: datetime, zone: str, quiet_from: int, quiet_to: int
) -> None:
    waking = next_waking(moment, zone, quiet_from, quiet_to)
    assert waking >= moment
    assert not is_quiet(waking, zone, quiet_from, quiet_to)
    assert (waking - moment).total_seconds() <= 25 * 3600


def test_week_begins_on_monday_in_the_persons_zone() -> None:
    assert week_start(at("2025-10-12T23:00-04:00"), NY) == at("2025-10-06T00:00-04:00")
    assert week_start(at("2025-10-12T23:00-04:00"), BERLIN) == at("2025-10-13T00:00+02:00")
