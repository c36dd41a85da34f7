"""Refusing a phrase that can't be read, or has two readings, with the nearest form that can be read."""

from datetime import date

import pytest

from bot.cadence import Unreadable, read, say

NEW_YORK = "America/New_York"
LABOR_DAY = date(2025, 9, 1)


def refusal(phrase: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(phrase, zone=NEW_YORK, today=LABOR_DAY)
    return caught.value


@pytest.mark.parametrize(
    ("phrase", "says", "suggestion"),
    [
        ("the 3rd", "could be a single date or a day of every month", "3rd of each month, 4:00 PM"),
        ("next Friday at 4pm", "could be this week or the week after", "September 5, 2025, 4:00 PM"),
        ("this Friday at 4pm", "could be this week or the week after", "September 5, 2025, 4:00 PM"),
        ("next Monday at 4pm", "could be this week or the week after", "September 8, 2025, 4:00 PM"),
        ("next Sunday at 4pm", "could be this week or the week after", "September 7, 2025, 4:00 PM"),
        ("every Tuesday at 4pm next", 'do not understand "next"', ""),
        ("coming soon", 'do not understand "coming"', ""),
        ("evry wendesday octobr at noon", 'do not understand "wendesday"', "every Wednesday, in October, 12:00 PM"),
        ("10/14/100 at noon", "has passed", "October 14, 2025, 12:00 PM"),
        ("5/6 at 4pm", "has two readings", "May 6, 2026, 4:00 PM"),
        ("5/6/2026 at 4pm", "has two readings", "May 6, 2026, 4:00 PM"),
        ("every second Wednesday", "every other Wednesday", "second Wednesday of each month, 4:00 PM"),
        (
            "every 2nd wed 5pm, oct-jun",
            "second Wednesday of each month",
            "second Wednesday of each month, October to June, 5:00 PM",
        ),
        ("every third Thursday", "every 3 weeks on Thursday", "third Thursday of each month, 4:00 PM"),
        ("biweekly on Tuesday 9am", "twice a week", "every other Tuesday, starting September 2, 2025, 9:00 AM"),
        ("bimonthly on the first Monday 9am", "twice a month", "first Monday of January, March, May, July,"),
        ("Friday at 3pm", "one day or every week", "every Friday, 3:00 PM"),
        ("Monday and Friday at 3pm", "one day or every week", "every Monday and Friday, 3:00 PM"),
        ("monthly on Wednesday at 3pm", "which one in the month", "first Wednesday of each month, 3:00 PM"),
        ("every Tuesday at 4:30", "add am or pm", "every Tuesday, 4:30 PM"),
        ("every Tuesday at 4", "add am or pm", "every Tuesday, 4:00 PM"),
        ("every Tuesday 3 to 4", "add am or pm", "every Tuesday, 3:00 PM"),
        ("seasonally at 10am", "Please give the dates", ""),
        ("February 30 at noon", "February has no day 30", "February 29, 2028, 12:00 PM"),
        ("29 Feb 2026 at noon", "February 2026 has no day 29", "February 28, 2026, 12:00 PM"),
        ("Oct 14, Nov 31 at noon", "November has no day 31", "October 14, 2025; November 30, 2025, 12:00 PM"),
        ("30th of each month in February at noon", "No date in the next 5 years", ""),
        ("fifth Friday in February only, noon", "No date in the next 5 years", ""),
        ("Tue Oct 8 2025 at noon", "October 8, 2025 is a Wednesday, not a Tuesday", "October 8, 2025, 12:00 PM"),
        ("2024-10-14 at noon", "has passed", "October 14, 2025, 12:00 PM"),
        ("October 14th, 2020, 3:00–4:30 p.m., EST", "has passed", "October 14, 2025, 3:00 PM to 4:30 PM"),
        ("every Tuesday 4pm to 3pm", "ends before it starts", ""),
        ("every Tuesday from June 2026 to October 2025", "ends before it starts", ""),
        ("every Tuesday at 4pm for 99 hours", "from 1 minute to 24 hours", "every Tuesday, 4:00 PM"),
        ("every Tuesday at 4pm for 0 minutes", "from 1 minute to 24 hours", "every Tuesday, 4:00 PM"),
        ("every Tuesday at 25:00", "not a time of day", "every Tuesday, 4:00 PM"),
        ("every Tuesday at 9:75", "not a time of day", "every Tuesday, 4:00 PM"),
        ("every Tuesday at 4pm and 5pm", "two times", ""),
        ("4pm on Oct 14 at 5pm", "two times", ""),
        ("every Tuesday at 4pm Narnia", 'time zone "narnia"', "every Tuesday, 4:00 PM, New York time"),
        ("every Tuesday at 4pm, Narnia time", 'time zone "narnia"', "every Tuesday, 4:00 PM, New York time"),
        ("every Tuesday at 4pm Europe/Berln", "time zone", "every Tuesday, 4:00 PM, Berlin time"),
        ("every Tuesday at 4pm IST", "time zone", "every Tuesday, 4:00 PM, New York time"),
        ("every wendesday at noon", 'do not understand "wendesday"', "every Wednesday, 12:00 PM"),
        ("sometimes every Tuesday at noon", 'do not understand "sometimes"', "every Tuesday, 12:00 PM"),
        ("every Tuesday at noon except when I am ill", "cannot read that exception", "every Tuesday, 12:00 PM"),
        ("third Thursday except the first", "cannot read that exception", ""),
        (
            "every Tuesday 4pm if it is a holiday",
            "What should happen then",
            "every Tuesday, except public holidays and",
        ),
        ("every Tuesday 4pm except holidays, even on holidays", "two different things", ""),
        ("every Tuesday 4pm except January to December", "cannot read that exception", ""),
        ("Oct 14 and Jan 13 at 3pm except in July", "cannot read that exception", ""),
        ("Oct 14 at 3pm except Oct 14", "No date in the next 5 years", ""),
        ("every Tuesday 4pm except Feb 30", "February has no day 30", "every Tuesday, except February 29, 2028"),
        (
            "every Tuesday 4pm except Wed Dec 23 2025",
            "is a Tuesday, not a Wednesday",
            "every Tuesday, except December 23",
        ),
        ("6th Friday of each month at noon", "No month has a Friday number 6", "last Friday of each month, 12:00 PM"),
        ("first Monday and Tuesday at noon", "cannot read", "first Monday and first Tuesday of each month"),
        ("weekly on the second Tuesday at noon", "cannot read", "second Tuesday of each month, 12:00 PM"),
        ("every five months on the first Monday", "does not fit a year", ""),
        ("every 99 weeks on Monday at noon", "use 1 to 52", ""),
        ("every quarter on the first and last Friday", "Please name the months", "first and last Friday"),
        ("2025-13-01", "twelve months", ""),
        ("45th of each month", "do not understand", ""),
        ("monthly", "which days", ""),
        ("October", "which days", ""),
        ("4pm", "which days", ""),
        ("", "Nothing was typed", ""),
        ("  \u200b\u202e ", "Nothing was typed", ""),
        ("?!", "I found no words", ""),
        ("every Tuesday " * 500, "too long", ""),
        (", ".join(f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(51)), "at most 50", ""),
    ],
)
def test_ambiguous_phrase_is_refused_with_the_nearest_form(phrase: str, says: str, suggestion: str) -> None:
    error = refusal(phrase)
    assert says in str(error)
    assert error.suggestion.startswith(suggestion)
    assert bool(error.suggestion) is bool(suggestion)
    assert not suggestion or say(read(error.suggestion, zone=NEW_YORK, today=LABOR_DAY).rule) == error.suggestion


def test_both_readings_of_every_second_wednesday_are_offered() -> None:
    sentence = str(refusal("every second Wednesday"))
    for offered in ("second Wednesday of each month", "every other Wednesday"):
        assert offered in sentence
        assert read(offered, zone=NEW_YORK, today=LABOR_DAY)


@pytest.mark.parametrize(
    "typed",
    ["@everyone every Tuesday", "<!channel> weekly", "<@U1> **monthly**", "<b>daily</b>", "[x](https://a.b) \u202eabc"],
)
def test_refusal_quotes_without_markup_or_hidden_marks(typed: str) -> None:
    assert not set("@<>*[]()\u202e`_") & set(str(refusal(typed)))


def test_refusal_quotes_only_the_start_of_a_long_phrase() -> None:
    assert len(str(refusal("x" * 1900))) < 120


@pytest.mark.parametrize(("length", "quoted"), [(40, "x" * 40), (41, "x" * 37 + "...")])
def test_refusal_quotes_at_most_forty_characters(length: int, quoted: str) -> None:
    assert f'"{quoted}"' in str(refusal("x" * length))
