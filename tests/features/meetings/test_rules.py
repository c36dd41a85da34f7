"""What a new rule does to existing meetings, and which reminder is still useful, case by case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.meetings.rules import (
    Changes,
    Occurrence,
    changes,
    is_link,
    overlap,
    overtaken,
    read_minutes,
    shifted,
)

NOW = datetime(2025, 10, 1, 12, tzinfo=UTC)


def day(n: int) -> datetime:
    return NOW + timedelta(days=n)


@pytest.mark.parametrize(
    ("made", "wanted", "expected"),
    [
        ([], [day(1), day(8)], Changes([day(1), day(8)], [], [])),
        ([Occurrence(1, day(1), day(1))], [day(1)], Changes([], [], [])),
        ([Occurrence(1, day(1), day(1))], [day(2)], Changes([day(2)], [1], [])),
        ([Occurrence(1, day(1), day(3), moved=True)], [day(2)], Changes([day(2)], [], [])),
        ([Occurrence(1, day(1), day(3), moved=True)], [day(1)], Changes([], [], [])),
        ([Occurrence(1, day(-1), day(-1))], [day(2)], Changes([day(2)], [], [])),
        ([Occurrence(1, day(1), day(1), dropped=True)], [day(1)], Changes([], [], [1])),
        ([Occurrence(1, day(1), day(1), dropped=True)], [day(2)], Changes([day(2)], [], [])),
        ([Occurrence(1, day(5), day(-2), moved=True)], [day(5)], Changes([], [], [])),  # held early
    ],
)
def test_rule_changes_only_untouched_meetings(
    made: list[Occurrence], wanted: list[datetime], expected: Changes
) -> None:
    assert changes(wanted, made, NOW) == expected


days = st.sets(st.integers(1, 40).map(day))


@given(days, days)
def test_meetings_follow_the_rule_after_a_change(before: set[datetime], wanted: set[datetime]) -> None:
    made = [Occurrence(n, at, at) for n, at in enumerate(sorted(before))]
    done = changes(wanted, made, NOW)
    left = {m.original_at for m in made if m.id not in done.drop} | set(done.add)
    assert left == wanted
    again = [Occurrence(m.id, m.original_at, m.starts_at, dropped=m.id in done.drop) for m in made]
    again += [Occurrence(100 + n, at, at) for n, at in enumerate(done.add)]
    assert changes(wanted, again, NOW) == Changes([], [], [])


@pytest.mark.parametrize(
    ("stage", "hours_before", "expected"),
    [
        ("w", 100, False),
        ("w", 24, True),
        ("w", 1, True),
        ("d", 24, False),
        ("d", 2, False),
        ("d", 1, True),
        ("h", 0, False),
    ],
)
def test_reminder_is_skipped_when_a_later_one_repeats_it(stage: str, hours_before: int, expected: bool) -> None:
    start = day(10)
    moments = {"w": start - timedelta(days=7), "d": start - timedelta(days=1), "h": start - timedelta(hours=1)}
    assert overtaken(stage, moments, start - timedelta(hours=hours_before)) is expected


@pytest.mark.parametrize(
    ("start", "minutes", "other", "length", "expected"),
    [
        (0, 60, 60, 60, False),
        (0, 61, 60, 60, True),
        (30, 10, 0, 60, True),
        (60, 30, 0, 60, False),
        (0, 60, 0, 60, True),
    ],
)
def test_overlap_of_two_meetings_is_found(start: int, minutes: int, other: int, length: int, expected: bool) -> None:
    first, second = NOW + timedelta(minutes=start), NOW + timedelta(minutes=other)
    assert overlap(first, minutes, second, length) is expected


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("90", 90), (" 60 ", 60), ("1440", 1440), ("1441", None), ("0", None), ("", None), ("-5", None), ("1h", None),
     ("٩٠", None), ("²", None)],
)  # fmt: skip
def test_length_is_a_number_of_minutes_up_to_a_day(typed: str, minutes: int | None) -> None:
    assert read_minutes(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("https://meet.example/abc", True),
        ("http://meet.example", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("meet.example/abc", False),
        ("https://meet.example/a b", False),
        ("https://[broken", False),
        ("https://meet.example/" + "x" * 500, False),
    ],
)
def test_link_must_be_openable(typed: str, expected: bool) -> None:
    assert is_link(typed) is expected


def test_change_lists_what_it_does_to_everything_timed() -> None:
    before = {("agenda.call", "2"): [day(1)], ("prompts.due", "1"): [day(3), day(24)], ("checkins.due", "2"): [day(8)]}
    after = {("agenda.call", "2"): [day(2)], ("prompts.due", "1"): [day(3)], ("checkins.due", "2"): [day(8)]}
    assert shifted(before, after) == [
        ("agenda.call", "2", day(1), day(2)),
        ("prompts.due", "1", day(24), None),
    ]
