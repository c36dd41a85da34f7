"""Which prompt comes next for a community."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.prompts.bank import CATEGORIES, ROLES, SEASON_PHASES, Prompt, by_id, load
from bot.features.prompts.selection import EASY, choose

OCTOBER = datetime(2026, 10, 14, 20, tzinfo=UTC)
TWO_SEASONS = timedelta(days=2 * 365)
EVERY_ROLE = frozenset(ROLES)
GOOD = by_id("noticing-energy-shift")


def prompt(id: str, category: str = "noticing practice", season: str = "launch", depth: int = 1) -> Prompt:
    return replace(GOOD, id=id, category=category, season=season, depth=depth)


def next_of(
    bank: Sequence[Prompt],
    used: Sequence[tuple[str, datetime]] = (),
    *,
    now: datetime = OCTOBER,
    phase: str = "launch",
    meetings: int = 9,
    last: str | None = None,
    roles: frozenset[str] = EVERY_ROLE,
    start: int = 0,
) -> str:
    chosen = choose(
        bank,
        used=used,
        now=now,
        season_phase=phase,
        meetings_held=meetings,
        last_category=last,
        roles=roles,
        two_seasons=TWO_SEASONS,
        start=start,
    )
    return chosen.id


def ago(days: int) -> datetime:
    return OCTOBER - timedelta(days=days)


def test_new_community_gets_an_easy_prompt() -> None:
    first = by_id(next_of(load(), meetings=0))
    assert (first.category, first.depth, first.season) == ("noticing practice", 1, "launch")


def test_season_grows_deeper_and_varies_its_categories() -> None:
    used: list[tuple[str, datetime]] = []
    for fortnight in range(18):
        phase = SEASON_PHASES[min(fortnight // 5, 3)]
        last = by_id(used[-1][0]).category if used else None
        now = OCTOBER + timedelta(days=14 * fortnight)
        used.append((next_of(load(), used, now=now, phase=phase, meetings=fortnight // 2, last=last), now))
    asked = [by_id(id) for id, _ in used]
    assert len({p.id for p in asked}) == 18
    assert all(one.category != other.category for one, other in pairwise(asked))
    assert [p.season for p in asked] == [SEASON_PHASES[min(n // 5, 3)] for n in range(18)]
    assert max(p.depth for p in asked[:5]) < max(p.depth for p in asked[10:])
    assert len({p.category for p in asked}) >= 9


def season_of(start: int, roles: frozenset[str]) -> list[str]:
    """Return what the community with this start is asked in a season of eighteen prompts."""
    used: list[tuple[str, datetime]] = []
    for fortnight in range(18):
        now, phase = OCTOBER + timedelta(days=14 * fortnight), SEASON_PHASES[min(fortnight // 5, 3)]
        last = by_id(used[-1][0]).category if used else None
        chosen = next_of(
            load(), used, now=now, phase=phase, meetings=fortnight // 2, last=last, roles=roles, start=start
        )
        used.append((chosen, now))
    return [id for id, _ in used]


@pytest.mark.parametrize("roles", [EVERY_ROLE, frozenset[str]()])
@pytest.mark.parametrize("first", [0, 7, 40])
@pytest.mark.parametrize("siblings", [3, 5])
def test_communities_founded_together_rarely_get_the_same_prompt(
    siblings: int, first: int, roles: frozenset[str]
) -> None:
    seasons = [season_of(first + sibling, roles) for sibling in range(siblings)]
    assert all(len(set(season)) == 18 for season in seasons)
    together = [len(set(asked)) for asked in zip(*seasons, strict=True)]
    assert together.count(1) <= 2
    assert sum(together) / len(together) > siblings * 0.75


@pytest.mark.parametrize(("meetings", "asked"), [(0, "shallow"), (3, "shallow"), (4, "deep")])
def test_deepest_prompts_wait_for_four_meetings(meetings: int, asked: str) -> None:
    bank = [prompt("deep", depth=4, season="build"), prompt("shallow", season="launch")]
    assert next_of(bank, phase="build", meetings=meetings) == asked


@pytest.mark.parametrize(
    ("phase", "order"),
    [
        ("launch", ["launch", "build", "apply", "synthesize"]),
        ("build", ["build", "launch", "apply", "synthesize"]),
        ("apply", ["apply", "build", "launch", "synthesize"]),
        ("synthesize", ["synthesize", "apply", "build", "launch"]),
    ],
)
def test_current_phase_comes_first_then_earlier_then_later(phase: str, order: list[str]) -> None:
    bank = [prompt(phase, season=phase) for phase in SEASON_PHASES]
    used: list[tuple[str, datetime]] = []
    for _ in SEASON_PHASES:
        used.append((next_of(bank, used, phase=phase), OCTOBER))
    assert [id for id, _ in used] == order


def test_category_used_longest_ago_comes_next() -> None:
    noticing, wins, data = CATEGORIES[0], CATEGORIES[1], CATEGORIES[3]
    bank = [
        prompt("n1", noticing),
        prompt("n2", noticing),
        prompt("w1", wins),
        prompt("w2", wins),
        prompt("d1", data),
    ]
    assert next_of(bank, [("n1", ago(28))], last=noticing) == "w1"
    assert next_of(bank, [("n1", ago(28)), ("w1", ago(14))], last=wins) == "d1"
    assert next_of(bank, [("n1", ago(42)), ("w1", ago(28)), ("d1", ago(14))], last=data) == "n2"


@pytest.mark.parametrize(
    ("used", "asked"),
    [
        ([("a", ago(729))], "b"),  # still within two seasons
        ([("a", ago(730))], "a"),  # two seasons later to the day
        ([("a", ago(800)), ("a", ago(20))], "b"),  # the last time counts
        ([("a", ago(20)), ("b", ago(30))], "b"),  # all used: the one asked longest ago
        ([("a", ago(30)), ("b", ago(20))], "a"),
        ([("a", ago(20)), ("b", ago(20))], "a"),  # on the same day: the first in the bank
        ([("gone-from-the-bank", ago(1))], "a"),
    ],
)
def test_prompt_does_not_return_within_two_seasons(used: list[tuple[str, datetime]], asked: str) -> None:
    """It does only if no other prompt is left."""
    assert next_of([prompt("a"), prompt("b")], used) == asked


def test_fresh_prompt_of_a_category_comes_before_an_old_one_of_another() -> None:
    bank = [prompt("fresh", CATEGORIES[0]), prompt("old", CATEGORIES[1])]
    assert next_of(bank, [("old", ago(20))], last=CATEGORIES[0]) == "fresh"


def test_members_are_asked_about_their_own_work() -> None:
    bank = [replace(prompt("for-directors"), roles=("director",)), prompt("for-all")]
    assert next_of(bank, roles=frozenset({"youth worker"})) == "for-all"
    assert next_of(bank, roles=frozenset({"director"})) == "for-directors"
    assert next_of(bank, roles=frozenset()) == "for-all"


def test_empty_bank_says_so() -> None:
    with pytest.raises(LookupError, match="No prompt suits"):
        next_of([prompt("deep", depth=4)], meetings=1)


def test_unknown_phase_is_refused() -> None:
    with pytest.raises(ValueError, match="launch, build, apply, synthesize, not 'winter'"):
        next_of(load(), phase="winter")


@dataclass(frozen=True)
class Moment:
    used: tuple[tuple[str, datetime], ...]
    phase: str
    meetings: int
    last: str | None
    roles: frozenset[str]
    start: int

    def asks(self) -> str:
        return next_of(
            load(),
            self.used,
            phase=self.phase,
            meetings=self.meetings,
            last=self.last,
            roles=self.roles,
            start=self.start,
        )

    def suits(self, prompt: Prompt) -> bool:
        return bool({"any", *self.roles} & {*prompt.roles}) and (prompt.depth < 4 or self.meetings >= 4)

    def asked_lately(self, prompt: Prompt) -> bool:
        return any(id == prompt.id and when > OCTOBER - TWO_SEASONS for id, when in self.used)


askings = st.tuples(st.sampled_from([p.id for p in load()]), st.integers(-30, 1500).map(ago))
moments = st.builds(
    Moment,
    used=st.lists(askings, max_size=120).map(tuple),
    phase=st.sampled_from(SEASON_PHASES),
    meetings=st.integers(0, 40),
    last=st.none() | st.sampled_from(CATEGORIES),
    roles=st.frozensets(st.sampled_from(ROLES)),
    start=st.integers(0, 10_000),
)


@given(moments, st.randoms(use_true_random=False))
def test_selection_is_deterministic(moment: Moment, chance: Random) -> None:
    shuffled = tuple(chance.sample(moment.used, len(moment.used)))
    assert moment.asks() == replace(moment, used=shuffled).asks()


@given(moments)
def test_selection_keeps_its_promises_after_any_history(moment: Moment) -> None:
    chosen = by_id(moment.asks())
    left = [p for p in load() if moment.suits(p) and not moment.asked_lately(p)]
    elsewhere = [p for p in left if p.category != moment.last]
    assert moment.suits(chosen)
    assert chosen in left or not left
    assert chosen.category != moment.last or not elsewhere
    easy = [p for p in elsewhere if p.season == chosen.season and p.depth <= EASY[p.season]]
    assert chosen in easy or not easy
