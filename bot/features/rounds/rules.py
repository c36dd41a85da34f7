"""What is true of a round, whatever the platform or the database. Pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NUDGE_HOUR = 10  # of the community's morning
MOODS = (1, 2, 3, 4, 5)
FEW = 5  # figures about fewer people than this would point at somebody (DOMAIN.md, privacy)
LATE = timedelta(days=60)  # after closing, for as long as a late answer still joins the summary
MOST_SHARED = 4  # words in common that a summary names
SHORTEST_SHARED = 4  # letters
MOST_ON_PAGE = 15  # answers: a message may have twenty parts


def nudge_at(opened: datetime, closes: datetime, zone: str, is_closed: Callable[[date], bool]) -> datetime:
    """One gentle reminder, three fifths of the way (day three of five): on a working day, in its morning."""
    middle = opened + (closes - opened) * 3 / 5
    day = middle.astimezone(ZoneInfo(zone)).date()
    while is_closed(day) and day < closes.date():
        day += timedelta(days=1)
    morning = datetime.combine(day, time(NUDGE_HOUR), ZoneInfo(zone)).astimezone(opened.tzinfo)
    return morning if opened < morning < closes else middle


def may_answer(closed: datetime | None, now: datetime) -> bool:
    return closed is None or now - closed <= LATE


def moods(said: Iterable[int]) -> Mapping[int, int]:
    """How many said each mood, low to high; nothing for so few that it would point at somebody."""
    told = [m for m in said if m in MOODS]
    return {m: told.count(m) for m in MOODS if m in told} if len(told) >= FEW else {}


def shared_words(bodies: Sequence[str], analyse: Callable[[str], Iterable[tuple[str, str]]]) -> list[str]:
    """Words that more than one person used, most shared first, as first written.

    `analyse` splits a text into (stem, word) pairs without the words that everybody uses.
    """
    used: dict[str, tuple[str, set[int]]] = {}
    for person, body in enumerate(bodies):
        for stem, word in analyse(body):
            if len(word) >= SHORTEST_SHARED and not word.isdecimal():
                used.setdefault(stem, (word, set()))[1].add(person)
    shared = [(len(who), word) for word, who in used.values() if len(who) > 1]
    return [word for _count, word in sorted(shared, key=lambda s: (-s[0], s[1]))][:MOST_SHARED]


def pages(sizes: Sequence[int], room: int) -> list[list[int]]:
    """Put items of these sizes on pages of at most `room` and MOST_ON_PAGE, in order; every page holds at least one."""
    out: list[list[int]] = []
    left = 0
    for index, size in enumerate(sizes):
        if not out or size > left or len(out[-1]) == MOST_ON_PAGE:
            out.append([])
            left = room
        out[-1].append(index)
        left -= size
    return out
