"""Quiet hours and the weekly request limit. Pure functions; all times are aware, hours are in the person's own zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# How many requests a person gets in a week, over all their communities.
ASKS_A_WEEK = 2
SATURDAY = 5  # of datetime.weekday


def is_quiet(at: datetime, zone: str, quiet_from: int, quiet_to: int) -> bool:
    """Return whether `at` is in the quiet hours, from hour `quiet_from` up to hour `quiet_to`, in `zone`.

    The hours can span midnight. If they are equal, it is never quiet.
    """
    hour = at.astimezone(ZoneInfo(zone)).hour
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def next_waking(at: datetime, zone: str, quiet_from: int, quiet_to: int, *, rests_weekends: bool = False) -> datetime:
    """Return `at`, or the end of the quiet hours that it is in. With `rests_weekends` they include whole weekends."""
    waking = _next_waking(at, zone, quiet_from, quiet_to)
    local = waking.astimezone(ZoneInfo(zone))
    if not rests_weekends or local.weekday() < SATURDAY:
        return waking
    monday = local.date() + timedelta(days=7 - local.weekday())
    # The first minute after it, where clocks skip midnight.
    return _next_waking(
        datetime.combine(monday, time(0), ZoneInfo(zone)).astimezone(at.tzinfo), zone, quiet_from, quiet_to
    )


def _next_waking(at: datetime, zone: str, quiet_from: int, quiet_to: int) -> datetime:
    if not is_quiet(at, zone, quiet_from, quiet_to):
        return at
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() if local.hour < quiet_to else local.date() + timedelta(days=1)
    return datetime.combine(day, time(quiet_to % 24), ZoneInfo(zone)).astimezone(at.tzinfo)


def week_start(at: datetime, zone: str) -> datetime:
    """Return the midnight at which the week of `at` begins, on Monday, in `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, time(0), ZoneInfo(zone)).astimezone(at.tzinfo)
