"""When facilitators may read feedback, and how it is made anonymous. Pure functions.

Feedback is released once its window is closed, all at once. Someone who could read it before and after one more answer
or change would know whose that is.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.between_meetings import FEEDBACK_WINDOW

# Answers needed before any are shown. With fewer, it could be told who said what.
RELEASED_AT = 5
# Characters of one answer, and of each field of a follow-up.
LONGEST, LONGEST_REPLY = 1_000, 300
RATINGS = range(1, 6)


def is_open(begun_at: datetime, now: datetime) -> bool:
    return begun_at <= now < begun_at + FEEDBACK_WINDOW


def enough(answers: int) -> bool:
    return answers >= RELEASED_AT


def mean(ratings: Collection[int]) -> float | None:
    """Return the mean to one decimal, leaving out 0 (not rated). None if fewer than RELEASED_AT people rated."""
    given = [rating for rating in ratings if rating]
    return round(sum(given) / len(given), 1) if enough(len(given)) else None


def unlinked(answers: Sequence[str]) -> list[str]:
    """Sort the answers by their text, so that their order does not tell who wrote them or when. Drops empty ones."""
    return sorted((words for words in answers if words), key=lambda words: (words.casefold(), words))
