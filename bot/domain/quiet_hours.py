"""Leaving people in peace: when a message may reach somebody, and how much one person may be asked. Pure functions."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ASKS_A_WEEK = 2  # requests the bot starts, to one person, over all their communities


def is_quiet(at: datetime, zone: str, quiet_from: int, quiet_to: int) -> bool:
    """Whether `at` falls in the hours from `quiet_from` to `quiet_to` of a day in `zone`. Equal hours: never quiet."""
    hour = at.astimezone(ZoneInfo(zone)).hour
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def next_waking(at: datetime, zone: str, quiet_from: int, quiet_to: int) -> datetime:
    """`at`, or the first moment after it that is not quiet."""
    if not is_quiet(at, zone, quiet_from, quiet_to):
        return at
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() if local.hour < quiet_to else local.date() + timedelta(days=1)
    return datetime.combine(day, time(quiet_to % 24), ZoneInfo(zone)).astimezone(at.tzinfo)


def week_start(at: datetime, zone: str) -> datetime:
    """Monday, midnight, of the week `at` falls in, in `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, time(0), ZoneInfo(zone)).astimezone(at.tzinfo)
