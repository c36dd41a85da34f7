"""When a check-in closes, and which standing question comes next. Pure functions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot import cadence

CLOSING_HOUR = 17  # community time
# Working days. A check-in opened a week before a meeting then closes two days before it.
OPEN_DAYS = 3
LONGEST_QUESTION = 500  # characters


def closes_at(opened: datetime, days: int, zone: str, country: str, region: str, closed: Collection[date]) -> datetime:
    """Return CLOSING_HOUR in the community's zone, `days` working days after `opened` (aware)."""
    day = opened.astimezone(ZoneInfo(zone)).date()
    last = cadence.add_working_days(day, days, country=country, region=region, closed=closed)
    return datetime.combine(last, time(CLOSING_HOUR), ZoneInfo(zone)).astimezone(opened.tzinfo)


def in_turn(questions: Sequence[str], asked: Sequence[str], start: int) -> str:
    """Return the one of `questions` that has not been asked for the longest time.

    `asked` are earlier questions, newest first. Ties go by the order of `questions` from `start` on (any number), so
    that communities do not all begin with the same question.
    """
    first = start % len(questions)
    ago = {question: -age for age, question in reversed(list(enumerate(asked)))}
    return min((*questions[first:], *questions[:first]), key=lambda question: ago.get(question, -len(asked)))


def same_name(one: str, other: str) -> bool:
    """Return whether two names of check-ins can't be told apart when they are typed."""
    return one.casefold().split() == other.casefold().split()
