"""The days of a touchpoint: what counting, snapping and halfway mean, worked out by hand on a real calendar."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.cadence import Dates, NthWeekdays, Rule, Weekly
from bot.domain.between_meetings import CHECKIN, Calendar, MeetingSlot
from bot.domain.touchpoints import (
    Anchor,
    Around,
    AtEnd,
    Counted,
    EveryWeeks,
    Halfway,
    Offset,
    OnWeekday,
    Rhythm,
    Season,
    Snap,
    Touchpoint,
    Unit,
    Which,
    Yields,
    expand,
    local_moment,
)

NEW_YORK = ZoneInfo("America/New_York")
# Closed in Pennsylvania: October 13, November 11, 27 and 28, December 25, January 1 and 19.
HERE = Calendar("America/New_York", "US", "PA")
MONDAY, THURSDAY, FRIDAY = 0, 3, 4


def meetings(*days: str) -> list[MeetingSlot]:
    """Meetings at 4 PM, of 90 minutes: "2025-10-08", or "2025-10-08 visit" for one of a type."""
    found = []
    for ref, said in enumerate(days, start=1):
        day, _space, kind = said.partition(" ")
        found.append(MeetingSlot(ref, datetime.fromisoformat(f"{day} 16:00").replace(tzinfo=NEW_YORK), 90, kind))
    return found


EACH = Anchor()


def around(offset: Offset, anchor: Anchor = EACH, snap: Snap | None = None) -> Touchpoint:
    return Touchpoint(CHECKIN, Around(anchor, offset), snap=snap)


def days_of(touchpoint: Touchpoint, held: Sequence[MeetingSlot], seasons: Sequence[Season] = ()) -> list[str]:
    found = expand(touchpoint, held, HERE, first=date(2025, 10, 1), last=date(2027, 2, 1), seasons=seasons)
    return [f"{due.day:%Y-%m-%d}" if due.day else f"not {due.ideal:%Y-%m-%d}" for due in found]


def working(n: int, then_every: int = 0) -> Counted:
    return Counted(n, Unit.WORKING_DAYS, then_every)


MONTHLY = ("2025-10-08", "2025-11-12", "2025-12-10", "2026-01-14")


@pytest.mark.parametrize(
    ("offset", "held", "expected"),
    [
        # Counting starts the day after, and holidays are no working days.
        (working(5), MONTHLY, ["2025-10-16", "2025-11-19", "2025-12-17", "2026-01-22"]),
        (working(1), ["2025-10-10"], ["2025-10-14"]),
        (working(-5), MONTHLY, ["2025-10-01", "2025-11-04", "2025-12-03", "2026-01-07"]),
        (working(-5), ["2026-01-05"], ["2025-12-26"]),
        (working(-1), ["2025-10-14"], ["2025-10-10"]),
        # "After" snaps forward, "before" back.
        (Counted(3, Unit.DAYS), ["2025-10-08"], ["2025-10-14"]),
        (Counted(-2, Unit.DAYS), ["2025-10-15"], ["2025-10-10"]),
        (Counted(-2, Unit.WEEKS), ["2026-01-15"], ["2025-12-31"]),
        (Counted(2, Unit.WEEKS), ["2025-12-18"], ["2026-01-02"]),
        (Counted(0), ["2026-03-07", "2026-03-11"], ["2026-03-06", "2026-03-11"]),
        # Strictly before and after.
        (OnWeekday(MONDAY, before=True), ["2025-11-03"], ["2025-10-27"]),
        (OnWeekday(MONDAY, before=True), MONTHLY[:2], ["2025-10-06", "2025-11-10"]),
        (OnWeekday(MONDAY, before=True), ["2025-10-15"], ["2025-10-10"]),
        (OnWeekday(MONDAY, before=False), ["2025-10-08", "2025-11-03"], ["2025-10-14", "2025-11-10"]),
        # Of 23 working days, the eleventh. Of one, none; and none after the last meeting.
        (Halfway(), MONTHLY[:2], ["2025-10-24"]),
        (Halfway(), ["2025-10-08", "2025-10-09"], []),
        (Halfway(), ["2025-10-08", "2025-10-10"], ["2025-10-09"]),
        # Of December 23, 24, 26, 29, 30, 31, January 2 and 5, the fourth.
        (Halfway(), ["2025-12-22", "2026-01-05"], ["2025-12-29"]),
        # Until three weeks before the next meeting, and not over a summer.
        (
            working(5, 3),
            ["2025-10-09", "2026-01-15"],
            ["2025-10-17", "2025-11-07", "2025-12-01", "2025-12-19", "2026-01-23"],
        ),
        (EveryWeeks(4), ["2025-10-09", "2026-01-15"], ["2025-11-06", "2025-12-04"]),
        (EveryWeeks(4), ["2026-06-10", "2026-10-14"], []),
        (EveryWeeks(4), ["2025-10-09"], []),
    ],
)
def test_days_around_meetings(offset: Offset, held: Sequence[str], expected: list[str]) -> None:
    assert days_of(around(offset), meetings(*held)) == expected


def test_days_around_meetings_snap_to_the_side_that_is_said() -> None:
    held = meetings("2026-01-15")
    assert days_of(around(Counted(-2, Unit.WEEKS), snap=Snap.LATER), held) == ["2026-01-02"]
    assert days_of(around(working(5), snap=Snap.EARLIER), held) == ["2026-01-23"]


def test_anchor_names_meetings_of_a_type_or_an_end_of_the_season() -> None:
    held = meetings("2025-10-08", "2025-11-12 visit", "2025-12-10", "2026-05-13 visit", "2026-06-10")
    seasons = [Season(date(2025, 10, 1), date(2026, 5, 31)), Season(date(2026, 6, 1), date(2026, 12, 31))]
    day = Counted(0)
    assert days_of(around(day, Anchor(meeting_type="visit")), held) == ["2025-11-12", "2026-05-13"]
    assert days_of(around(day, Anchor(Which.FIRST)), held, seasons) == ["2025-10-08", "2026-06-10"]
    assert days_of(around(day, Anchor(Which.LAST)), held, seasons) == ["2026-05-13", "2026-06-10"]
    assert days_of(around(day, Anchor(Which.LAST, "visit")), held, seasons) == ["2026-05-13"]


def rhythm(
    days: Weekly | NthWeekdays | Dates, *, in_season: bool = False, start: str = "", until: str = "", **more: str
) -> Touchpoint:
    first, last = (date.fromisoformat(said) if said else None for said in (start, until))
    rule = Rule(days, time(9), "America/New_York", start=first, until=last)
    return Touchpoint(CHECKIN, Rhythm(rule, in_season), weeks=more.get("weeks", ""), yields=Yields.KEEP)


@pytest.mark.parametrize(
    ("touchpoint", "expected"),
    [
        # A closed day snaps forward, never beyond the next date.
        (rhythm(Weekly((MONDAY,)), start="2025-10-06", until="2025-10-20"), ["2025-10-06", "2025-10-14", "2025-10-20"]),
        (
            rhythm(Weekly((0, 1, 2, 3, 4)), start="2025-11-24", until="2025-12-01"),
            ["2025-11-24", "2025-11-25", "2025-11-26", "not 2025-11-27", "not 2025-11-28", "2025-12-01"],
        ),
        (
            rhythm(NthWeekdays(((1, MONDAY), (3, MONDAY))), until="2025-11-30"),
            ["2025-10-06", "2025-10-20", "2025-11-03", "2025-11-17"],
        ),
        (rhythm(NthWeekdays(((5, FRIDAY),)), until="2026-02-01"), ["2025-10-31", "2026-01-30"]),
        (
            rhythm(Weekly((THURSDAY,)), start="2026-12-07", until="2027-01-15", weeks="odd"),
            ["2026-12-17", "2026-12-31", "2027-01-07"],
        ),
        (rhythm(Dates((datetime(2025, 10, 13, 9), datetime(2025, 12, 25, 9)))), ["2025-10-14", "2025-12-26"]),  # noqa: DTZ001
        (rhythm(Weekly((MONDAY,)), in_season=True, until="2025-12-31"), ["2025-11-03", "2025-11-10"]),
    ],
)
def test_days_of_a_rhythm(touchpoint: Touchpoint, expected: list[str]) -> None:
    seasons = [Season(date(2025, 11, 3), date(2025, 11, 14))]
    assert days_of(touchpoint, [], seasons) == expected


def test_rhythm_over_closed_days_only_has_no_day() -> None:
    closed = Calendar("America/New_York", closed=[date(2025, 12, 22) + timedelta(days=n) for n in range(14)])
    every_day = rhythm(Weekly((0, 1, 2, 3, 4)), start="2025-12-22", until="2026-01-02")
    found = expand(every_day, [], closed, first=date(2025, 12, 1), last=date(2026, 2, 1))
    # The last one has no next date, and moves to the first open day.
    assert [due.day for due in found] == [None] * 9 + [date(2026, 1, 5)]


def test_pause_and_off_leave_days_out() -> None:
    held, five = meetings(*MONTHLY), around(working(5))
    paused = Touchpoint(CHECKIN, five.when, paused_until=date(2025, 12, 17))
    assert days_of(paused, held) == ["2025-12-17", "2026-01-22"]
    assert days_of(Touchpoint(CHECKIN, five.when, is_on=False), held) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-10-08", "2025-10-08 17:30"), ("2026-03-07", "2026-03-09 09:00"), ("2025-11-27", "2025-12-01 09:00")],
)
def test_end_of_a_meeting_is_its_end_or_the_next_working_morning(day: str, expected: str) -> None:
    [due] = expand(around(AtEnd()), meetings(day), HERE, first=date.min, last=date.max)
    assert due.at
    assert f"{due.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("America/New_York", "2026-01-05 09:00", "2026-01-05 14:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),  # skipped: 3:00 is the first minute after
        ("America/New_York", "2025-11-02 01:30", "2025-11-02 05:30"),  # shown twice: the first
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),  # this day has no midnight
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # half an hour is skipped
        ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 10:00"),  # this day is skipped
        ("Asia/Kathmandu", "2026-01-05 09:00", "2026-01-05 03:15"),
        ("Pacific/Kiritimati", "2026-01-05 09:00", "2026-01-04 19:00"),
        ("Pacific/Honolulu", "2026-01-05 09:00", "2026-01-05 19:00"),
    ],
)
def test_hour_that_clocks_skip_or_repeat(zone: str, local: str, utc: str) -> None:
    at = datetime.fromisoformat(local)
    assert local_moment(at.date(), at.time(), zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
