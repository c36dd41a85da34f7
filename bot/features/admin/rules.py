"""Reading what an admin types: a channel, somebody and their role, days. Nothing here keeps anything."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, read_moment

# As adapters pass on what people picked: <#C1>, <@U1>, <@!U1>, <@&R1>; Slack may add "|name".
CHANNEL = re.compile(r"<#([\w.:-]{1,100})(?:\|[^>]*)?>")
WHO = re.compile(r"<@(&?)!?([\w.:-]{1,100})(?:\|[^>]*)?>")
ROLES = ("facilitator", "admin", "member")
LATE = "at 23:59"  # read_moment wants a time; today has not passed until it ends
MOST_DAYS = 100
RANGE = re.compile(r"\s+(?:to|until|through)\s+|\s*[–—]\s*|\s+-\s+")
LIST = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")
ALONE = re.compile(r"\d{1,2}")


class TooMany(ValueError):
    """More than MOST_DAYS days, or a stretch that ends before it begins."""


def read_channel(typed: str) -> str:
    """The channel's id; "" where no channel is named."""
    found = CHANNEL.fullmatch(typed.strip())
    return found[1] if found else ""


def read_role(typed: str) -> tuple[str, str, str] | None:
    """(role, person's account, platform role): one of the last two is "". None where it cannot be read."""
    role, _space, who = typed.strip().partition(" ")
    found = WHO.fullmatch(who.strip())
    if role.lower() not in ROLES or not found:
        return None
    return (role.lower(), "", found[2]) if found[1] else (role.lower(), found[2], "")


def read_days(typed: str, *, zone: str, now: datetime) -> list[date]:
    """The days named: "Dec 24, Dec 26 to Jan 2". Raises Unreadable for one that is none, TooMany for too many."""
    days: set[date] = set()
    for piece in LIST.split(typed.strip()):
        ends = RANGE.split(piece, 1)
        first = _read_day(ends[0], zone, now)
        last = first
        if len(ends) == 2:
            month = re.sub(r"\d.*", "", ends[0]).strip()  # "Dec 24 to 26"
            last = _read_day(f"{month} {ends[1]}" if ALONE.fullmatch(ends[1].strip()) else ends[1], zone, now)
        if not 0 <= (last - first).days < MOST_DAYS:
            raise TooMany(piece)
        days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    if len(days) > MOST_DAYS:
        raise TooMany(typed)
    return sorted(days)


def _read_day(typed: str, zone: str, now: datetime) -> date:
    try:
        moment = read_moment(f"{typed} {LATE}", zone=zone, now=now)
    except Unreadable as why:
        said = str(why).replace(f" {LATE}", "")
        raise Unreadable(said, re.sub(r"\s*(?:at\s+)?(?:23:59|\d{1,2}\s?[ap]m)$", "", why.suggestion)) from why
    return moment.astimezone(ZoneInfo(zone)).date()


def read_months(typed: str) -> int | None:
    """How many months answers are kept, 1 to 60; None where it cannot be read."""
    text = typed.casefold().removesuffix("months").removesuffix("month").strip()
    months = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    return months if 1 <= months <= 60 else None
