"""Which touchpoint comes in which week, and what gives way to what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import NthWeekdays, Rule, Weekly, closed_for, occurrences, read
from bot.domain.between_meetings import AFTER, CHECKIN, Calendar, MeetingSlot
from bot.domain.placing import Placement, Reason, place
from bot.domain.touchpoints import (
    CALL,
    CARD,
    REFLECTION,
    USUAL,
    Anchor,
    Around,
    Counted,
    Preset,
    Rhythm,
    Touchpoint,
    Unit,
    Yields,
    preset,
)

ZONE = "America/New_York"
NEW_YORK = ZoneInfo(ZONE)
HERE = Calendar(ZONE, "US", "PA")
NAMES = {"feedback.ask": "card", "prompts.due": "reflection", "agenda.call": "call", "checkins.due": "check-in"}
MONDAY, THURSDAY = 0, 3


def meetings(*days: str) -> list[MeetingSlot]:
    return [
        MeetingSlot(ref, datetime.fromisoformat(f"{day} 16:00").replace(tzinfo=NEW_YORK), 90)
        for ref, day in enumerate(days, start=1)
    ]


def own(days: Weekly | NthWeekdays, start: str = "", *, yields: Yields = Yields.KEEP, id: int = 7) -> Touchpoint:
    rule = Rule(days, time(9), ZONE, start=date.fromisoformat(start) if start else None)
    return Touchpoint("checkin 1", Rhythm(rule), yields=yields, id=id)


def named(touchpoint: Touchpoint) -> str:
    return NAMES.get(touchpoint.what, f"own {touchpoint.id}")


def story(found: Placement) -> list[str]:
    """Return what comes and what doesn't, each in a few words, in order of time."""
    came = [
        (each.request.at, f"{named(each.touchpoint)} {each.request.at.astimezone(NEW_YORK):%b %d}")
        + ((named(each.to),) if each.to else ())
        for each in found.placed
    ]
    out = [
        (HERE.morning(each.day), f"{named(each.touchpoint)} {each.day:%b %d} {each.reason}")
        + ((named(each.to),) if each.to else ())
        for each in found.left_out
    ]
    return [" < ".join(map(str, words)) for _at, *words in sorted(came + out, key=lambda each: each[0])]


def placed(schedule: Sequence[Touchpoint], *days: str, ceiling: int = 1) -> list[str]:
    """Return the story from the first meeting to the last."""
    held = meetings(*days)
    ends = {"first": HERE.day(held[0].start) + timedelta(days=1), "last": HERE.day(held[-1].start) - timedelta(days=1)}
    found = place(schedule, held, HERE, ceiling=ceiling, first=ends["first"], last=ends["last"])
    inside = Placement(
        [each for each in found.placed if held[0].end <= each.request.at < held[-1].start],
        [each for each in found.left_out if ends["first"] <= each.day <= ends["last"]],
    )
    return story(inside)


def test_monday_checkin_finds_its_week_where_a_month_is_full() -> None:
    """A day of one's own goes before a reflection prompt, and gives way to what belongs to the meeting."""
    assert placed([*USUAL, own(Weekly((MONDAY,)))], "2025-11-12", "2025-12-10") == [
        "card Nov 12",
        "own 7 Nov 17",
        "reflection Nov 19 taken < own 7",
        "own 7 Nov 24 taken < call",
        "call Nov 26",
        "own 7 Dec 01 taken < check-in",
        "check-in Dec 03",
        "own 7 Dec 08 taken < card",
    ]


def test_first_and_third_monday_fit_a_gap_of_five_weeks() -> None:
    schedule = [*USUAL, own(NthWeekdays(((1, MONDAY), (3, MONDAY))))]
    assert placed(schedule, "2025-10-08", "2025-11-12") == [
        "card Oct 08",
        "reflection Oct 16",
        "own 7 Oct 20",
        "call Oct 29",
        "own 7 Nov 03 taken < check-in",
        "check-in Nov 05",
    ]


def test_fortnightly_checkin_pushes_reflections_of_a_quarter() -> None:
    schedule = [*USUAL, own(Weekly((MONDAY,), every=2), "2025-10-20")]
    assert placed(schedule, "2025-10-09", "2026-01-15") == [
        "card Oct 09",
        "reflection Oct 17",
        "own 7 Oct 20",
        "own 7 Nov 03",
        "reflection Nov 10 < own 7",
        "own 7 Nov 17",
        "own 7 Dec 01",
        "reflection Dec 08 < own 7",
        "own 7 Dec 15",
        "reflection Dec 22 < own 7",
        "own 7 Dec 29 taken < call",
        "call Jan 02",
        "check-in Jan 08",
        "own 7 Jan 12 taken < card",
    ]


