"""Measures of taking part, beside tables worked by hand and definitions written out."""

from collections.abc import Sequence
from itertools import combinations
from math import isclose
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.measures import (
    Gathering,
    Ratio,
    Record,
    Spread,
    across,
    attendance,
    centralization,
    continuity,
    density,
    evenness,
    isolates,
    reciprocity,
    records,
    reuse,
    reuse_elsewhere,
    spread,
    top_share,
)


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


def gathering(expected: Sequence[int], present: Sequence[int]) -> Gathering:
    return Gathering(frozenset(expected), frozenset(present))


FOUR = [
    gathering([1, 2, 3, 4, 5], [1, 2, 3, 4]),
    gathering([1, 2, 3, 4, 5], [1, 2, 3]),
    gathering([1, 2, 3, 4, 5, 6], [1, 2, 6]),
    # Somebody who wasn't expected counts for nobody.
    gathering([1, 2, 3, 4], [1, 4, 9]),
]


def test_attendance_and_continuity_of_a_table() -> None:
    """Came / expected: 1: 4/4, 2: 3/4, 3: 2/4, 4: 2/4, 5: 0/3, 6: 1/1. In all 12 of 20; three at 75 % or more."""
    assert attendance(FOUR) == Ratio(12, 20)
    assert continuity(FOUR) == Ratio(3, 6)


def test_attendance_of_few_people_and_continuity_of_one_meeting_are_not_told() -> None:
    assert attendance([]) is None
    assert attendance([gathering([1, 2, 3, 4], [1])] * 3) is None
    assert continuity([gathering([1, 2, 3, 4], [1])] * 3) is None
    assert attendance(FOUR[:1]) == Ratio(4, 5)
    assert continuity(FOUR[:1]) is None


MEETINGS = st.lists(st.tuples(st.frozensets(st.integers(1, 8)), st.frozensets(st.integers(1, 8))), max_size=6)


@given(MEETINGS)
def test_attendance_and_continuity_count_each_person_by_themselves(held: list[tuple[frozenset[int], ...]]) -> None:
    rows = [(len([1 for e, p in held if n in e and n in p]), len([1 for e, _p in held if n in e])) for n in range(1, 9)]
    due = [(came, times) for came, times in rows if times]
    found = attendance([Gathering(*each) for each in held])
    assert found == (Ratio(sum(c for c, _t in due), sum(t for _c, t in due)) if len(due) >= 5 else None)
    steady = continuity([Gathering(*each) for each in held])
    told = len(due) >= 5 and len(held) > 1
    assert steady == (Ratio(len([1 for came, times in due if 4 * came >= 3 * times]), len(due)) if told else None)


MEMBERS = range(1, 7)
# 1 and 2 both ways; 2 to 3, 3 to 4, 5 to 4; 7 is no member; nobody and 6.
TIES = {(1, 2), (2, 1), (2, 3), (3, 4), (5, 4), (1, 1), (7, 1)}


def test_ties_of_a_small_network() -> None:
    """Pairs 12, 23, 34, 45 of 15. Degrees 1, 2, 2, 2, 1, 0: 6 · 2 - 8 = 4 of 5 · 4."""
    assert density(MEMBERS, TIES) == Ratio(4, 15)
    assert isolates(MEMBERS, TIES) == Ratio(1, 6)
    assert reciprocity(MEMBERS, TIES) == Ratio(1, 4)
    assert centralization(MEMBERS, TIES) == 4 / 20
    # A star is 1, and a ring is 0.
    assert centralization(MEMBERS, {(1, n) for n in range(2, 7)}) == 1
    assert centralization(MEMBERS, {(n, n % 6 + 1) for n in MEMBERS}) == 0
    # The role of 3 is not known: 12 and 45 are left, of four people.
    roles = {1: "a", 2: "b", 3: "", 4: "a", 5: "a", 6: "b"}
    assert across(MEMBERS, TIES, roles) is None
    assert across(MEMBERS, TIES, roles | {3: "b"}) == Ratio(2, 4)


@pytest.mark.parametrize("measure", [density, isolates, reciprocity, centralization])
def test_ties_of_few_people_are_not_told(measure: object) -> None:
    assert callable(measure)
    assert measure(range(1, 5), {(1, 2), (2, 1), (3, 4)}) is None


@given(st.integers(5, 9), st.sets(st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_ties_agree_with_a_matrix(count: int, ties: set[tuple[int, int]]) -> None:
    """The same, counted from a matrix of who is tied to whom."""
    matrix = [[(a, b) in ties for b in range(1, count + 1)] for a in range(1, count + 1)]
    both = [(a, b) for a, b in combinations(range(count), 2) if matrix[a][b] and matrix[b][a]]
    any_way = [(a, b) for a, b in combinations(range(count), 2) if matrix[a][b] or matrix[b][a]]
    degrees = [sum(a in pair for pair in any_way) for a in range(count)]
    members = range(1, count + 1)
    found = density(members, ties)
    assert found is not None
    assert found.share is not None
    assert isclose(found.share, 2 * len(any_way) / (count * (count - 1)))
    assert isolates(members, ties) == Ratio(degrees.count(0), count)
    tied = count - degrees.count(0)
    assert reciprocity(members, ties) == (Ratio(len(both), len(any_way)) if tied >= 5 else None)
    freeman = sum(max(degrees) - each for each in degrees) / ((count - 1) * (count - 2))
    assert centralization(members, ties) == pytest.approx(freeman)


def test_reuse_counts_each_person_once_and_only_organizations_that_are_known() -> None:
    assert reuse([(1, 10), (1, 11), (2, 10), (3, 10)], 6) == Ratio(3, 6)
    assert reuse([(n, 10) for n in range(8)], 5).share == 1.6
    assert reuse([], 0).share is None
    marks = [(1, "Y", "Y"), (2, "Y", "Library"), (3, "Library", "Y"), (4, "", "Y"), (5, "Y", ""), (2, "Y", "Y")]
    assert reuse_elsewhere(marks) is None
    assert reuse_elsewhere([*marks, (6, "Y", "Y"), (7, "School", "Y")]) == Ratio(3, 6)


@pytest.mark.parametrize(
    ("came", "meetings", "is_steady"), [(4, 4, True), (3, 4, True), (2, 4, False), (2, 3, False), (1, 1, True)]
)
def test_three_quarters_of_ones_own_meetings_are_steady(came: int, meetings: int, *, is_steady: bool) -> None:
    held = [Gathering(frozenset({1}), frozenset({1} if n < came else ())) for n in range(meetings)]
    assert records(held) == {1: Record(came, meetings)}
    assert records(held)[1].is_steady is is_steady
