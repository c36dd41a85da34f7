"""What the answers to one question have in common: counts, the middle, and what changed. Pure functions.

Figures about fewer than FEW people would point at someone, so there are none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.question_versions import same_series
from bot.domain.questions import Question, QuestionType, Value
from bot.features.rounds.rules import FEW

COUNTED = (QuestionType.SCALE, QuestionType.MOOD, QuestionType.YES_NO, QuestionType.ONE_OF, QuestionType.SEVERAL)
ORDERED = (QuestionType.SCALE, QuestionType.MOOD, QuestionType.NUMBER)
# A change of a share that is said, in points of 100.
POINTS = 20


@dataclass(frozen=True)
class Tally:
    """How `n` people answered a question: how many gave each value, in the order of its choices.

    `middle`, `least` and `most` are for what has an order; "" otherwise.
    """

    question: Question
    n: int
    counts: Mapping[str, int]
    middle: str = ""
    least: str = ""
    most: str = ""

    def share(self, value: str) -> float:
        return 100 * self.counts.get(value, 0) / self.n if self.n else 0.0


@dataclass(frozen=True)
class Change:
    """What changed since the round before: the middle, or the shares of values (before and now, of 100).

    `of_same`: among the people who answered both times, `before_n` of them.
    """

    before_n: int
    middle: tuple[str, str] | None = None
    shares: tuple[tuple[str, int, int], ...] = ()
    of_same: bool = False


def tally(question: Question, values: Iterable[Value]) -> Tally:
    given = [value for value in values if value]
    single = [each for value in given for each in (value if isinstance(value, tuple) else (value,))]
    counted = Counter(single)
    order = ["yes", "no"] if question.type == QuestionType.YES_NO else [*question.points]
    order += [option.id for option in question.options if not option.is_retired or counted[option.id]]
    counts = {value: counted[value] for value in order} if question.type in COUNTED else {}
    if question.type not in ORDERED or not given:
        return Tally(question, len(given), counts)
    numbers = sorted(single, key=Decimal)
    return Tally(question, len(given), counts, numbers[(len(numbers) - 1) // 2], numbers[0], numbers[-1])


def change(before: Tally | None, now: Tally) -> Change | None:
    """Return what changed, if both have FEW answers and it is worth saying. None if they can't be compared."""
    if before is None or min(before.n, now.n) < FEW or not same_series(before.question, now.question):
        return None
    if now.middle:
        return Change(before.n, (before.middle, now.middle)) if before.middle != now.middle else None
    shares = tuple(
        (value, round(before.share(value)), round(now.share(value)))
        for value in now.counts
        if abs(before.share(value) - now.share(value)) >= POINTS
    )
    return Change(before.n, shares=shares) if shares else None


def change_of_same(before: Question | None, now: Question, pairs: Iterable[tuple[Value, Value]]) -> Change | None:
    """Return what changed among the people who answered both times. `pairs` are what each said before and says now."""
    both = [pair for pair in pairs if all(pair)]
    if before is None:
        return None
    found = change(tally(before, (then for then, _now in both)), tally(now, (said for _then, said in both)))
    return replace(found, of_same=True) if found else None
