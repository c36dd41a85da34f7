"""Which of a week's timers will post, given one request a week. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.between_meetings import REQUESTS

AHEAD = timedelta(days=7)
# Posts in one list. A menu takes 25 choices (bot/ui/limits.py).
MOST = 20

POSTED, SKIPPED, NO_ROOM = "posted", "skipped", "no room"


@dataclass(frozen=True)
class UpcomingItem:
    """Something the bot will post, or would have.

    `state` is POSTED, SKIPPED, or NO_ROOM (its week already has its request). `ref` is its value in buttons: "t" or "s"
    and the id of a timer or a skipped post.
    """

    kind: str
    value: str
    at: datetime
    state: str
    ref: str
    title: str = ""
    skippable: bool = True


def with_room(
    timers: Sequence[tuple[int, str, str, datetime]], taken: Mapping[str, str], weeks: Sequence[str]
) -> list[UpcomingItem]:
    """Mark which of `timers` (id, kind, value, at; earliest first) will post, given one request a week.

    `weeks` names the week of each timer. `taken` gives the request ("kind value") that a week already has.
    """
    holders = dict(taken)
    items = []
    for (id, kind, value, at), week in zip(timers, weeks, strict=True):
        own = f"{kind} {value}"
        free = kind not in REQUESTS or holders.setdefault(week, own) == own
        items.append(UpcomingItem(kind, value, at, POSTED if free else NO_ROOM, f"t{id}"))
    return items
