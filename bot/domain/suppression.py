"""Suppression: which groups of a table can be shown without telling about few people. Pure functions.

A group with few answers is left out. Whoever knows the total could then work out what is missing, so others are left
out beside it until nothing can be worked out: all that is left out is shown as one group. The reader is taken to know
the total, and how large each group is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5  # people
STEP = 5


@dataclass(frozen=True)
class Group:
    """How many of a group did something, of how many who could."""

    name: str
    part: int
    whole: int


@dataclass(frozen=True)
class ShownGroups:
    """The groups that are shown, in their order, and `others`: those that aren't, together. None if there are none.

    Without `shown` and `others`, nothing can be shown beside the total.
    """

    shown: tuple[Group, ...] = ()
    others: Group | None = None
    # What the groups in `others` are called.
    hidden: tuple[str, ...] = ()


def suppress(groups: Sequence[Group], least: int = LEAST) -> ShownGroups:
    """Return what can be shown of these groups. Each person is in one of them."""
    groups = [group for group in groups if group.whole]
    # The smallest first, so that no more than needed is left out.
    order = sorted(groups, key=lambda g: (g.part, g.whole, g.name))
    count = sum(group.part < least for group in order)
    while 0 < count < len(order) and _could_be_worked_out(order[:count], least):
        count += 1
    hidden = {group.name for group in order[:count]}
    together = Group("", sum(g.part for g in order[:count]), sum(g.whole for g in order[:count]))
    if count == len(order):
        # The groups together are the total.
        return ShownGroups()
    shown = tuple(group for group in groups if group.name not in hidden)
    names = tuple(group.name for group in groups if group.name in hidden)
    return ShownGroups(shown, together if hidden else None, names)


def in_steps(count: int) -> int:
    """Round a count down, so that it doesn't tell whether one person more or less did something."""
    return count // STEP * STEP


def _could_be_worked_out(hidden: Sequence[Group], least: int) -> bool:
    """Return whether these are too few beside each other, or one of them can have only one figure, given their sum."""
    part, whole = sum(g.part for g in hidden), sum(g.whole for g in hidden)
    if len(hidden) < 2 or part < least:
        return True
    return any(max(0, part - (whole - g.whole)) == min(g.whole, part) for g in hidden)
