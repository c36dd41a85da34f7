"""What may stand on an agenda, and how a vote makes one. Nothing here touches a database."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Protocol, TypeVar

from rapidfuzz import fuzz, utils

from bot.ui.markup import cut

LONGEST = 150  # characters of a topic's title
LONGEST_REASON, LONGEST_NOTE = 200, 1_000  # characters
MOST_CHOSEN = 10  # topics of one agenda: what a form can show on every platform
MOST_BY_ITSELF = 5  # of those that members suggested, where no facilitator chooses
DOTS = 3  # a member's, to spread as they like
MOST_ON_BALLOT = 24  # topics: what a menu can show on every platform, beside that no dot is put
ALIKE = 84  # of rapidfuzz's 100, from which two titles are taken to say the same


class Suggested(Protocol):
    """What a choice between topics looks at."""

    id: int | None
    reason: str
    dots: int


T = TypeVar("T", bound=Suggested)


def title_of(text: str) -> str:
    """The first line of a message, as a topic's title."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return cut(first, LONGEST)


def likeness(one: str, other: str) -> float:
    """How much two titles say the same, 0 to 100: in whatever order, case and punctuation their words stand."""
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process)


def like(title: str, among: Sequence[T], title_of: Callable[[T], str]) -> T | None:
    """The one that says nearly the same as `title`; None where none does."""
    close = [(likeness(title, title_of(each)), each) for each in among]
    return max((c for c in close if c[0] >= ALIKE), key=lambda c: c[0], default=(0.0, None))[1]


def alike(among: Sequence[T], title_of: Callable[[T], str]) -> tuple[T, T] | None:
    """The two that say most nearly the same, the older first; None where no two do."""
    close = [(likeness(title_of(a), title_of(b)), a, b) for a, b in combinations(among, 2)]
    found = max((c for c in close if c[0] >= ALIKE), key=lambda c: c[0], default=None)
    return found[1:] if found else None


def spread(chosen: Sequence[int], ballot: Collection[int]) -> list[int]:
    """The dots that count: as many as a member has, on topics that are on the ballot, in the order they were put."""
    return [topic for topic in list(chosen)[:DOTS] if topic in ballot]


def proposed(waiting: Sequence[T], *, voted: bool) -> list[T]:
    """The agenda that the topics make by themselves, in its order.

    First what facilitators put on it; then those with the most dots, the older first among equals, and none without a
    dot. Where nobody voted, what waits longest.
    """
    added = [topic for topic in waiting if topic.reason]
    rest = [topic for topic in waiting if not topic.reason]
    if voted and any(topic.dots for topic in rest):
        rest = sorted((t for t in rest if t.dots), key=lambda t: (-t.dots, t.id or 0))
    return [*added, *rest[:MOST_BY_ITSELF]][:MOST_CHOSEN]


def closes_at(regular: datetime, now: datetime, start: datetime) -> datetime:
    """When a vote that opens now closes: at its regular moment, or halfway to the meeting where that leaves no day."""
    if regular - now >= timedelta(days=1):
        return regular
    return now + (start - now) / 2
