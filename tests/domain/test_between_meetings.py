"""What is asked between meetings, and when: the dates of real seasons, and what holds for any."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.between_meetings import (
    AFTER,
    AGENDA_CALL,
    CHECKIN,
    REFLECTION_PROMPT,
    REQUESTS,
    Calendar,
    MeetingSlot,
    Request,
    displaced,
    has_room,
)
from bot.domain.placing import place
from bot.domain.reminder_steps import moments
from bot.domain.touchpoints import USUAL

NEW_YORK = ZoneInfo("America/New_York")
HERE = Calendar("America/New_York", "US", "PA")
SECOND_WEDNESDAYS = [
    date(2025, 10, 8), date(2025, 11, 12), date(2025, 12, 10), date(2026, 1, 14), date(2026, 2, 11),
    date(2026, 3, 11), date(2026, 4, 8), date(2026, 5, 13), date(2026, 6, 10),
]  # fmt: skip


def four_pm(*days: date) -> list[MeetingSlot]:
    return [MeetingSlot(n, datetime(d.year, d.month, d.day, 16, tzinfo=NEW_YORK), 90) for n, d in enumerate(days, 1)]


def requests(meetings: list[MeetingSlot], calendar: Calendar) -> list[Request]:
    """Return what a community with the usual schedule is asked."""
    return place(USUAL, meetings, calendar).requests


def local(request: Request) -> str:
    return f"{request.kind} {request.ref} {request.at.astimezone(NEW_YORK):%a %d %b %H:%M}"


def test_gap_of_four_weeks_has_one_request_a_week() -> None:
    found = requests(four_pm(date(2026, 2, 11), date(2026, 3, 11)), HERE)
    assert [local(r) for r in found if r.at > datetime(2026, 2, 10, tzinfo=UTC)][:4] == [
        "feedback.ask 1 Wed 11 Feb 17:30",
        "prompts.due 1 Thu 19 Feb 09:00",  # Presidents' Day is no working day
        "agenda.call 2 Wed 25 Feb 09:00",
        "checkins.due 2 Wed 04 Mar 09:00",  # and the clocks change four days later
    ]


def test_season_of_second_wednesdays_leaves_out_the_summer() -> None:
    found = requests(four_pm(*SECOND_WEDNESDAYS), HERE)
    assert [local(r) for r in found] == [
        "agenda.call 1 Wed 24 Sep 09:00",
        "checkins.due 1 Wed 01 Oct 09:00",
        "feedback.ask 1 Wed 08 Oct 17:30",
        "prompts.due 1 Thu 16 Oct 09:00",  # Columbus Day; the week of 20 October is free
        "agenda.call 2 Wed 29 Oct 09:00",
        "checkins.due 2 Wed 05 Nov 09:00",
        "feedback.ask 2 Wed 12 Nov 17:30",
        "prompts.due 2 Wed 19 Nov 09:00",
        "agenda.call 3 Wed 26 Nov 09:00",
        "checkins.due 3 Wed 03 Dec 09:00",
        "feedback.ask 3 Wed 10 Dec 17:30",
        "prompts.due 3 Wed 17 Dec 09:00",
        "agenda.call 4 Wed 31 Dec 09:00",
        "checkins.due 4 Wed 07 Jan 09:00",
        "feedback.ask 4 Wed 14 Jan 17:30",
        "prompts.due 4 Thu 22 Jan 09:00",
        "agenda.call 5 Wed 28 Jan 09:00",
        "checkins.due 5 Wed 04 Feb 09:00",
        "feedback.ask 5 Wed 11 Feb 17:30",
        "prompts.due 5 Thu 19 Feb 09:00",
        "agenda.call 6 Wed 25 Feb 09:00",
        "checkins.due 6 Wed 04 Mar 09:00",
        "feedback.ask 6 Wed 11 Mar 17:30",
        "prompts.due 6 Wed 18 Mar 09:00",
        "agenda.call 7 Wed 25 Mar 09:00",
        "checkins.due 7 Wed 01 Apr 09:00",
        "feedback.ask 7 Wed 08 Apr 17:30",
        "prompts.due 7 Wed 15 Apr 09:00",
        "agenda.call 8 Wed 29 Apr 09:00",
        "checkins.due 8 Wed 06 May 09:00",
        "feedback.ask 8 Wed 13 May 17:30",
        "prompts.due 8 Wed 20 May 09:00",
        "agenda.call 9 Wed 27 May 09:00",
        "checkins.due 9 Wed 03 Jun 09:00",
        "feedback.ask 9 Wed 10 Jun 17:30",
        "prompts.due 9 Wed 17 Jun 09:00",
    ]
    over_the_summer = requests(four_pm(date(2026, 6, 10), date(2026, 10, 14)), HERE)
    assert [local(r) for r in over_the_summer if r.kind == REFLECTION_PROMPT][:1] == ["prompts.due 1 Wed 17 Jun 09:00"]
    assert not [
        r for r in over_the_summer if datetime(2026, 6, 20, tzinfo=UTC) < r.at < datetime(2026, 9, 20, tzinfo=UTC)
    ]


def test_quarterly_gap_repeats_the_reflection_every_three_weeks() -> None:
    found = requests(four_pm(date(2025, 10, 14), date(2026, 1, 13)), HERE)
    assert [local(r) for r in found if r.ref == 1 or r.kind in (AGENDA_CALL, CHECKIN)][2:8] == [
        "feedback.ask 1 Tue 14 Oct 17:30",
        "prompts.due 1 Tue 21 Oct 09:00",
        "prompts.due 1 Wed 12 Nov 09:00",  # 11 November is Veterans Day
        "prompts.due 1 Tue 02 Dec 09:00",
        "prompts.due 1 Tue 23 Dec 09:00",
        "agenda.call 2 Tue 30 Dec 09:00",
    ]


def test_agenda_call_moves_before_a_winter_break() -> None:
    days_off = [date(2025, 12, 22) + timedelta(days=n) for n in range(14)]
    found = requests(four_pm(date(2025, 12, 10), date(2026, 1, 14)), Calendar("America/New_York", "US", "PA", days_off))
    assert [local(r) for r in found][2:6] == [
        "feedback.ask 1 Wed 10 Dec 17:30",
        "agenda.call 2 Fri 19 Dec 09:00",
        "checkins.due 2 Wed 07 Jan 09:00",
        "feedback.ask 2 Wed 14 Jan 17:30",
    ]


def test_follow_up_of_a_saturday_meeting_comes_on_monday() -> None:
    [after] = [r for r in requests(four_pm(date(2026, 3, 7)), HERE) if r.kind == AFTER]
    assert local(after) == "feedback.ask 1 Mon 09 Mar 09:00"


@pytest.mark.parametrize(
    ("start", "week", "day", "hour"),
    [
        ("2026-02-11 16:00", "2026-02-04 16:00", "2026-02-10 16:00", "2026-02-11 15:00"),
        (
            "2026-03-11 16:00",
            "2026-03-04 16:00",
            "2026-03-10 16:00",
            "2026-03-11 15:00",
        ),  # clocks go forward on 8 March
        ("2025-11-05 16:00", "2025-10-29 16:00", "2025-11-04 16:00", "2025-11-05 15:00"),  # and back on 2 November
        ("2026-01-03 00:30", "2025-12-26 00:30", "2026-01-02 00:30", "2026-01-02 23:30"),  # a Saturday
    ],
)
def test_reminders_keep_the_local_hour_across_a_clock_change(start: str, week: str, day: str, hour: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=NEW_YORK)
    said = {k: f"{v.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" for k, v in moments(at, Calendar("America/New_York")).items()}
    assert said == {"w": week, "d": day, "h": hour}


zones = st.sampled_from(["America/New_York", "Pacific/Auckland", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"])


@st.composite
def seasons(draw: st.DrawFn) -> tuple[list[MeetingSlot], Calendar]:
    zone = draw(zones)
    at = datetime(2025, draw(st.integers(1, 12)), draw(st.integers(1, 28)), draw(st.integers(0, 23)), 15, tzinfo=UTC)
    found = []
    for ref in range(draw(st.integers(1, 8))):
        found.append(MeetingSlot(ref, at, draw(st.integers(15, 300))))
        at += timedelta(days=draw(st.integers(1, 130)), hours=draw(st.integers(0, 23)))
    first, length = draw(st.dates(date(2025, 1, 1), date(2027, 1, 1))), draw(st.integers(0, 25))
    return found, Calendar(
        zone, draw(st.sampled_from(["", "US", "DE"])), "", [first + timedelta(n) for n in range(length)]
    )


@given(seasons())
def test_requests_are_one_a_week_on_working_days_in_their_gap(season: tuple[list[MeetingSlot], Calendar]) -> None:
    meetings, calendar = season
    found = requests(meetings, calendar)
    weeks = [calendar.week(r.at) for r in found]
    assert len(set(weeks)) == len(weeks)
    assert not [r for r in found if calendar.is_closed(calendar.day(r.at))]
    start = {m.ref: m.start for m in meetings}
    for request in found:
        before, coming = start.get(request.ref - 1), start.get(request.ref + 1)
        if request.kind in (AGENDA_CALL, CHECKIN):
            assert request.at < start[request.ref]
            assert before is None or before < request.at
        else:
            assert start[request.ref] < request.at
            assert coming is None or request.at < coming


@given(seasons())
def test_requests_of_a_gap_keep_their_order(season: tuple[list[MeetingSlot], Calendar]) -> None:
    meetings, calendar = season
    found = requests(meetings, calendar)
    for earlier, later in pairwise(found):
        gap = [(r.ref + (r.kind in (AFTER, REFLECTION_PROMPT)), REQUESTS.index(r.kind)) for r in (earlier, later)]
        assert gap[0] <= gap[1]


@pytest.mark.parametrize(
    ("own", "holders", "expected"),
    [
        ("checkins.due 7", (), True),
        ("checkins.due 7", ("checkins.due 7",), True),
        ("checkins.due 7", ("checkins.due 8",), False),
        ("checkins.due 7", ("feedback.ask 7",), False),
        ("checkins.due 7", ("rounds 1",), False),
        ("agenda.call 7", ("rounds 1",), False),
        ("prompts.due 7", ("agenda.vote 7",), False),
        ("feedback.ask 7", ("rounds 1",), True),
        ("feedback.ask 7", ("checkins.due 8",), True),
        ("feedback.ask 7", ("agenda.vote 8",), True),
        ("feedback.ask 7", ("feedback.ask 7",), True),
        ("feedback.ask 7", ("feedback.ask 8",), False),
    ],
)
def test_only_feedback_comes_beside_another_request(own: str, holders: tuple[str, ...], *, expected: bool) -> None:
    assert has_room(own, holders) is expected


def test_raised_ceiling_has_room_for_two() -> None:
    assert has_room("checkins.due 7", ("rounds 1",), 2)
    assert not has_room("checkins.due 7", ("rounds 1", "rounds 2"), 2)


def test_question_displaces_requests_of_its_week_that_are_to_come() -> None:
    monday = datetime(2025, 10, 6, 13, tzinfo=UTC)
    timed = [
        ("agenda.call", "7", monday - timedelta(hours=1)),
        ("checkins.due", "7", monday + timedelta(days=1)),
        ("feedback.ask", "7", monday + timedelta(days=2)),
        ("meetings.remind", "7.d", monday + timedelta(days=2)),
        ("prompts.due", "7", monday + timedelta(days=7)),
    ]
    assert displaced(timed, "rounds 1", monday, "America/New_York") == [timed[1]]


def test_question_displaces_only_what_is_above_a_raised_ceiling() -> None:
    monday = datetime(2025, 10, 6, 13, tzinfo=UTC)
    timed = [
        ("checkins.due", "7", monday + timedelta(days=1)),
        ("feedback.ask", "7", monday + timedelta(days=2)),
        ("agenda.call", "7", monday + timedelta(days=3)),
    ]
    assert displaced(timed, "rounds 1", monday, "America/New_York", ceiling=2) == timed[2:]


def test_question_displaces_those_of_its_kind_while_it_is_open() -> None:
    monday = datetime(2025, 10, 6, 13, tzinfo=UTC)
    timed = [
        ("checkins.due", "7", monday + timedelta(days=8)),
        ("prompts.due", "7", monday + timedelta(days=9)),
        ("checkins.due", "8", monday + timedelta(days=10)),
    ]
    until = monday + timedelta(days=10)
    assert displaced(timed, "rounds 1", monday, "UTC", beside="checkins.due", open_until=until) == timed[:1]
