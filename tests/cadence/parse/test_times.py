"""The hour that a phrase gives: which half of the day it is in, how long the meeting lasts, and what is remarked."""

from datetime import date

import pytest

from bot.cadence import Reading, Unreadable, read

NEW_YORK = "America/New_York"


def reading(phrase: str) -> Reading:
    return read(phrase, zone=NEW_YORK, today=date(2025, 9, 1))


@pytest.mark.parametrize(
    ("hours", "start", "remarked"),
    [
        ("7:00", "07:00", True),
        ("8:59", "08:59", True),
        ("9:00", "09:00", False),
        ("9", "09:00", True),
        ("11", "11:00", True),
        ("11:59", "11:59", False),
        ("12", "12:00", False),
        ("12:00", "12:00", False),
        ("13", "13:00", False),
        ("0:30", "00:30", False),
        ("00:30", "00:30", False),
        ("06:30", "06:30", False),
        ("24", "00:00", False),
        ("24:00", "00:00", False),
        ("12am", "00:00", False),
        ("12:59am", "00:59", False),
        ("12pm", "12:00", False),
        ("1pm", "13:00", False),
        ("11:59pm", "23:59", False),
        ("8 in the evening", "20:00", False),
        ("8 in the morning", "08:00", False),
        ("half past 9", "09:30", False),
        ("quarter past 9", "09:15", False),
        ("midday", "12:00", False),
        ("7 to 8", "07:00", True),
        ("8:59 to 9:30", "08:59", True),
        ("9 to 10", "09:00", False),
        ("8 to 12", "08:00", False),
        ("8 to 12:30", "08:00", False),
        ("11 to 12", "11:00", False),
        ("11:30 to 1", "11:30", False),
        ("3 to 4pm", "15:00", False),
    ],
)
def test_hour_alone_is_the_morning_with_a_remark_where_that_is_doubtful(hours: str, start: str, remarked: bool) -> None:
    found = reading(f"every Tuesday at {hours}")
    assert f"{found.rule.at:%H:%M}" == start
    assert bool(found.warnings) is remarked


@pytest.mark.parametrize("hours", ["1", "4", "6:59", "1:00", "6 to 7", "6:59 to 8", "1 to 2"])
def test_hour_before_seven_is_asked_about(hours: str) -> None:
    with pytest.raises(Unreadable, match="add am or pm"):
        reading(f"every Tuesday at {hours}")


@pytest.mark.parametrize("hours", ["24:01", "25", "25:00", "9:60", "13am", "16:00 to 25"])
def test_hour_that_no_clock_shows_is_refused(hours: str) -> None:
    with pytest.raises(Unreadable, match="not a time of day"):
        reading(f"every Tuesday at {hours}")


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("at 4pm for 1 minute", 1),
        ("at 4pm for 24 hours", 1440),
        ("at 4pm for 23 hours 60 minutes", 1440),
        ("at 4pm for an hour", 60),
        ("at 4pm for two hours", 120),
        ("at 4pm for 1.25 hours", 75),
        ("4pm to 4:01pm", 1),
        ("midnight to midnight", 1440),
        ("from noon to midnight", 720),
        ("10 to 12", 120),
        ("12 to 1", 60),
    ],
)
def test_length_is_the_one_said(said: str, minutes: int) -> None:
    assert reading(f"every Tuesday {said}").rule.minutes == minutes


@pytest.mark.parametrize("length", ["0 minutes", "0 hours", "1441 minutes", "24 hours 1 minute", "25 hours"])
def test_length_of_nothing_or_of_more_than_a_day_is_refused(length: str) -> None:
    with pytest.raises(Unreadable, match="from 1 minute to 24 hours"):
        reading(f"every Tuesday at 4pm for {length}")


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        ("every Tuesday at 4pm and 5pm", '"4pm" and "5pm"'),
        ("every Tuesday 3pm to 4pm and 3pm to 5pm", '"3pm to 4pm" and "3pm to 5pm"'),
        ("Oct 14 3 to 4pm and Jan 13 3 to 5pm", '"3 to 4pm" and "3 to 5pm"'),
        ("Oct 14 and Jan 13 at 3pm and 4pm", '"3pm" and "4pm"'),
    ],
)
def test_two_times_are_refused_and_both_are_named(phrase: str, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        reading(phrase)
    assert says in str(caught.value)


def test_time_said_twice_is_one_time() -> None:
    assert f"{reading('every Tuesday at 4pm, at 16:00').rule.at:%H:%M}" == "16:00"
