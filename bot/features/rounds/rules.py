"""When a round nudges, how long late answers are taken, and what its summary says. Pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NUDGE_HOUR = 10  # community time
SUMMARY_HOUR = 9  # community time; a summary that facilitators read first goes by itself then
MOODS = (1, 2, 3, 4, 5)
# Figures about fewer people than this would point at someone.
FEW = 5
# How long after closing a late answer still joins the summary.
LATE = timedelta(days=60)
# How long after closing somebody keeps what they had answered and not sent.
DRAFT_KEPT = timedelta(days=14)
# Answers on one page: a message has at most 20 parts (bot/ui/limits.py), and some are not answers.
MOST_ON_PAGE = 15


def nudge_at(opened: datetime, closes: datetime, zone: str, is_closed: Callable[[date], bool]) -> datetime:
    """Return when to nudge: the morning of the day at three fifths of the round, or of the next open day after it.

    If that morning is not within the round, exactly three fifths of the way. `opened` and `closes` are aware.
    """
    three_fifths = opened + (closes - opened) * 3 / 5
    day = three_fifths.astimezone(ZoneInfo(zone)).date()
    while is_closed(day) and day < closes.date():
        day += timedelta(days=1)
    morning = datetime.combine(day, time(NUDGE_HOUR), ZoneInfo(zone)).astimezone(opened.tzinfo)
    return morning if opened < morning < closes else three_fifths


def late_until(closed: datetime) -> datetime:
    return closed + LATE


def drafts_until(closed: datetime) -> datetime:
    return closed + DRAFT_KEPT


def may_answer(closed: datetime | None, now: datetime) -> bool:
    return closed is None or now < late_until(closed)


def moods(given_moods: Iterable[int]) -> Mapping[int, int]:
    """Count each mood, low to high, leaving out 0 (not given). {} if fewer than FEW people gave one."""
    given = [mood for mood in given_moods if mood in MOODS]
    return {mood: given.count(mood) for mood in MOODS if mood in given} if len(given) >= FEW else {}


def pages(sizes: Sequence[int], room: int) -> list[list[int]]:
    """Split items of these sizes, by index and in order, into pages of at most `room` in total and MOST_ON_PAGE items.

    Every page has at least one item, even one that is larger than `room`.
    """
    out: list[list[int]] = []
    left = 0
    for index, size in enumerate(sizes):
        if not out or size > left or len(out[-1]) == MOST_ON_PAGE:
            out.append([])
            left = room
        out[-1].append(index)
        left -= size
    return out
