"""Reading one date and time, with which a facilitator schedules or moves a meeting."""

from datetime import UTC, datetime

import pytest

from bot.cadence import Unreadable, read_moment, say_moment

NEW_YORK = "America/New_York"
# 10 am in New York.
MONDAY = datetime(2026, 1, 5, 15, tzinfo=UTC)


def moment(phrase: str) -> str:
    return say_moment(read_moment(phrase, zone=NEW_YORK, now=MONDAY), NEW_YORK)


@pytest.mark.parametrize(
    ("phrase", "shown"),
    [
        ("2026-01-14 16:00", "Wed, Jan 14, 2026, 4:00 PM"),
        ("2026-01-14T16:00", "Wed, Jan 14, 2026, 4:00 PM"),
        ("14 Jan 4pm", "Wed, Jan 14, 2026, 4:00 PM"),
        ("Jan 14 2026 at 16:00", "Wed, Jan 14, 2026, 4:00 PM"),
        ("16:00 on the 14th of January", "Wed, Jan 14, 2026, 4:00 PM"),
        ("Wed Jan 14 16:00", "Wed, Jan 14, 2026, 4:00 PM"),
        ("Wednesday, January 14, 2026, 4:00 PM", "Wed, Jan 14, 2026, 4:00 PM"),
        ("14.01.2026 16:00", "Wed, Jan 14, 2026, 4:00 PM"),
        ("1/14 4pm", "Wed, Jan 14, 2026, 4:00 PM"),
        ("tomorrow 9:30", "Tue, Jan 6, 2026, 9:30 AM"),
        ("noon tomorrow", "Tue, Jan 6, 2026, 12:00 PM"),
        ("today at 11am", "Mon, Jan 5, 2026, 11:00 AM"),
        ("Jan 4 2027 at noon", "Mon, Jan 4, 2027, 12:00 PM"),
        ("14 Jan 17h", "Wed, Jan 14, 2026, 5:00 PM"),
        ("14.01. 17.30", "Wed, Jan 14, 2026, 5:30 PM"),
        ("14 Jan 1730", "Wed, Jan 14, 2026, 5:30 PM"),
        ("14 Jan 6p", "Wed, Jan 14, 2026, 6:00 PM"),
        ("14 Jan 4pm Berlin", "Wed, Jan 14, 2026, 10:00 AM"),
        ("Mar 8 2:30am", "Sun, Mar 8, 2026, 3:30 AM"),
        ("Nov 1 2026 01:30", "Sun, Nov 1, 2026, 1:30 AM"),
    ],
)
def test_date_and_time_are_parsed(phrase: str, shown: str) -> None:
    assert moment(phrase) == shown


@pytest.mark.parametrize(
    ("phrase", "says", "suggestion"),
    [
        ("5/6 4pm", "has two readings", "6 may 4pm"),
        ("5/6", "has two readings", ""),
        ("next Friday at 4pm", "this week or the week after", "january 9 2026 at 4pm"),
        ("Friday 4pm", "this week or the week after", "9 January 2026 16:00"),
        ("the 14th at 4pm", "as one date and time", "14 January 2026 16:00"),
        ("Feb 30 4pm", "February has no day 30", ""),
        ("Feb 29 2027 4pm", "February 2027 has no day 29", "february 28 2027 4pm"),
        ("2025-01-14 16:00", "has passed", ""),
        ("today at 9am", "has passed", ""),
        ("Jan 14", "add the time", ""),
        ("4pm", "add the day", ""),
        ("Tue Jan 14 16:00", "is a Wednesday, not a Tuesday", "wednesday jan 14 16:00"),
        ("Jan 14 at 4", "am or pm", "jan 14 at 4pm"),
        ("Jan 14 3-4:30pm", "Please give only the time", "14 January 2026 15:00"),
        ("4pm Jan 14 5pm", "as one date and time", ""),
        ("Jan 14 4pm Narnia", "time zone", "jan 14 4pm"),
        ("every Tuesday 4pm", "as one date and time", ""),
        ("Jan 4 at noon", "far away: the next one is January 4, 2027", "4 January 2027 12:00"),
        ("Nov 1 01:30", "far away: the next one is November 1, 2026", "1 November 2026 01:30"),
        ("hello", 'do not understand "hello"', ""),
        ("", "Nothing was typed", ""),
        ("x" * 5000, "too long", ""),
    ],
)
def test_ambiguous_moment_is_refused_with_a_readable_one(phrase: str, says: str, suggestion: str) -> None:
    with pytest.raises(Unreadable) as caught:
        moment(phrase)
    assert says in str(caught.value)
    assert caught.value.suggestion == suggestion
    assert not suggestion or moment(suggestion)
