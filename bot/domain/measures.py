"""Measures of how a community takes part, from counts. Pure functions.

A measure of fewer than LEAST people is None, as is one of nothing: it would point at someone. Each community is
compared only with itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median, quantiles

from bot.domain.suppression import LEAST

TOP = 0.2  # of the members, for `top_share`


@dataclass(frozen=True)
class Ratio:
    """How many of how many."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole >= LEAST else None


@dataclass(frozen=True)
class Spread:
    """The middle of some answers, and the quarter of them below and above: half of all lie between `low` and `high`."""

    low: float
    middle: float
    high: float
    count: int


def evenness(contributions: Sequence[int]) -> float | None:
    """Return how evenly people contribute: 1 minus the Gini coefficient. 1 is all alike, and near 0 one for all.

    `contributions` has one figure for each active member, 0 for those who did nothing.
    """
    total, count = sum(contributions), len(contributions)
    if count < LEAST or not total:
        return None
    ranked = sum(rank * each for rank, each in enumerate(sorted(contributions), 1))
    gini = 2 * ranked / (count * total) - (count + 1) / count
    return 1 - gini


def top_share(contributions: Sequence[int]) -> float | None:
    """Return the share of all contributions that the most active fifth of the members made, at least one of them."""
    total, count = sum(contributions), len(contributions)
    if count < LEAST or not total:
        return None
    return sum(sorted(contributions, reverse=True)[: ceil(count * TOP)]) / total


def spread(values: Sequence[float]) -> Spread | None:
    """Return the middle of the values and their quartiles. None for fewer than LEAST."""
    if len(values) < LEAST:
        return None
    low, _middle, high = quantiles(values, n=4, method="inclusive")
    return Spread(low, median(values), high, len(values))
