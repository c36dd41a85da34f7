"""Which of a week's timers will post, given one request a week. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.between_meetings import AGENDA_CALL, REQUESTS, VOTE, has_room

AHEAD = timedelta(days=7)
# Posts in one list. A menu takes 25 choices (bot/ui/limits.py).
MOST = 20

POSTED, SKIPPED, NO_ROOM, STILL_OPEN = "posted", "skipped", "no room", "still open"


@dataclass(frozen=True)
class UpcomingItem:
    """Something the bot will post, or would have.

    `state` is POSTED, SKIPPED, NO_ROOM (its week already has its request), or STILL_OPEN (a question of the same kind
    is open then). `ref` is its value in buttons: "t" or "s" and the id of a timer or a skipped post.
    """

    kind: str
    value: str
    at: datetime
    state: str
    ref: str
    title: str = ""
    skippable: bool = True


def with_room(
    timers: Sequence[tuple[int, str, str, datetime]],
    made: Mapping[str, Sequence[str]],
    weeks: Sequence[str],
    *,
    ceiling: int = 1,
    called: Collection[str] = (),
    open_until: Mapping[str, datetime] | None = None,
) -> list[UpcomingItem]:
    """Mark which of `timers` (id, kind, value, at; earliest first) will post, given the ceiling of a week.

    `weeks` names the week of each timer. `made` gives the requests ("kind value") that a week already has. `called` are
    the meetings whose call for topics is posted: their vote goes on with that request. Any other vote is one of its
    own. `open_until` gives until when a question is open, by the kind of timer that opens none beside it.
    """
    holders, called = {week: list(those) for week, those in made.items()}, set(called)
    items = []
    for (id, kind, value, at), week in zip(timers, weeks, strict=True):
        own = f"{kind} {value}"
        state = POSTED
        if open_until and kind in open_until and open_until[kind] > at:
            state = STILL_OPEN
        elif kind in REQUESTS or (kind == VOTE and value not in called):
            state = POSTED if has_room(own, holders.get(week, ()), ceiling) else NO_ROOM
        if state == POSTED and kind in REQUESTS and own not in holders.get(week, ()):
            holders.setdefault(week, []).append(own)
        if state == POSTED and kind == AGENDA_CALL:
            called.add(value)
        items.append(UpcomingItem(kind, value, at, state, f"t{id}"))
    return items
