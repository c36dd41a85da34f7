"""Reads one day in plain words: "tomorrow", "14 Jan". It may be today, and not a day that has passed."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, read_moment

# read_moment needs a time and refuses moments that have passed. The last minute keeps today valid until it ends.
_LATE = "at 23:59"
_TIME = re.compile(r"\s*(?:at\s+)?(?:23:59|\d{1,2}\s?[ap]m)$")


def read_day(typed: str, *, zone: str, now: datetime) -> date:
    """Return the day that `typed` means in `zone`. Raises Unreadable, with a suggestion where there is one."""
    try:
        moment = read_moment(f"{typed} {_LATE}", zone=zone, now=now)
    except Unreadable as why:
        # No time was typed, so neither the complaint nor the suggestion may show one.
        raise Unreadable(str(why).replace(f" {_LATE}", ""), _TIME.sub("", why.suggestion)) from why
    return moment.astimezone(ZoneInfo(zone)).date()
