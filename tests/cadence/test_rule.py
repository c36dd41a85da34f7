"""A rule is stored as JSON and described in words without change, and a damaged one is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from bot.cadence import (
    BusinessDays,
    Closing,
    Dates,
    Days,
    MonthDays,
    NthWeekdays,
    RelativeWeekday,
    Rule,
    Weekly,
    read,
    say,
)

NEW_YORK = "America/New_York"


def rule(phrase: str) -> Rule:
    return read(phrase, zone=NEW_YORK, today=date(2025, 9, 1)).rule


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        (
            "2nd wed oct-jun 16:00",
            "second Wednesday of each month, October to June, 4:00 PM, New York time",
        ),
        ("first Monday 9am", "first Monday of each month, 9:00 AM, New York time"),
        (
            "quarterly on the first Monday 9am",
            "first Monday of January, April, July, and October, 9:00 AM, New York time",
        ),
        (
            "every other Tuesday 9:30 to 11",
            "every other Tuesday, starting September 2, 2025, 9:30 AM to 11:00 AM, New York time",
        ),
        ("15th and last day of each month 5pm", "15th and last day of each month, 5:00 PM, New York time"),
        (
            "1st, 22nd and 23rd of each month in May 5pm",
            "1st, 22nd, and 23rd of each month, in May, 5:00 PM, New York time",
        ),
        ("last business day 3pm", "last business day of each month, 3:00 PM, New York time"),
        ("daily at noon", "every day, 12:00 PM, New York time"),
        (
            "every 3 weeks on Tue & Thu 11pm for 2 hours",
            "every 3 weeks on Tuesday and Thursday, starting September 2, 2025, 11:00 PM, for 120 minutes, "
            "New York time",
        ),
        ("Oct 14, Jan 13 3pm", "October 14, 2025; January 13, 2026, 3:00 PM, New York time"),
        (
            "2025-10-08 16:00, 2025-12-10 10:00",
            "October 8, 2025 at 4:00 PM; December 10, 2025 at 10:00 AM, New York time",
        ),
        (
            "every Monday from October 6 2025 to June 1 2026, noon",
            "every Monday, starting October 6, 2025, until June 1, 2026, 12:00 PM, New York time",
        ),
    ],
)
def test_rule_is_described_in_plain_words(phrase: str, said: str) -> None:
    assert say(rule(phrase)) == said


def test_rule_is_described_with_dates_and_hours_of_the_language() -> None:
    said = say(rule("2nd wed oct-jun 16:00"), locale="es")
    assert "miércoles" in said
    assert "octubre" in said
    assert "16:00" in said


@pytest.mark.parametrize("tag", ["en", "en-US", "en_GB", "en-AU", "xx", "not a locale", ""])
def test_description_in_any_english_is_parsed_back(tag: str) -> None:
    """Platforms write locales in their own ways, and an unknown one is taken as English."""
    season = rule("2nd wed oct-jun 16:00 to 17:30")
    listed = rule("Oct 14, Jan 13 3pm")
    assert [rule(say(each, tag)) for each in (season, listed)] == [season, listed]


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        ("", "Expecting value"),
        ("{}", "not a rule: 'days'"),
        ("[]", "not a rule"),
        ("7", "not a rule"),
        ("null", "not a rule"),
        ('{"days": {"kind": "Never"}}', "not the days of a rule"),
        ('{"days": 3, "at": "16:00"}', "not a rule"),
        ('{"days": {"kind": []}}', "not the days of a rule"),
    ],
)
def test_damaged_rule_is_refused(damaged: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Rule.from_json(damaged)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[10]", "[13]", r"months \(13,\) must be from 1 to 12"),
        ("[10]", "[]", r"months \(\) must be from 1 to 12"),
        ("New_York", "Narnia", "no such time zone: America/Narnia"),
        ("60", "0", r"minutes \(0,\) must be from 1 to 1440"),
        ("60", '"x"', r"minutes \('x',\) must be from 1 to 1440"),
    ],
)
def test_impossible_change_of_a_rule_is_refused(old: str, new: str, why: str) -> None:
    stored = rule("first Monday of October at 9am").to_json()
    assert Rule.from_json(stored)
    with pytest.raises(ValueError, match=why):
        Rule.from_json(stored.replace(old, new))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weekly((7,)),
        lambda: Weekly((-1,)),
        lambda: Weekly(()),
        lambda: Weekly((1, 0)),
        lambda: Weekly((1, 1)),
        lambda: Weekly((0,), 0),
        lambda: Weekly((0,), 53),
        lambda: NthWeekdays(((6, 0),)),
        lambda: NthWeekdays(((0, 0),)),
        lambda: NthWeekdays(((-3, 0),)),
        lambda: NthWeekdays(((1, 7),)),
        lambda: NthWeekdays(()),
        lambda: MonthDays((0,)),
        lambda: MonthDays((32,)),
        lambda: MonthDays((-2,)),
        lambda: RelativeWeekday(7, 1, 0),
        lambda: RelativeWeekday(2, 4, 0),
        lambda: RelativeWeekday(2, -1, 0),
        lambda: RelativeWeekday(2, 1, 0, before=True),
        lambda: BusinessDays((0,)),
        lambda: BusinessDays((6,)),
        lambda: BusinessDays((-3,)),
        lambda: Dates(()),
        lambda: Dates((datetime(2026, 1, 1, tzinfo=UTC),)),
        lambda: Closing(dates=((date(2026, 1, 2), date(2026, 1, 1)),)),
        lambda: Closing(dates=((date(2026, 1, 2), date(2026, 1, 2)), (date(2026, 1, 1), date(2026, 1, 1)))),
        lambda: Rule(Weekly((0,), 2), time(9), NEW_YORK),
        lambda: Rule(Weekly((0,)), time(9), NEW_YORK, months=(2, 1)),
        lambda: Rule(Weekly((0,)), time(9), NEW_YORK, months=(0,)),
        lambda: Rule(Weekly((0,)), time(9), NEW_YORK, months=(13,)),
        lambda: Rule(Weekly((0,)), time(9), NEW_YORK, minutes=0),
        lambda: Rule(Weekly((0,)), time(9), NEW_YORK, minutes=1441),
    ],
)
def test_impossible_days_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"must|needs? "):
        make()


def test_days_at_the_edge_of_what_is_possible_are_accepted() -> None:
    days: list[Days] = [
        Weekly((0, 6), 1),
        Weekly((0,), 52),
        NthWeekdays(((1, 0), (5, 6), (-1, 0), (-2, 6))),
        MonthDays((1, 31, -1)),
        BusinessDays((1, 5, -1, -2)),
        RelativeWeekday(2, 1, 0),
        RelativeWeekday(6, -1, 4, before=True),
    ]
    for each in days:
        for minutes in (1, 1440):
            made = Rule(each, time(9), NEW_YORK, minutes, (1, 12), date(2026, 1, 1))
            assert Rule.from_json(made.to_json()) == made
