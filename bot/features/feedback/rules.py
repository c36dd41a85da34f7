"""What facilitators may read of what people said after a meeting. Nothing here touches a database.

They read it when no more answers come in, and all at once: whoever could read before and after one more answer, or
one more change, would know whose it is.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.between_meetings import FEEDBACK_WINDOW

RELEASED_AT = 5  # people who answered: with fewer, words and ratings could be told apart
LONGEST = 1_000  # characters of one answer
LONGEST_REPLY = 300  # characters of what was said, and of what was done about it
RATINGS = range(1, 6)


def is_open(begun_at: datetime, now: datetime) -> bool:
    return begun_at <= now < begun_at + FEEDBACK_WINDOW


def enough(answers: int) -> bool:
    return answers >= RELEASED_AT


def mean(ratings: Collection[int]) -> float | None:
    """Of the ratings that were given (0: not said), to one decimal; None where too few were."""
    given = [rating for rating in ratings if rating]
    return round(sum(given) / len(given), 1) if enough(len(given)) else None


def unlinked(said: Sequence[str]) -> list[str]:
    """The words in an order that tells nothing about who said them, or when."""
    return sorted((words for words in said if words), key=lambda words: (words.casefold(), words))
