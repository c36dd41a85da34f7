"""Measures of how a community takes part, from counts. Pure functions.

A measure of fewer than LEAST people is None, as is one of nothing: it would point at someone. Each community is
compared only with itself.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import ceil
from statistics import median, quantiles

from bot.domain.suppression import LEAST

TOP = 0.2  # of the members, for `top_share`
STEADY = 0.75  # of the meetings, for `continuity`


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


# --- meetings


@dataclass(frozen=True)
class Gathering:
    """A meeting that was held: who was expected, and who of them was there. People are numbers."""

    expected: frozenset[int]
    present: frozenset[int]


def attendance(held: Sequence[Gathering]) -> Ratio | None:
    """Return how many came over how many were expected, over all meetings. None for fewer than LEAST people."""
    if len(_people(meeting.expected for meeting in held)) < LEAST:
        return None
    came = sum(len(meeting.present & meeting.expected) for meeting in held)
    return Ratio(came, sum(len(meeting.expected) for meeting in held))


@dataclass(frozen=True)
class Record:
    """At how many of the meetings where somebody was expected they were. Catching up on one isn't being there."""

    came: int
    meetings: int

    @property
    def is_steady(self) -> bool:
        return self.came >= STEADY * self.meetings


def records(held: Sequence[Gathering]) -> Mapping[int, Record]:
    """Return the record of everybody who was expected at a meeting, by person."""
    expected = Counter(person for meeting in held for person in meeting.expected)
    came = Counter(person for meeting in held for person in meeting.present & meeting.expected)
    return {person: Record(came[person], meetings) for person, meetings in expected.items()}


def continuity(held: Sequence[Gathering]) -> Ratio | None:
    """Return how many people were at three quarters or more of the meetings where they were expected.

    None for one meeting, where it says nothing, and for fewer than LEAST people.
    """
    found = records(held)
    if len(held) < 2 or len(found) < LEAST:
        return None
    return Ratio(sum(own.is_steady for own in found.values()), len(found))


# --- ties: who did something for whom, as (giver, receiver)

Ties = Collection[tuple[int, int]]


def pairs(members: Collection[int], ties: Ties) -> frozenset[frozenset[int]]:
    """Return the pairs of different members that a tie connects, in whichever direction."""
    return frozenset(frozenset(tie) for tie in ties if tie[0] != tie[1] and tie[0] in members and tie[1] in members)


def density(members: Collection[int], ties: Ties) -> Ratio | None:
    """Return how many pairs are connected of all pairs that there are: 2 · ties / n (n − 1)."""
    count = len(members)
    return Ratio(len(pairs(members, ties)), count * (count - 1) // 2) if count >= LEAST else None


def isolates(members: Collection[int], ties: Ties) -> Ratio | None:
    """Return how many members no tie connects with another."""
    if len(members) < LEAST:
        return None
    tied = _people(pairs(members, ties))
    return Ratio(len(members) - len(tied), len(members))


def reciprocity(members: Collection[int], ties: Ties) -> Ratio | None:
    """Return how many pairs are connected in both directions, of those that are connected."""
    connected = pairs(members, ties)
    if len(_people(connected)) < LEAST:
        return None
    there = set(ties)
    mutual = sum(all((one, other) in there for one, other in permutations(pair)) for pair in connected)
    return Ratio(mutual, len(connected))


def across(members: Collection[int], ties: Ties, groups: Mapping[int, str]) -> Ratio | None:
    """Return how many pairs are of two groups, of those connected where the group of both is known."""
    known = [pair for pair in pairs(members, ties) if all(groups.get(person) for person in pair)]
    if len(_people(known)) < LEAST:
        return None
    return Ratio(sum(len({groups[person] for person in pair}) == 2 for pair in known), len(known))


def centralization(members: Collection[int], ties: Ties) -> float | None:
    """Return Freeman's degree centralization: 1 if all ties are with one member, 0 if all have equally many."""
    count = len(members)
    if count < LEAST:
        return None
    degrees = Counter(person for pair in pairs(members, ties) for person in pair)
    most = max(degrees.values(), default=0)
    return sum(most - degrees[person] for person in members) / ((count - 1) * (count - 2))


# --- resources


def reuse(marks: Collection[tuple[int, int]], resources: int) -> Ratio:
    """Return how many members said that a resource helped them, over how many resources there are.

    `marks` are (person, resource). The share can be more than 1.
    """
    return Ratio(len({person for person, _resource in marks}), resources)


def reuse_elsewhere(marks: Collection[tuple[int, str, str]]) -> Ratio | None:
    """Return how many marks are by someone of another organization than the resource is from, of those known of both.

    `marks` are (person, their organization, organization the resource is from), with "" for unknown.
    """
    known = [mark for mark in marks if mark[1] and mark[2]]
    if len({person for person, _own, _origin in known}) < LEAST:
        return None
    return Ratio(sum(own != origin for _person, own, origin in known), len(known))


def _people(groups: Iterable[Collection[int]]) -> frozenset[int]:
    return frozenset(person for group in groups for person in group)