def test_raised_ceiling_lets_two_come_in_a_week() -> None:
    found = placed([*USUAL, own(Weekly((MONDAY,)))], "2025-11-12", "2025-12-10", ceiling=2)
    assert found == [
        "card Nov 12",
        "own 7 Nov 17",
        "reflection Nov 19",
        "own 7 Nov 24",
        "call Nov 26",
        "own 7 Dec 01",
        "check-in Dec 03",
        "own 7 Dec 08",
    ]


def test_touchpoint_that_comes_no_matter_what_takes_nothing_from_others() -> None:
    found = placed([*USUAL, own(Weekly((MONDAY,)), yields=Yields.ANYWAY)], "2025-11-12", "2025-12-10")
    assert found == [
        "card Nov 12",
        "own 7 Nov 17",
        "reflection Nov 19",
        "own 7 Nov 24",
        "call Nov 26",
        "own 7 Dec 01",
        "check-in Dec 03",
        "own 7 Dec 08",
    ]


def test_own_checkin_that_may_move_goes_five_working_days_at_most() -> None:
    # Week 43 is the only free one, and November 3 is ten working days away from it.
    schedule = [*USUAL, own(NthWeekdays(((1, MONDAY), (4, MONDAY))), yields=Yields.MOVE)]
    assert placed(schedule, "2025-10-08", "2025-11-12") == [
        "card Oct 08",
        "reflection Oct 16",
        "own 7 Oct 24 < call",
        "call Oct 29",
        "own 7 Nov 03 taken < check-in",
        "check-in Nov 05",
    ]


def test_private_touchpoint_takes_no_week_of_the_community() -> None:
    private = replace(own(Weekly((MONDAY,))), private=True)
    found = placed([*USUAL, private], "2025-11-12", "2025-12-10")
    assert [line for line in found if not line.startswith("own")] == placed(USUAL, "2025-11-12", "2025-12-10")
    assert len([line for line in found if line.startswith("own")]) == 4


def test_own_checkin_before_a_meeting_is_bound_to_it() -> None:
    before = Touchpoint("checkin 1", Around(Anchor(), Counted(-4, Unit.WORKING_DAYS)), yields=Yields.KEEP, id=7)
    assert placed([*USUAL, before], "2025-11-12", "2025-12-10")[-2:] == [
        "check-in Nov 26 < own 7",
        "own 7 Dec 04",
    ]


def test_meeting_in_the_way_leaves_out() -> None:
    soon = meetings("2025-11-12", "2025-11-13")
    assert "reflection Nov 19 meeting" in story(place(USUAL, soon, HERE))


def test_same_weeks_in_any_order_of_rows() -> None:
    schedule = [replace(each, id=n) for n, each in enumerate(USUAL, start=1)]
    schedule += [own(Weekly((MONDAY,)), id=n) for n in (8, 9)] + [own(Weekly((THURSDAY,)), yields=Yields.MOVE, id=10)]
    held = meetings("2025-10-09", "2026-01-15")
    expected = story(place(schedule, held, HERE))
    for seed in range(5):
        assert story(place(Random(seed).sample(schedule, len(schedule)), held, HERE)) == expected
    assert "own 8 Oct 20" in expected
    assert "own 9 Oct 20 taken < own 8" in expected


def every(days: int) -> list[datetime]:
    return [datetime(2026, 3, 3, 21, tzinfo=UTC) + timedelta(days=days * n) for n in range(4)]


@pytest.mark.parametrize(
    ("name", "days", "whats"),
    [
        (Preset.USUAL, 28, ["card", "reflection", "call", "check-in"]),
        (Preset.USUAL, 14, ["card", "check-in"]),
        (Preset.USUAL, 7, ["card", "check-in"]),
        (Preset.LIGHT, 28, ["card", "call"]),
        (Preset.LIGHT, 14, ["card"]),
        (Preset.LIGHT, 7, ["card"]),
        (Preset.LIGHT, 91, ["card", "reflection", "call"]),
        (Preset.QUARTERLY, 91, ["card", "reflection", "call", "check-in"]),
        (Preset.WEEKLY, 28, ["card", "check-in"]),
    ],
)
def test_preset_goes_by_the_length_of_the_gap(name: Preset, days: int, whats: list[str]) -> None:
    chosen = preset(name, every(days), ZONE)
    assert list(map(named, chosen)) == whats


@pytest.mark.parametrize("name", list(Preset))
def test_preset_without_meetings_is_for_those_a_month_apart(name: Preset) -> None:
    chosen = preset(name, [], ZONE)
    assert chosen == preset(name, every(28), ZONE)
    comes = place(chosen, [], HERE, first=date(2026, 3, 1), last=date(2026, 3, 31)).placed
    assert len(comes) == (4 if name is Preset.WEEKLY else 0)


def test_weekly_meetings_alternate_card_and_checkin() -> None:
    chosen = preset(Preset.USUAL, every(7), ZONE)
    found = placed(chosen, *[f"2026-03-{day:02}" for day in (3, 10, 17, 24, 31)])
    assert found == ["check-in Mar 05", "card Mar 10", "check-in Mar 19", "card Mar 24"]


