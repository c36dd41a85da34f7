"""What is shown of groups of people: worked by hand, and that nothing left out can be worked out from the rest."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.suppression import Group, ShownGroups, suppress


def groups(*figures: tuple[str, int, int]) -> list[Group]:
    return [Group(*each) for each in figures]


@pytest.mark.parametrize(
    ("given_groups", "shown", "others"),
    [
        # Each is large enough.
        (groups(("site", 6, 8), ("lead", 5, 9)), ["site", "lead"], None),
        # 14 answers: leaving out the directors alone would leave 14 - 6 - 5 = 3. So coordinators go too.
        (groups(("site", 6, 8), ("coordinators", 5, 7), ("directors", 3, 4)), ["site"], (8, 11)),
        # Two small ones are 4 together, which is still too few: the next smallest goes too.
        (groups(("a", 9, 12), ("b", 7, 9), ("c", 2, 3), ("d", 2, 4)), ["a"], (11, 16)),
        # Everyone in both small ones answered, which their sum would say.
        (groups(("a", 9, 12), ("b", 6, 9), ("c", 4, 4), ("d", 4, 4)), ["a"], (14, 17)),
        # Nothing is left to show beside the total.
        (groups(("a", 6, 8), ("b", 2, 3)), [], None),
        (groups(("a", 3, 4)), [], None),
        # Nobody is in it, so there is nothing to tell.
        (groups(("a", 6, 8), ("b", 5, 8), ("c", 0, 0)), ["a", "b"], None),
        ([], [], None),
    ],
)
def test_groups_of_few_are_shown_together(
    given_groups: list[Group], shown: list[str], others: tuple[int, int] | None
) -> None:
    out = suppress(given_groups)
    assert [group.name for group in out.shown] == shown
    assert (out.others and (out.others.part, out.others.whole)) == others


def test_order_of_the_groups_stays_and_changes_nothing() -> None:
    rows = groups(("z", 9, 9), ("a", 8, 8), ("m", 2, 9), ("b", 5, 6))
    out = suppress(rows)
    assert [g.name for g in out.shown] == ["z", "a"]
    assert out.hidden == ("m", "b")
    turned = suppress(rows[::-1])
    assert (set(turned.shown), turned.others) == (set(out.shown), out.others)


def possible(hidden: list[Group], total: int) -> dict[str, set[int]]:
    """Return every figure that each hidden group may have, to a reader who knows their sum and sizes. By trying all."""
    found: dict[str, set[int]] = {group.name: set() for group in hidden}
    for figures in product(*(range(group.whole + 1) for group in hidden)):
        if sum(figures) == total:
            for group, figure in zip(hidden, figures, strict=True):
                found[group.name].add(figure)
    return found


sizes = st.integers(1, 9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(st.lists(sizes, max_size=5), st.integers(2, 6))
def test_nothing_left_out_can_be_worked_out_from_what_is_shown(figures: list[tuple[int, int]], least: int) -> None:
    rows = [Group(f"g{n}", *each) for n, each in enumerate(figures)]
    out: ShownGroups = suppress(rows, least)
    assert all(group.part >= least for group in out.shown)
    hidden = [group for group in rows if group.name in out.hidden]
    if out.others is None:
        # All groups or none: beside the total nothing is told of any.
        assert not hidden
        assert set(out.shown) in (set(rows), set())
        return
    total = sum(group.part for group in rows) - sum(group.part for group in out.shown)
    assert out.others.part == total >= least
    assert len(hidden) >= 2
    assert {len(figures) for figures in possible(hidden, total).values()} & {0, 1} == set()
