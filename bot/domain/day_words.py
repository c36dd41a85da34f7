"""Reads one day in plain words: "tomorrow", "14 Jan", "mañana". It may be today, and not a day that has passed."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, read_moment

# read_moment needs a time, in the language of the words, and refuses moments that have passed. The last minute keeps
# today valid until it ends.
_LATE = ("at 23:59", "a las 23:59")
_TIME = re.compile(r"\s*(?:at\s+|a las\s+)?(?:23:59|\d{1,2}\s?[ap]m)$")


def read_day(typed: str, *, zone: str, now: datetime) -> date:
    """Return the day that `typed` means in `zone`. Raises Unreadable, with a suggestion where there is one."""
    doubts = []
    for late in _LATE:
        try:
            return read_moment(f"{typed} {late}", zone=zone, now=now).astimezone(ZoneInfo(zone)).date()
        except Unreadable as why:
            # No time was typed, so neither the complaint nor the suggestion may show one.
            complaint = str(why).replace(f" {late}", "").replace(" 23:59", "")
            doubts.append(Unreadable(complaint, _TIME.sub("", why.suggestion)))
    raise next((doubt for doubt in doubts if doubt.suggestion), doubts[0])
