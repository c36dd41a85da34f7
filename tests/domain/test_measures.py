"""Measures of taking part, beside tables worked by hand and definitions written out."""

from collections.abc import Sequence
from math import isclose
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.measures import Ratio, Spread, evenness, spread, top_share


def gini(values: Sequence[int]) -> float:
    """The Gini coefficient by its definition: half of the mean difference of all pairs, over the mean."""
    return mean(abs(a - b) for a in values for b in values) / 2 / mean(values)


@pytest.mark.parametrize(
    ("contributions", "even", "top"),
    [
        ([3, 3, 3, 3, 3], 1.0, 0.2),
        # One did all: the Gini coefficient of five is 4/5.
        ([0, 0, 0, 0, 7], 0.2, 1.0),
        # Differences of pairs: 1+2+3+4 + 1+2+3 + 1+2 + 1 = 20, twice; / 25 = 1.6; / 2 / mean 3 = 4/15.
        ([1, 2, 3, 4, 5], 11 / 15, 5 / 15),
        # Of six, a fifth is two: 6 and 4 of 16.
        ([6, 4, 3, 2, 1, 0], 1 - gini([6, 4, 3, 2, 1, 0]), 10 / 16),
        ([0, 0, 0, 0, 0], None, None),
        ([4, 4, 4, 4], None, None),
        ([], None, None),
    ],
)
def test_evenness_and_the_share_of_the_most_active(
    contributions: list[int], even: float | None, top: float | None
) -> None:
    assert evenness(contributions) == (even if even is None else pytest.approx(even))
    assert top_share(contributions) == (top if top is None else pytest.approx(top))


@given(st.lists(st.integers(0, 50), min_size=5, max_size=40).filter(any))
def test_evenness_is_one_minus_the_gini_coefficient(contributions: list[int]) -> None:
    found = evenness(contributions)
    assert found is not None
    assert isclose(found, 1 - gini(contributions), abs_tol=1e-9)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, 2, 3, 4, 5], Spread(2, 3, 4, 5)),
        ([4, 4, 4, 4, 4, 4], Spread(4, 4, 4, 6)),
        # Between the 2nd and 3rd of eight, and the 6th and 7th: places 1.75 and 5.25 from 0 on.
        ([1, 1, 2, 3, 4, 4, 5, 5], Spread(1.75, 3.5, 4.25, 8)),
        ([1, 2, 3, 4], None),
    ],
)
def test_spread_is_the_middle_and_its_quarters(values: list[float], found: Spread | None) -> None:
    assert spread(values) == found
    assert spread(values[::-1]) == found


def test_share_of_few_is_not_told() -> None:
    assert Ratio(3, 5).share == 0.6
    assert Ratio(0, 5).share == 0
    assert Ratio(4, 4).share is None
    assert Ratio(0, 0).share is None
