"""What happens to a meeting on a closed day: its rule decides, and no other meeting moves."""

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.cadence import (
    BusinessDays,
    ClosedDays,
    Closing,
    Dates,
    Days,
    NthWeekdays,
    OnClosed,
    Rule,
    Weekly,
    closed_for,
    occurrences,
)

NEW_YORK = "America/New_York"
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = 2, 3, 4, 5
KEEP, SKIP, WEEK = OnClosed.KEEP, OnClosed.SKIP, OnClosed.WEEK_LATER
AFTER, BEFORE = OnClosed.DAY_AFTER, OnClosed.DAY_BEFORE


def met(rule: Rule, first: str, count: int, closed: ClosedDays) -> list[str]:
    after = datetime.fromisoformat(f"{first}T00:00:00+00:00")
    shown = occurrences(rule, after, count=count, closed=closed)
    return [f"{moment.astimezone(ZoneInfo(rule.zone)):%Y-%m-%d}" for moment in shown]


def rule(
    days: Days,
    closing: Closing,
    months: tuple[int, ...] = tuple(range(1, 13)),
    start: date | None = None,
    until: date | None = None,
) -> Rule:
    return Rule(days, time(16), NEW_YORK, months=months, start=start, until=until, closing=closing)


PENNSYLVANIA = ClosedDays("US", "PA")


@pytest.mark.parametrize(
    ("fate", "november"),
    [
        (KEEP, "2026-11-11"),  # Veterans Day, a Wednesday
        (SKIP, "2026-12-09"),
        (WEEK, "2026-11-18"),
        (AFTER, "2026-11-12"),
        (BEFORE, "2026-11-10"),
    ],
)
def test_meeting_on_a_public_holiday_goes_where_the_rule_says(fate: OnClosed, november: str) -> None:
    second_wednesday = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(public=fate))
    assert met(second_wednesday, "2026-10-01", 2, PENNSYLVANIA) == ["2026-10-14", november]


@pytest.mark.parametrize(
    ("fate", "thanksgiving"), [(AFTER, "2026-11-30"), (BEFORE, "2026-11-25"), (WEEK, "2026-12-03")]
)
def test_next_working_day_skips_weekends_and_closed_days(fate: OnClosed, thanksgiving: str) -> None:
    """Thanksgiving is 26 November 2026; the school closes on the Friday after."""
    fourth_thursday = rule(NthWeekdays(((4, THURSDAY),)), Closing(public=fate))
    closed = ClosedDays("US", "PA", {date(2026, 11, 27)})
    assert met(fourth_thursday, "2026-11-01", 1, closed) == [thanksgiving]


def test_meeting_moves_another_week_when_the_next_is_closed_too() -> None:
    closed = ClosedDays(closed={date(2026, 4, 2), date(2026, 4, 9)})
    first_thursday = rule(NthWeekdays(((1, THURSDAY),)), Closing(own=WEEK))
    assert met(first_thursday, "2026-03-20", 2, closed) == ["2026-04-16", "2026-05-07"]


@pytest.mark.parametrize(
    ("fate", "closed_days", "expected"),
    [
        (WEEK, 55, ["2026-05-28"]),  # the eighth week
        (WEEK, 56, []),
        (AFTER, 55, ["2026-05-28"]),
        (AFTER, 56, []),
    ],
)
def test_meeting_moves_by_at_most_eight_weeks(fate: OnClosed, closed_days: int, expected: list[str]) -> None:
    """A meeting on 2 April 2026 meets a closure that begins on that day."""
    closed = ClosedDays(closed={date(2026, 4, 2) + timedelta(days=n) for n in range(closed_days + 1)})
    once = rule(NthWeekdays(((1, THURSDAY),)), Closing(own=fate), (4,), until=date(2026, 12, 31))
    assert met(once, "2026-03-20", 2, closed) == expected


def test_saturday_meeting_moves_to_the_next_saturday() -> None:
    """A community that meets on Saturdays still does, a week later."""
    saturdays = rule(NthWeekdays(((1, SATURDAY),)), Closing(public=WEEK))
    # Not on the Fourth of July.
    assert met(saturdays, "2026-07-01", 1, ClosedDays("US")) == ["2026-07-11"]


def test_meeting_never_moves_onto_or_past_the_next() -> None:
    closed = ClosedDays(closed={date(2026, 4, 7), date(2026, 4, 14)})
    weekly = rule(Weekly((1,)), Closing(own=WEEK))
    assert met(weekly, "2026-04-01", 2, closed) == ["2026-04-21", "2026-04-28"]
    daily = rule(Weekly(tuple(range(7))), Closing(own=BEFORE))
    assert met(daily, "2026-04-06", 2, closed) == ["2026-04-06", "2026-04-08"]


