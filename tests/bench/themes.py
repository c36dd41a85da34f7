"""How long the themes of a large round take, beside reading its words for search."""

import time
from collections.abc import Callable
from random import Random

from bot.domain import themes
from storage.library import text_analysis
from tests.bench.figure import Figure
from tests.domain.themes.labelled import LANGUAGES, load

FEW, MANY, MOST = 100, 1_000, 10_000
TIMES = 5


def figures() -> list[Figure]:
    return [
        Figure("themes.1000_answers_ms", 1e3 * _find_s(MANY), "ms", 1e3 * _quickest(lambda: _index(_answers(MANY)))),
        # Flat if it is the baseline's: what an answer costs when there are a hundred.
        Figure("themes.us_per_answer", 1e6 * _find_s(MOST) / MOST, "us", 1e6 * _find_s(FEW) / FEW),
    ]


def _find_s(count: int) -> float:
    answers = _answers(count)
    question = "What got in the way this week?"
    return _quickest(lambda: themes.find(answers, [question], "en", text_analysis.stem))


def _answers(count: int) -> list[str]:
    """Make up answers of three sentences that people wrote elsewhere."""
    written = [answer for language in LANGUAGES for round in load(language, "tune") for answer in round.answers]
    chance = Random(count)
    return [". ".join(chance.sample(written, 3)) for _ in range(count)]


def _index(answers: list[str]) -> None:
    for answer in answers:
        text_analysis.analyse("", answer, (), "en")


def _quickest(act: Callable[[], object]) -> float:
    took = []
    for _time in range(TIMES):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)
