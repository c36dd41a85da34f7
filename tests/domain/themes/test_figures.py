"""Themes stay as good as they were on the half of the labelled rounds that the method was chosen on."""

import pytest

from tests.domain.themes import methods
from tests.domain.themes.labelled import Figures, Method, load, measure


@pytest.mark.parametrize(
    ("language", "acceptance", "recall"),
    # In November 2026: 0.91 and 0.92 in English, 1.00 and 0.72 in Spanish.
    [("en", 0.85, 0.85), ("es", 0.85, 0.65)],
)
def test_themes_are_right_and_found(language: str, acceptance: float, recall: float) -> None:
    figures = measure(load(language, "tune"), methods.ours)
    assert figures.acceptance >= acceptance
    assert figures.recall >= recall
    # No question repeated, and silence where there is nothing.
    assert (figures.repeated, figures.noisy) == (0, 0)


@pytest.mark.parametrize("baseline", [methods.single_words, methods.textrank])
@pytest.mark.parametrize("language", ["en", "es"])
def test_themes_beat_simpler_methods(language: str, baseline: Method) -> None:
    rounds = load(language, "tune")
    assert measure(rounds, methods.ours).acceptance > measure(rounds, baseline).acceptance + 0.2


def test_measures_notice_what_is_wrong() -> None:
    rounds = load("en", "tune")
    first_themes = measure(rounds, lambda round: [theme[0].upper() for theme in round.themes])
    assert (first_themes.acceptance, first_themes.recall, first_themes.noisy) == (1, 1, 0)
    questions = measure(rounds, lambda round: [round.question])
    assert questions == Figures(15, 0, questions.themes, 0, 3, 3, repeated=15)
    assert measure(rounds, lambda round: []).acceptance == 0