def test_meeting_never_moves_out_of_its_season() -> None:
    closed = ClosedDays(closed={date(2026, 6, 24), date(2025, 10, 22)})
    season = (1, 2, 3, 4, 5, 6, 10, 11, 12)
    fourth = rule(NthWeekdays(((4, WEDNESDAY),)), Closing(own=WEEK), season)
    assert met(fourth, "2026-05-28", 1, closed) == ["2026-10-28"]
    ends = rule(NthWeekdays(((4, WEDNESDAY),)), Closing(own=WEEK), until=date(2026, 6, 25))
    assert met(ends, "2026-05-28", 9, closed) == []
    starts = rule(NthWeekdays(((4, WEDNESDAY),)), Closing(own=BEFORE), start=date(2025, 10, 22))
    assert met(starts, "2025-10-01", 1, closed) == ["2025-11-26"]


def test_meeting_may_move_out_of_the_months_a_rule_names() -> None:
    """Months named one by one say which to count in."""
    thanksgiving = rule(NthWeekdays(((4, THURSDAY),)), Closing(public=WEEK), (11,))
    assert met(thanksgiving, "2026-09-01", 2, PENNSYLVANIA) == ["2026-12-03", "2027-12-02"]


class Summer:
    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day.month in (7, 8)


def test_meetings_of_a_closed_summer_are_left_out() -> None:
    monthly = rule(NthWeekdays(((1, WEDNESDAY),)), Closing(own=WEEK))
    shown = [
        moment.date() for moment in occurrences(monthly, datetime(2026, 6, 10, tzinfo=UTC), count=1, closed=Summer())
    ]
    assert shown == [date(2026, 9, 2)]


def test_school_and_public_holidays_are_told_apart() -> None:
    closed = ClosedDays("US", "PA", {date(2026, 10, 14)})
    both = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(public=KEEP, own=SKIP))
    assert met(both, "2026-10-01", 2, closed) == ["2026-11-11", "2026-12-09"]
    other = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(public=AFTER, own=KEEP))
    assert met(other, "2026-10-01", 2, closed) == ["2026-10-14", "2026-11-12"]


def test_days_that_a_rule_closes_are_left_out_and_never_moved_to() -> None:
    break_ = ((date(2026, 11, 12), date(2026, 11, 13)), (date(2026, 12, 9), date(2026, 12, 9)))
    second = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(public=AFTER, dates=break_))
    assert met(second, "2026-11-01", 2, PENNSYLVANIA) == ["2026-11-16", "2027-01-13"]


def test_chosen_dates_move_too() -> None:
    moments = (datetime.fromisoformat("2026-11-11T15:00"), datetime.fromisoformat("2026-12-25T10:00"))
    chosen = Rule(Dates(moments), time(15), NEW_YORK, closing=Closing(public=BEFORE))
    shown = occurrences(chosen, datetime(2026, 1, 1, tzinfo=UTC), closed=ClosedDays("US"))
    local = [f"{moment.astimezone(ZoneInfo(NEW_YORK)):%Y-%m-%d %H:%M}" for moment in shown]
    assert local == ["2026-11-10 15:00", "2026-12-24 10:00"]


def test_meeting_moved_past_now_is_still_to_come() -> None:
    """The day after Veterans Day, a meeting moved from it by a week is still to come."""
    second = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(public=WEEK))
    assert met(second, "2026-11-13", 1, PENNSYLVANIA) == ["2026-11-18"]


def test_rule_without_closed_days_keeps_its_stored_form() -> None:
    """It is stored as before there were closed days, and a rule stored then can still be read."""
    plain = rule(NthWeekdays(((2, WEDNESDAY),)), Closing())
    assert "closing" not in plain.to_json()
    assert Rule.from_json(plain.to_json()) == plain
    moving = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(WEEK, SKIP, ((date(2026, 1, 1), date(2026, 1, 3)),)))
    assert json.loads(moving.to_json())["closing"] == {
        "public": "week later",
        "own": "skip",
        "dates": [["2026-01-01", "2026-01-03"]],
    }
    assert Rule.from_json(moving.to_json()) == moving


@pytest.mark.parametrize("changed", [("week later", "whenever"), ("2026-01-03", "2025-12-31"), ("2026-01-03", "x")])
def test_damaged_closing_is_refused(changed: tuple[str, str]) -> None:
    moving = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(WEEK, SKIP, ((date(2026, 1, 1), date(2026, 1, 3)),)))
    with pytest.raises(ValueError, match=r".+"):
        Rule.from_json(moving.to_json().replace(*changed))


def test_public_holidays_affect_only_rules_that_name_them() -> None:
    own = {date(2026, 10, 14)}
    plain = rule(NthWeekdays(((2, WEDNESDAY),)), Closing())
    counting = rule(BusinessDays((-1,)), Closing())
    minding = rule(NthWeekdays(((2, WEDNESDAY),)), Closing(public=SKIP))
    assert closed_for(plain, "US", "PA", own) == ClosedDays(closed=own)
    assert closed_for(counting, "US", "PA", own) == closed_for(minding, "US", "PA", own) == ClosedDays("US", "PA", own)
