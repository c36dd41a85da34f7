"""Reminder steps: how they are typed, what reaches whom, and that nobody is woken or told twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import quiet_hours, reminder_steps
from bot.domain.between_meetings import Calendar


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
        for step, at in reminder_steps.moments(start, Calendar(str(new_york)), ("d", "24h")).items()
    }
    assert said == {"d": "01 16:00", "24h": "01 17:00"}


HOLIDAYS = Calendar("America/New_York", "US", "PA", frozenset({date(2025, 12, day) for day in range(22, 32)}))


@pytest.mark.parametrize(
    ("start", "steps", "expected"),
    [
        ("Wed 2025-10-08 16:00", "w d h", "w Wed 10-01 16:00, d Tue 10-07 16:00, h Wed 10-08 15:00"),
        ("Mon 2025-10-06 16:00", "w d h", "w Mon 09-29 16:00, d Fri 10-03 16:00, h Mon 10-06 15:00"),
        ("Sun 2025-10-05 16:00", "w d h", "w Fri 09-26 16:00, d Fri 10-03 16:00, h Sun 10-05 15:00"),
        ("Tue 2025-10-07 16:00", "w 2d h", "w Tue 09-30 16:00, 2d Fri 10-03 16:00, h Tue 10-07 15:00"),
        # The Monday before is Columbus Day, and Veterans Day is on a Tuesday.
        ("Tue 2025-10-14 16:00", "w d h", "w Tue 10-07 16:00, d Fri 10-10 16:00, h Tue 10-14 15:00"),
        ("Wed 2025-11-12 16:00", "w d h", "w Wed 11-05 16:00, d Mon 11-10 16:00, h Wed 11-12 15:00"),
        ("Tue 2025-11-18 16:00", "w d h", "w Mon 11-10 16:00, d Mon 11-17 16:00, h Tue 11-18 15:00"),
        # At the same time of day, also when the clocks change in between.
        ("Mon 2025-11-03 16:00", "d", "d Fri 10-31 16:00"),
        # No working day is left after the step before it.
        ("Mon 2025-10-06 16:00", "3d d", "3d Fri 10-03 16:00, d Sun 10-05 16:00"),
        ("Mon 2025-10-06 16:00", "2d d h", "2d Fri 10-03 16:00, d Sun 10-05 16:00, h Mon 10-06 15:00"),
        ("Mon 2025-10-06 16:00", "36h d", "36h Sun 10-05 04:00, d Sun 10-05 16:00"),
        # Hours and minutes are exact.
        ("Mon 2025-10-06 16:00", "24h", "24h Sun 10-05 16:00"),
        # After the winter break, the working day before is two weeks earlier.
        ("Mon 2026-01-05 16:00", "w d h", "w Mon 12-29 16:00, d Fri 01-02 16:00, h Mon 01-05 15:00"),
        ("Fri 2026-01-02 16:00", "w d", "w Fri 12-26 16:00, d Thu 01-01 16:00"),
    ],
)
def test_reminder_on_a_day_off_comes_on_the_working_day_before(start: str, steps: str, expected: str) -> None:
    zone = ZoneInfo(HOLIDAYS.zone)
    begins = datetime.strptime(start, "%a %Y-%m-%d %H:%M").replace(tzinfo=zone)
    due = reminder_steps.moments(begins, HOLIDAYS, steps.split())
    assert ", ".join(f"{step} {at.astimezone(zone):%a %m-%d %H:%M}" for step, at in due.items()) == expected


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
    plan = reminder_steps.deliveries(
        begins, reminder_steps.moments(begins, Calendar("UTC")), "UTC", *quiet, last_anyway=anyway
    )
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
    due = reminder_steps.moments(start, Calendar(community), chosen)
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


@given(
    starts,
    steps,
    zones,
    st.sampled_from(["", "US", "DE"]),
    st.sets(st.dates(date(2024, 12, 1), date(2027, 1, 1)), max_size=40),
)
def test_reminders_move_to_working_days_and_never_later(
    start: datetime, chosen: list[str], zone: str, country: str, closed: set[date]
) -> None:
    days = Calendar(zone, country, "", closed)
    due = reminder_steps.moments(start, days, chosen)
    as_asked = {step: _exactly(start, zone, step) for step in chosen}
    assert set(due) == set(as_asked)
    for step, at in due.items():
        assert timedelta(0) <= as_asked[step] - at <= reminder_steps.MOST_EARLIER + timedelta(hours=1)
        if at != as_asked[step]:
            assert step[-1] in "wd"
            assert not days.is_closed(days.day(at))
    # Who asked for two reminders gets two.
    assert len(set(due.values())) >= len(set(as_asked.values()))


def _exactly(start: datetime, zone: str, step: str) -> datetime:
    if step[-1] in "wd":
        return (start.astimezone(ZoneInfo(zone)) - reminder_steps.before(step)).astimezone(UTC)
    return start - reminder_steps.before(step)


@given(steps)
def test_saved_steps_round_trip(chosen: list[str]) -> None:
    assert reminder_steps.split(" ".join(reminder_steps.ordered(chosen))) == reminder_steps.ordered(chosen)
    assert all(reminder_steps.before(step) > timedelta(0) for step in chosen)
