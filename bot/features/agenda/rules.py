"""Limits of an agenda, likeness of titles, and how a vote becomes an agenda. Pure functions."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Protocol, TypeVar

from rapidfuzz import fuzz, utils

from bot.ui.markup import cut

# Characters of a topic's title, of the reason beside it, and of a note on it.
LONGEST, LONGEST_REASON, LONGEST_NOTE = 150, 200, 1_000
# Ticks that a form can show on every platform (bot/ui/limits.py).
MOST_CHOSEN = 10
# Members' topics on an agenda that no facilitator chose.
MOST_BY_ITSELF = 5
# Dots of each member.
DOTS = 3
# Choices that a menu can show on every platform (bot/ui/limits.py), less the one for "no dot".
MOST_ON_BALLOT = 24
# Likeness (see below) from which two titles are taken to say the same.
ALIKE = 84


class Suggested(Protocol):
    """The fields of a topic that these rules read."""

    id: int | None
    reason: str
    dots: int


T = TypeVar("T", bound=Suggested)


def title_of(text: str) -> str:
    """Return the first line with text, cut to LONGEST; "" if there is none."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return cut(first, LONGEST)


def likeness(one: str, other: str) -> float:
    """Score how alike two titles are, 0 to 100 (rapidfuzz); word order, case and punctuation do not count."""
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process)


def like(title: str, among: Sequence[T], title_of: Callable[[T], str]) -> T | None:
    """Return the one of `among` that is most like `title`, if any reaches ALIKE."""
    close = [(likeness(title, title_of(each)), each) for each in among]
    return max((c for c in close if c[0] >= ALIKE), key=lambda c: c[0], default=(0.0, None))[1]


def alike(among: Sequence[T], title_of: Callable[[T], str]) -> tuple[T, T] | None:
    """Return the two that are most alike, in the order of `among`, if any two reach ALIKE."""
    close = [(likeness(title_of(a), title_of(b)), a, b) for a, b in combinations(among, 2)]
    found = max((c for c in close if c[0] >= ALIKE), key=lambda c: c[0], default=None)
    return found[1:] if found else None


def spread(chosen: Sequence[int], ballot: Collection[int]) -> list[int]:
    """Return the topics of the dots that count: the first DOTS of them, less those on topics not on the ballot."""
    return [topic for topic in list(chosen)[:DOTS] if topic in ballot]


def proposed(waiting: Sequence[T], *, voted: bool) -> list[T]:
    """Return the agenda that the waiting topics (oldest first) make if no facilitator chooses.

    Topics that facilitators added come first. Then those with the most dots, the older first among equals, and none
    without a dot. If nobody voted, those that have waited longest instead.
    """
    added = [topic for topic in waiting if topic.reason]
    rest = [topic for topic in waiting if not topic.reason]
    if voted and any(topic.dots for topic in rest):
        rest = sorted((t for t in rest if t.dots), key=lambda t: (-t.dots, t.id or 0))
    return [*added, *rest[:MOST_BY_ITSELF]][:MOST_CHOSEN]


def closes_at(regular: datetime, now: datetime, start: datetime) -> datetime:
    """Return when a vote that opens now closes.

    That is its regular moment, or halfway to the meeting if the regular moment is less than a day away.
    """
    if regular - now >= timedelta(days=1):
        return regular
    return now + (start - now) / 2