zones = st.sampled_from([ZONE, "Pacific/Auckland", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"])


@st.composite
def seasons(draw: st.DrawFn) -> tuple[list[MeetingSlot], Calendar]:
    at = datetime(2025, draw(st.integers(1, 12)), draw(st.integers(1, 28)), draw(st.integers(0, 23)), 15, tzinfo=UTC)
    found = []
    for ref in range(1, draw(st.integers(0, 8)) + 1):
        found.append(MeetingSlot(ref, at, draw(st.integers(15, 300))))
        at += timedelta(days=draw(st.integers(1, 130)), hours=draw(st.integers(0, 23)))
    first, length = draw(st.dates(date(2025, 1, 1), date(2027, 1, 1))), draw(st.integers(0, 25))
    return found, Calendar(
        draw(zones), draw(st.sampled_from(["", "US", "DE"])), "", [first + timedelta(n) for n in range(length)]
    )


@given(seasons(), st.integers(1, 2), st.sampled_from(Yields))
def test_ceiling_holds_and_closed_days_are_left_alone(
    season: tuple[list[MeetingSlot], Calendar], ceiling: int, yields: Yields
) -> None:
    held, calendar = season
    rule = Rule(Weekly((MONDAY, THURSDAY)), time(9), calendar.zone)
    mondays = Touchpoint("checkin 1", Rhythm(rule), yields=yields, id=7)
    found = place([*USUAL, mondays], held, calendar, ceiling=ceiling)
    weeks: dict[tuple[int, int], list[Touchpoint]] = {}
    for each in found.placed:
        weeks.setdefault(calendar.week(each.request.at), []).append(each.touchpoint)
        assert not calendar.is_closed(calendar.day(each.request.at))
    for those in weeks.values():
        assert len([each for each in those if each.yields is not Yields.ANYWAY]) <= ceiling
    for out in found.left_out:
        assert (out.to is not None) == (out.reason is Reason.TAKEN)


def test_constants_are_those_of_the_kinds() -> None:
    assert [each.what for each in (CARD, REFLECTION, CALL)] == [AFTER, "prompts.due", "agenda.call"]
    assert own(Weekly((MONDAY,))).checkin == 1
    assert Touchpoint(CHECKIN, CARD.when).checkin == 0


PLACES = ((ZONE, "US", "PA"), ("Europe/Berlin", "DE", "BE"), ("Pacific/Auckland", "NZ", ""))


@pytest.mark.parametrize(
    ("phrase", "count", "digest"),
    [
        ("every Monday at 4pm", 225, "7277a354b510dd61"),
        ("every weekday at 9:30am", 226, "59d92638573ee346"),
        ("every other Tuesday at 4pm", 222, "0a30ad989cccd5a2"),
        ("every 3 weeks on Friday at 10am", 216, "3d0a31aecaef28bb"),
        ("first and third Thursday at 4pm", 222, "d3421f60b87ccf97"),
        ("second Wednesday of each month at 4pm", 201, "87fcf3c18d90482a"),
        ("last Friday of each month at noon", 194, "f0e89e3ef85036aa"),
        ("fifth Friday at 4pm", 102, "ea8d01a5658dbe6e"),
        ("15th of each month at 5pm", 198, "8e18ebb2fa3c1e38"),
        ("first business day at 9am", 201, "c56595a195290206"),
        ("second Wednesday, October to June, 4pm", 153, "26c5e6cdd527ad0f"),
        ("first Tuesday of January, April, July and October, 4pm", 114, "ff941e080faa2297"),
        ("every 6 weeks on Saturday at 10am", 156, "f74d92cb7493dbd0"),
        ("second Saturday of each month at 10am", 198, "9b1e86873f04897d"),
    ],
)
def test_usual_schedule_keeps_the_dates_from_before_there_were_schedules(phrase: str, count: int, digest: str) -> None:
    """The digests are of what the constants gave that schedules replaced: change them only on purpose."""
    lines = []
    closed = [date(2025, 12, 20) + timedelta(days=n) for n in range(16)]
    for zone, country, region in PLACES:
        rule = read(phrase, zone=zone, today=date(2025, 9, 1)).rule
        days_off = closed_for(rule, country, region, closed)
        starts = occurrences(
            rule, datetime(2025, 9, 1, tzinfo=UTC), until=datetime(2027, 2, 1, tzinfo=UTC), closed=days_off
        )
        held = [MeetingSlot(ref, at, 90) for ref, at in enumerate(starts)]
        found = place(USUAL, held, Calendar(zone, country, region, closed)).requests
        lines += [f"{request.kind} {request.ref} {request.at.isoformat()}" for request in found]
    assert len(lines) == count
    assert sha256("\n".join(lines).encode()).hexdigest().startswith(digest)
