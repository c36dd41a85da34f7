"""Clauses of a phrase stand in any order, with or without commas and "and", and none swallows its neighbour."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from bot.cadence import Rule, Unreadable, occurrences, read, say

NEW_YORK = "America/New_York"
TODAY = date(2026, 9, 1)  # a Tuesday
BEFORE = datetime(2026, 9, 1, tzinfo=ZoneInfo(NEW_YORK)) - timedelta(seconds=1)


def rule(phrase: str) -> Rule:
    return read(phrase, zone=NEW_YORK, today=TODAY).rule


def dates(phrase: str, count: int) -> str:
    found = rule(phrase)
    shown = (moment.astimezone(ZoneInfo(NEW_YORK)) for moment in occurrences(found, BEFORE, count=count))
    return " ".join(f"{moment:%y-%m-%d}" for moment in shown)


def refusal(phrase: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        rule(phrase)
    return caught.value


SECOND_WITHOUT_DECEMBER = "26-10-14 26-11-11 27-01-13 27-02-10 27-03-10 27-04-14"


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("first Tuesday, starting October, until June, 4pm", "26-10-06 26-11-03 26-12-01 27-01-05 27-02-02 27-03-02"),
        ("primer martes, empezando octubre, hasta junio, 16:00", "26-10-06 26-11-03 26-12-01 27-01-05 27-02-02"),
        ("second Wednesday except December, starting October 4pm", SECOND_WITHOUT_DECEMBER),
        ("second Wed 4pm except December, October to June", SECOND_WITHOUT_DECEMBER + " 27-05-12 27-06-09 27-10-13"),
        ("segundo miércoles 16:00 excepto diciembre, octubre a junio", SECOND_WITHOUT_DECEMBER),
        ("quarterly second Wednesday starting November 4pm", "26-11-11 27-02-10 27-05-12 27-08-11"),
        ("trimestral segundo miércoles desde noviembre 16:00", "26-11-11 27-02-10 27-05-12 27-08-11"),
        (
            "every other Thursday but not in March and July and beginning January through March at 9am",
            "27-01-07 27-01-21 27-02-04 27-02-18",
        ),
        ("the Wednesday after the first Monday, 4pm", "26-09-09 26-10-07 26-11-04 26-12-09 27-01-06 27-02-03"),
        ("Tuesday after the first Monday of November at noon", "26-11-03 27-11-02 28-11-07"),
        ("el domingo antes del último viernes a las 10:00", "26-09-20 26-10-25 26-11-22 26-12-20 27-01-24"),
        (
            "every Tuesday 4pm except Dec 22 and January, starting December",
            "26-12-01 26-12-08 26-12-15 26-12-29 27-02-02",
        ),
        (
            "cada martes a las 16:00 menos enero y el 22 de diciembre, desde diciembre",
            "26-12-01 26-12-08 26-12-15 26-12-29",
        ),
        ("Nov 26th and 27th at noon", "26-11-26 26-11-27"),
        ("second Wed 4pm except Jan 13, October 7 to March 9", "26-10-14 26-11-11 26-12-09 27-02-10"),
        ("last Friday until May except November and starting October at noon", "26-10-30 26-12-25 27-01-29 27-02-26"),
    ],
)
def test_clause_keeps_its_own_words(phrase: str, expected: str) -> None:
    assert dates(phrase, len(expected.split())) == expected


@pytest.mark.parametrize(
    "clauses",
    [
        ("second Wednesday", "October to June", "except December", "4pm"),
        ("every other Tuesday", "starting October 6", "until May", "at 4pm"),
        ("every Thursday", "except Nov 26 to 28", "starting November", "from 10am to noon"),
        ("segundo miércoles de cada mes", "de octubre a junio", "excepto diciembre", "a las 16:00"),
        ("cada jueves", "salvo el 24 de diciembre", "desde noviembre", "hasta el 15 de abril", "al mediodía"),
    ],
)
def test_order_commas_and_and_never_change_a_meaning(clauses: tuple[str, ...]) -> None:
    meant = rule(", ".join(clauses))
    for order in permutations(clauses):
        for joiner in (" ", ", "):
            assert rule(joiner.join(order)) == meant, joiner.join(order)


@pytest.mark.parametrize(
    ("phrase", "one", "other"),
    [
        ("segundo mar de cada mes", "martes", "marzo"),
        ("cada mar a las 16:00", "martes", "marzo"),
        ("alternating Tues/Thurs", "every other week on Tuesday and Thursday", "Tuesday and Thursday in turn"),
        ("every other Sunday and Monday starting September 6", "every other week on Monday and Sunday", "in turn"),
        ("every Tuesday 4pm except July until August", "except", "until August 31, 2027"),
        ("every Tuesday 4pm except December and October to June", "October to June", "July to September"),
    ],
)
def test_two_readings_are_a_question(phrase: str, one: str, other: str) -> None:
    asked = refusal(phrase)
    assert "Please say which one." in str(asked) or "can mean" in str(asked)
    assert one.split()[0] in str(asked)
    assert other.split()[0] in str(asked)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("we may meet on Tuesdays at 4pm", "every Tuesday, 4:00 PM"),
        ("every other week on Tuesday and Thursday 4pm",
         "every other week on Tuesday and Thursday, starting September 1, 2026, 4:00 PM"),
        ("last weekday of each month 4pm", "last business day of each month, 4:00 PM"),
        ("every Tuesday 11pm-1am", "every Tuesday, 11:00 PM, for 120 minutes"),
        ("third Wednesday 4pm not in June July Aug", "third Wednesday of each month, September to May, 4:00 PM"),
        ("every Tuesday 16h", "every Tuesday, 4:00 PM"),
        ("every Tuesday 9h30", "every Tuesday, 9:30 AM"),
        ("every Tuesday 1530", "every Tuesday, 3:30 PM"),
        ("every Tuesday 1530-1700", "every Tuesday, 3:30 PM to 5:00 PM"),
        ("every Tuesday 0900", "every Tuesday, 9:00 AM"),
        ("every Tuesday 17.30", "every Tuesday, 5:30 PM"),
        ("every Tuesday at 14.10", "every Tuesday, 2:10 PM"),
        ("29.11. 4pm", "November 29, 2026, 4:00 PM"),
        ("every Tuesday 6p", "every Tuesday, 6:00 PM"),
        ("cada martes 18.30", "every Tuesday, 6:30 PM"),
        ("cada martes a las 10 menos cuarto", "every Tuesday, 9:45 AM"),
        ("cada jueves a las cuatro menos cuarto de la tarde", "every Thursday, 3:45 PM"),
        ("cada jueves a las 5 menos diez de la tarde", "every Thursday, 4:50 PM"),
        ("cada jueves a las 9 y veinte", "every Thursday, 9:20 AM"),
        ("every Thursday at quarter to four in the afternoon", "every Thursday, 3:45 PM"),
        ("every Thursday at half past 3pm", "every Thursday, 3:30 PM"),
        ("every Thursday at twenty past 5 pm", "every Thursday, 5:20 PM"),
        ("every Thursday at ten minutes to 4pm", "every Thursday, 3:50 PM"),
        ("every Thursday at four pm", "every Thursday, 4:00 PM"),
        ("Mondays at 3:15pm during the school year, September through June",
         "every Monday, September to June, 3:15 PM"),
        ("every Monday 4pm starting Oct 5, ending May 24",
         "every Monday, starting October 5, 2026, until May 24, 2027, 4:00 PM"),
        ("weekly on Tuesday 4pm, but not in July or August", "every Tuesday, September to June, 4:00 PM"),
        ("Tuesdays 4pm with no meetings in July", "every Tuesday, August to June, 4:00 PM"),
        ("every Tuesday 4pm, paused December 14 through January 10",
         "every Tuesday, except December 14, 2026 to January 10, 2027, 4:00 PM"),
        ("every Tuesday 4pm, off Nov 24", "every Tuesday, except November 24, 2026, 4:00 PM"),
        ("every Tue 4pm w/o Nov 24", "every Tuesday, except November 24, 2026, 4:00 PM"),
        ("martes y jueves a las 12:15 durante 6 semanas",
         "every Tuesday and Thursday, starting September 1, 2026, until October 12, 2026, 12:15 PM"),
        ("the Wednesday after the first Monday, October to June, 4pm",
         "Wednesday after the first Monday of each month, October to June, 4:00 PM"),
        ("Friday before the last Sunday of March and June at 9am",
         "Friday before the last Sunday of March and June, 9:00 AM"),
        ("mon wed fri 9am", "every Monday, Wednesday, and Friday, 9:00 AM"),
        ("weekends 10am", "every Saturday and Sunday, 10:00 AM"),
        ("fines de semana a las 10:00", "every Saturday and Sunday, 10:00 AM"),
        ("weekday but Friday 9am", "every Monday, Tuesday, Wednesday, and Thursday, 9:00 AM"),
        ("entre semana menos el viernes a las 9:00", "every Monday, Tuesday, Wednesday, and Thursday, 9:00 AM"),
        ("first two Tuesdays 4pm", "first and second Tuesday of each month, 4:00 PM"),
        ("last two Fridays 4pm", "second to last and last Friday of each month, 4:00 PM"),
        ("first Monday of odd months 4pm",
         "first Monday of January, March, May, July, September, and November, 4:00 PM"),
        ("primer lunes de meses pares a las 16:00",
         "first Monday of February, April, June, August, October, and December, 4:00 PM"),
        ("twice a year, first Friday of March and September 4pm", "first Friday of March and September, 4:00 PM"),
        ("every Tuesday 4pm for 8 weeks",
         "every Tuesday, starting September 1, 2026, until October 26, 2026, 4:00 PM"),
        ("every Tuesday 4pm for 3 months",
         "every Tuesday, starting September 1, 2026, until November 30, 2026, 4:00 PM"),
        ("Tuesdays 4pm, 10 sessions", "every Tuesday, starting September 1, 2026, until November 3, 2026, 4:00 PM"),
        ("cada martes a las 16:00, 10 sesiones",
         "every Tuesday, starting September 1, 2026, until November 3, 2026, 4:00 PM"),
        ("every two weeks starting Sep 16 4pm", "every other Wednesday, starting September 16, 2026, 4:00 PM"),
        ("second Wednesday Sep Dec Mar Jun 4pm",
         "second Wednesday of March, June, September, and December, 4:00 PM"),
        ("Nov 24 or Dec 22 4pm", "November 24, 2026; December 22, 2026, 4:00 PM"),
        ("every Tusday at 4pm", "every Tuesday, 4:00 PM"),
        ("secnd Wednesday 4pm", "second Wednesday of each month, 4:00 PM"),
        ("cada miercols al mediodía", "every Wednesday, 12:00 PM"),
        ("last day of February at noon", "last day of each month, in February, 12:00 PM"),
        ("el último día de febrero al mediodía", "last day of each month, in February, 12:00 PM"),
    ],
)  # fmt: skip
def test_clear_words_are_read_and_said_back(phrase: str, said: str) -> None:
    found = rule(phrase)
    assert say(found).removesuffix(", New York time") == said
    assert rule(say(found)) == found


@pytest.mark.parametrize(
    "phrase",
    [
        "not in June July Aug",
        "Meet in room 12",
        "every Tuesday 4pm to 3pm",
        "every 99 weeks on Monday at noon",
        "third Thursday except the first",
        "every Tuesday and the first Friday 4pm",
        "first Monday of March and second Tuesday of September 4pm",
        "every Tuesday 4pm for 8 weeks until June",
        "three times a year, first Friday of March and September",
        "every Tuesday 4pm, hiatus December 14 through January 10",
        "Sunday after the last Friday 4pm",
        "the second Wednesday after the first Monday 4pm",
    ],
)
def test_suggestion_never_drops_what_was_understood(phrase: str) -> None:
    assert refusal(phrase).suggestion == ""


@pytest.mark.parametrize(
    "phrase",
    [
        "every Tuesday 4pm except Dec 22 to 20",
        "every Tuesday 4pm except Dec 22 to Nov 20",
        "cada martes a las 16:00 excepto del 22 al 20 de diciembre",
    ],
)
def test_stretch_that_ends_before_it_begins_is_asked_about(phrase: str) -> None:
    assert "ends before it starts" in str(refusal(phrase))


def test_hour_without_half_of_the_day_is_asked_about_in_words_too() -> None:
    """As "a las 3:45" is, with the afternoon as what was probably meant."""
    asked = refusal("cada martes a las 4 menos cuarto")
    assert "3:45" in str(asked)
    assert "3:45 PM" in asked.suggestion or "15:45" in asked.suggestion


def test_date_that_some_clause_needs_is_no_part_of_another() -> None:
    """Whatever stands beside it, a random clause is read as it is alone."""
    pick = random.Random(10)
    alone: dict[str, Callable[[Rule], bool]] = {
        "October to June": lambda found: found.months == (1, 2, 3, 4, 5, 6, 10, 11, 12),
        "starting October 7": lambda found: found.start == date(2026, 10, 7),
        "until June 9": lambda found: found.until == date(2027, 6, 9),
        "except December 24": lambda found: found.closing.dates == ((date(2026, 12, 24), date(2026, 12, 24)),),
        "at 4pm": lambda found: found.at.hour == 16,
    }
    for _ in range(60):
        clauses = ["every Thursday", *alone]
        pick.shuffle(clauses)
        phrase = pick.choice([" ", ", "]).join(clauses)
        found = rule(phrase)
        assert all(holds(found) for holds in alone.values()), phrase
