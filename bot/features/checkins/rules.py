"""When a check-in closes, and which question it asks. Pure functions."""

from collections.abc import Collection
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


def turn(asked_before: int, questions: int) -> int:
    """Which of the standing questions comes next: each in turn."""
    return asked_before % questions
