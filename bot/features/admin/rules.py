"""Parse what an admin types: a channel, a role and its holder, closed days, months. Pure functions."""

import re
from datetime import date, datetime, timedelta

from bot.core.events import PICKED_CHANNEL
from bot.domain.day_words import read_day

# What adapters pass on when someone picks a person or role: <@U1>, <@!U1>, <@&R1>; Slack may add "|name".
WHO = re.compile(r"<@(&?)!?([\w.:-]{1,100})(?:\|[^>]*)?>")
ROLES = ("facilitator", "admin", "member")
MOST_DAYS = 100
RANGE = re.compile(r"\s+(?:to|until|through)\s+|\s*[–—]\s*|\s+-\s+")
LIST = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")
ALONE = re.compile(r"\d{1,2}")


class TooMany(ValueError):
    """More than MOST_DAYS days, or a stretch that ends before it begins. Its text is what was typed."""


def read_channel(typed: str) -> str:
    """Return the channel's id, or "" where `typed` names no channel."""
    found = PICKED_CHANNEL.fullmatch(typed.strip())
    return found[1] if found else ""


def read_role(typed: str) -> tuple[str, str, str] | None:
    """Parse "facilitator <@U1>" into (role, account, platform role); one of the last two is "".

    None where it cannot be read.
    """
    role, _space, who = typed.strip().partition(" ")
    found = WHO.fullmatch(who.strip())
    if role.lower() not in ROLES or not found:
        return None
    return (role.lower(), "", found[2]) if found[1] else (role.lower(), found[2], "")


def read_days(typed: str, *, zone: str, now: datetime) -> list[date]:
    """Parse "Dec 24, Dec 26 to Jan 2" into sorted days.

    Raises Unreadable for a piece that is no day, and TooMany beyond MOST_DAYS or for a stretch that runs backwards.
    """
    days: set[date] = set()
    for piece in LIST.split(typed.strip()):
        ends = RANGE.split(piece, 1)
        first = read_day(ends[0], zone=zone, now=now)
        last = first
        if len(ends) == 2:
            # In "Dec 24 to 26" the second day takes its month from the first.
            month = re.sub(r"\d.*", "", ends[0]).strip()
            end = f"{month} {ends[1]}" if ALONE.fullmatch(ends[1].strip()) else ends[1]
            last = read_day(end, zone=zone, now=now)
        if not 0 <= (last - first).days < MOST_DAYS:
            raise TooMany(piece)
        days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    if len(days) > MOST_DAYS:
        raise TooMany(typed)
    return sorted(days)


def read_months(typed: str) -> int | None:
    """Parse how many months answers are kept, 1 to 60. None where it cannot be read."""
    text = typed.casefold().removesuffix("months").removesuffix("month").strip()
    months = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    return months if 1 <= months <= 60 else None
