"""What is said in a week ahead, and what has no room in it. Nothing here touches a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.between_meetings import REQUESTS

AHEAD = timedelta(days=7)
MOST = 20  # of one list: what a menu and a message can show on every platform

POSTED, SKIPPED, NO_ROOM = "posted", "skipped", "no room"


@dataclass(frozen=True)
class Item:
    """Something the bot will post, or would have."""

    kind: str
    value: str
    at: datetime
    state: str  # POSTED, SKIPPED, or NO_ROOM: its week already has its one request
    ref: str  # what a button says to mean this one
    title: str = ""
    skippable: bool = True


def with_room(
    timers: Sequence[tuple[int, str, str, datetime]], taken: Mapping[str, str], weeks: Sequence[str]
) -> list[Item]:
    """
    Which of `timers` (id, kind, value, at; earliest first) will be posted: a community is asked once a week.

    `weeks` names the week each of them falls in; `taken` says which request ("kind value") already has one.
    """
    holders = dict(taken)
    items = []
    for (id, kind, value, at), week in zip(timers, weeks, strict=True):
        own = f"{kind} {value}"
        free = kind not in REQUESTS or holders.setdefault(week, own) == own
        items.append(Item(kind, value, at, POSTED if free else NO_ROOM, f"t{id}"))
    return items
