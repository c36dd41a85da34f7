"""When a check-in closes, and which question it asks. Pure functions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot import cadence

CLOSING_HOUR = 17  # of the community's day
OPEN_DAYS = 3  # working days: one opened a week before a meeting closes two days before it
LONGEST_QUESTION = 500  # characters


def closes_at(opened: datetime, days: int, zone: str, country: str, region: str, closed: Collection[date]) -> datetime:
    """Five in the afternoon of the community's day, `days` working days after it opened."""
    day = opened.astimezone(ZoneInfo(zone)).date()
    last = cadence.add_working_days(day, days, country=country, region=region, closed=closed)
    return datetime.combine(last, time(CLOSING_HOUR), ZoneInfo(zone)).astimezone(opened.tzinfo)


def in_turn(questions: Sequence[str], asked: Sequence[str], start: int) -> str:
    """Which of the standing questions comes next: the one not asked for longest, each community from its own `start`.

    `asked` is what was asked before, newest first; `start` may be any number.
    """
    first = start % len(questions)
    ago = {question: -age for age, question in reversed(list(enumerate(asked)))}
    return min((*questions[first:], *questions[:first]), key=lambda question: ago.get(question, -len(asked)))
