"""Reading when a community meets: a phrase must give the dates its author had in mind."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from bot.cadence import Reading, occurrences, read, say
from tests.cadence.parse.phrases import CHOSEN, REPEATING

NEW_YORK = "America/New_York"
LABOR_DAY = date(2025, 9, 1)
BEFORE = datetime(2025, 9, 1, tzinfo=ZoneInfo(NEW_YORK)) - timedelta(seconds=1)


def reading(phrase: str, zone: str = NEW_YORK, today: date = LABOR_DAY) -> Reading:
    return read(phrase, zone=zone, today=today)


def dates(phrase: str, count: int) -> list[datetime]:
    """Return the first dates of a phrase, in local time."""
    rule = reading(phrase).rule
    shown = occurrences(rule, BEFORE, count=count)
    return [moment.astimezone(ZoneInfo(rule.zone)).replace(tzinfo=None) for moment in shown]


@pytest.mark.parametrize(("phrase", "rrule", "at"), REPEATING)
def test_repeating_phrase_gives_the_dates_of_dateutil(phrase: str, rrule: str, at: str) -> None:
    expected = rrulestr(f"FREQ={rrule}", dtstart=datetime.fromisoformat(f"2025-09-01T{at}"))
    assert dates(phrase, 12) == list(islice(expected, 12))


@pytest.mark.parametrize(("phrase", "expected"), CHOSEN)
def test_chosen_dates_and_ending_seasons_give_those_dates(phrase: str, expected: str) -> None:
    assert dates(phrase, 99) == [datetime.fromisoformat(moment) for moment in expected.split()]


@pytest.mark.parametrize("phrase", [row[0] for row in (*REPEATING, *CHOSEN)])
def test_description_means_the_same_rule(phrase: str) -> None:
    """What the bot says back is read as the same rule."""
    rule = reading(phrase).rule
    assert reading(say(rule)).rule == rule


def test_season_of_second_wednesdays_crosses_the_new_year() -> None:
    season = dates("second Wednesday of each month, October to June, 4pm", 10)
    days = [f"{day:%b} {day.day}" for day in season]
    assert days == ["Oct 8", "Nov 12", "Dec 10", "Jan 14", "Feb 11", "Mar 11", "Apr 8", "May 13", "Jun 10", "Oct 14"]
    gaps = {(later - earlier).days for earlier, later in pairwise(season[:9])}
    assert gaps == {28, 35}


@pytest.mark.parametrize(
    ("phrase", "start", "minutes"),
    [
        ("every Tuesday at 4pm", "16:00", 60),
        ("every other Tuesday 9:30 to 11", "09:30", 90),
        ("every Tuesday 9:30-11:00", "09:30", 90),
        ("every Tuesday 3 to 4:30pm", "15:00", 90),
        ("every Tuesday 3:00–4:30 p.m.", "15:00", 90),
        ("every Tuesday from 11:30 to 1", "11:30", 90),
        ("every Tuesday 11 to 1pm", "11:00", 120),
        ("every Tuesday 9am to 5", "09:00", 480),
        ("every Tuesday between 3 and 4:30pm", "15:00", 90),
        ("every Tuesday 8am-12pm", "08:00", 240),
        ("every Tuesday 4-5:30pm, Oct-Jun", "16:00", 90),
        ("2nd wed oct-jun 4-5:30pm", "16:00", 90),
        ("every Tuesday at 4pm for 90 minutes", "16:00", 90),
        ("every Tuesday at 4pm for an hour and a half", "16:00", 90),
        ("every Tuesday at 4pm for 1.5 hours", "16:00", 90),
        ("every Tuesday at 4pm, 1 hour 30 minutes", "16:00", 90),
        ("every Tuesday at 4pm for half an hour", "16:00", 30),
        ("every Tuesday 10pm to midnight", "22:00", 120),
        ("every Tuesday at midnight", "00:00", 60),
        ("every Tuesday at 23:30 for two hours", "23:30", 120),
        ("every Tuesday at 14", "14:00", 60),
        ("every Tuesday at 12:30", "12:30", 60),
    ],
)
def test_length_of_a_meeting_is_parsed(phrase: str, start: str, minutes: int) -> None:
    rule = reading(phrase).rule
    assert (f"{rule.at:%H:%M}", rule.minutes) == (start, minutes)
    assert reading(say(rule)).rule == rule


@pytest.mark.parametrize(
    ("phrase", "minutes"),
    [
        ("every Tuesday at 4pm", 90),
        ("every Tuesday", 90),
        ("Oct 14 at 3pm and Jan 13 at 4pm", 90),
        ("every Tuesday 4 to 5pm", 60),
        ("every Tuesday at 4pm for an hour", 60),
        ("Oct 14 at 3pm and Jan 13 at 4pm, for an hour", 60),
        ("every Tuesday 4 to 6pm", 120),
    ],
)
def test_meeting_keeps_the_usual_length_unless_the_phrase_says(phrase: str, minutes: int) -> None:
    """A meeting lasts as long as the community is used to, unless the phrase says how long."""
    rule = read(phrase, zone=NEW_YORK, today=LABOR_DAY, minutes=90).rule
    assert rule.minutes == minutes
    assert read(say(rule, usual=90), zone=NEW_YORK, today=LABOR_DAY, minutes=90).rule == rule


@pytest.mark.parametrize(
    ("phrase", "zone"),
    [
        ("every Tuesday at 4pm Eastern", "America/New_York"),
        ("every Tuesday at 4pm ET", "America/New_York"),
        ("every Tuesday 16:00 America/Chicago", "America/Chicago"),
        ("every Tuesday 16:00 berlin", "Europe/Berlin"),
        ("16:00 Berlin every Tuesday", "Europe/Berlin"),
        ("noon Berlin, Tuesdays", "Europe/Berlin"),
        ("4 p.m. New York City time, Tuesdays", "America/New_York"),
        ("every Tuesday 16:00 Berlin time, October to June", "Europe/Berlin"),
        ("every Tuesday, 4pm (Pacific time)", "America/Los_Angeles"),
        ("every Tuesday at noon New York standard time", "America/New_York"),
        ("every Tuesday at 4pm UTC", "UTC"),
        ("every Tuesday at 4pm", "America/New_York"),
    ],
)
def test_zone_at_the_end_sets_the_clock(phrase: str, zone: str) -> None:
    assert reading(phrase).rule.zone == zone


def test_est_in_october_means_new_york_with_a_remark() -> None:
    found = reading("October 14th, 2025, 3:00–4:30 p.m., EST")
    assert list(occurrences(found.rule, BEFORE)) == [datetime(2025, 10, 14, 19, tzinfo=UTC)]
    (warning,) = found.warnings
    assert '"EST"' in warning
    assert "EDT" in warning
    assert "October 14, 2025" in warning


def test_est_in_january_needs_no_remark() -> None:
    assert reading("January 13, 2026, 3pm EST").warnings == ()


def test_eastern_time_in_toronto_stays_in_toronto() -> None:
    assert reading("every Tuesday at 4pm Eastern", zone="America/Toronto").rule.zone == "America/Toronto"
    assert reading("every Tuesday at 4pm MST", zone="America/Phoenix").rule.zone == "America/Phoenix"


@pytest.mark.parametrize(
    ("phrase", "remark"),
    [
        ("last Friday", "No time of day was given, so I took 4:00 PM."),
        ("every Friday at 7:30", 'I took "7:30" as 7:30 AM.'),
        ("every Friday at 9", 'I took "9" as 9:00 AM.'),
        ("fifth Friday at 4pm", "Months without a fifth Friday are passed over."),
        ("31st of each month at 4pm", "Months without a 31st are passed over."),
        ("Aug 20 and Oct 14 at 4pm", "The first date is August 20, 2026."),
        ("2024-10-14, 2025-10-14 at 4pm", "One of these dates has passed."),
        ("2024-10-14, 2024-11-14, 2025-10-14 at 4pm", "2 of these dates have passed."),
        ("four times a year on Oct 14 and Jan 13 at 4pm", "You said 4 times a year and gave 2 dates."),
        ("every other month on the first Monday at 4pm", "I took these months: January, March, May, July"),
        ("quarterly on the last Monday at 4pm", "I took these months: March, June, September, and December."),
    ],
)
def test_assumption_is_named(phrase: str, remark: str) -> None:
    (warning,) = reading(phrase).warnings
    assert warning.startswith(remark)


def test_plain_phrase_brings_no_remarks() -> None:
    assert reading("second Wednesday of each month, October to June, 4pm").warnings == ()


def test_start_just_past_still_counts_the_weeks() -> None:
    rule = reading("every other Tuesday starting October 7 at 10am", today=date(2025, 10, 20)).rule
    assert rule.start == date(2025, 10, 7)


def test_every_other_week_counts_from_the_first_day_to_come() -> None:
    rule = reading("every other Monday at 10am", today=date(2025, 10, 21)).rule
    assert rule.start == date(2025, 10, 27)
