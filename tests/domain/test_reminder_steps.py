"""Reminder steps: how they are typed, what reaches whom, and that nobody is woken or told twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import quiet_hours, reminder_steps


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("week, day, hour", ("w", "d", "h")),
        ("a week, a day and an hour before", ("w", "d", "h")),
        ("2 days, 1 hour", ("2d", "h")),
        ("hour, 2 days", ("2d", "h")),
        ("1h 30m", None),
        ("90 minutes", ("90m",)),
        ("60 minutes", ("h",)),
        ("7 days; one week", ("w",)),
        ("24 hours & day", ("24h", "d")),
        ("two weeks", ("2w",)),
        ("3d,2h", ("3d", "2h")),
        ("una semana, un día y dos horas antes", ("w", "d", "2h")),
        ("OFF", ()),
        ("nunca", ()),
        ("", None),
        ("tomorrow", None),
        ("0 days", None),
        ("-1 day", None),
        ("many hours", None),
        ("², hour", None),
        ("1 day 1 hour", None),
    ],
)
def test_steps_are_parsed_from_plain_words(typed: str, steps: tuple[str, ...] | None) -> None:
    if steps is None:
        with pytest.raises(reminder_steps.InvalidStep):
            reminder_steps.read(typed)
    else:
        assert reminder_steps.read(typed) == steps


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (("w", "d", "h"), True),
        ((), True),
        (("30d", "5m"), True),
        (("31d",), False),
        (("4m",), False),
        (("5w",), False),
        (("w", "6d", "5d", "4d", "3d", "2d"), False),
    ],
)
def test_steps_are_few_and_within_bounds(steps: tuple[str, ...], expected: bool) -> None:
    """There are few steps, and none is too close to the meeting or too far from it."""
    assert reminder_steps.in_bounds(steps) is expected


@pytest.mark.parametrize(
    ("kept", "community", "own"),
    [
        ("", "w d h", ("d", "h")),
        ("", "2w w", ()),
        ("", "", ()),
        ("3h", "w d h", ("3h",)),
        ("w 3h", "", ("w", "3h")),
    ],
)
def test_member_gets_steps_nearer_than_a_week_by_default(kept: str, community: str, own: tuple[str, ...]) -> None:
    """They get others only if they chose their own."""
    assert reminder_steps.personal_steps(kept, reminder_steps.split(community)) == own


def test_steps_in_days_follow_the_wall_clock_and_hours_do_not() -> None:
    new_york = ZoneInfo("America/New_York")
    # The clocks went back that morning.
    start = datetime(2025, 11, 2, 16, tzinfo=new_york)
    said = {
        step: f"{at.astimezone(new_york):%d %H:%M}"
        for step, at in reminder_steps.moments(start, str(new_york), ("d", "24h")).items()
    }
    assert said == {"d": "01 16:00", "24h": "01 17:00"}


@pytest.mark.parametrize(
    ("start", "quiet", "anyway", "expected"),
    [
        ("08 16:00", (20, 8), False, {"w": "01 16:00", "d": "07 16:00", "h": "08 15:00"}),
        ("08 07:00", (20, 8), False, {"w": "01 08:00", "d": "07 08:00"}),  # the hour before would come too late
        ("08 07:00", (20, 8), True, {"w": "01 08:00", "d": "07 08:00", "h": "08 06:00"}),
        ("08 08:30", (20, 8), False, {"w": "01 08:30", "d": "07 08:30", "h": "08 08:00"}),
        ("08 21:00", (20, 8), False, {"w": "02 08:00", "d": "08 08:00"}),
        ("08 03:00", (0, 12), True, {"w": "01 12:00", "d": "07 12:00", "h": "08 02:00"}),
        ("08 16:00", (5, 5), False, {"w": "01 16:00", "d": "07 16:00", "h": "08 15:00"}),  # never quiet
    ],
)
def test_reminder_time_keeps_quiet_hours(
    start: str, quiet: tuple[int, int], anyway: bool, expected: dict[str, str]
) -> None:
    begins = datetime.strptime(f"2025-10-{start}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    plan = reminder_steps.deliveries(begins, reminder_steps.moments(begins, "UTC"), "UTC", *quiet, last_anyway=anyway)
    assert {step: f"{at:%d %H:%M}" for step, at in plan.items()} == expected


hours = st.integers(0, 23)
zones = st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
steps = st.lists(
    st.builds(reminder_steps.canonical, st.integers(1, 40), st.sampled_from("wdhm")),
    min_size=1,
    max_size=6,
    unique=True,
)
starts = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(starts, steps, zones, zones, hours, hours, st.booleans())
def test_reminders_wake_nobody_and_are_neither_repeated_nor_late(
    start: datetime, chosen: list[str], community: str, zone: str, quiet_from: int, quiet_to: int, anyway: bool
) -> None:
    due = reminder_steps.moments(start, community, chosen)
    plan = reminder_steps.deliveries(start, due, zone, quiet_from, quiet_to, last_anyway=anyway)
    arrivals = list(plan.values())
    # One after another, never two at once.
    assert arrivals == sorted(set(arrivals))
    assert all(due[step] <= at < start for step, at in plan.items())
    last = list(due)[-1]
    for step, at in plan.items():
        if not (anyway and step == last):
            assert not quiet_hours.is_quiet(at, zone, quiet_from, quiet_to)
    if anyway:
        assert plan[last] == due[last]


@given(steps)
def test_saved_steps_round_trip(chosen: list[str]) -> None:
    assert reminder_steps.split(" ".join(reminder_steps.ordered(chosen))) == reminder_steps.ordered(chosen)
    assert all(reminder_steps.before(step) > timedelta(0) for step in chosen)
