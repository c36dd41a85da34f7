"""Which prompt comes next for a community."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.prompts.bank import CATEGORIES, ROLES, SEASON_PHASES, Prompt, by_id, load
from bot.features.prompts.selection import TRUST, choose

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
    own: Sequence[Prompt] = (),
    now: datetime = OCTOBER,
    phase: str = "launch",
    meetings: int = 9,
    last: str = "",
    roles: frozenset[str] = EVERY_ROLE,
    start: int = 0,
) -> str:
    """Return the id of what is chosen, "" if nothing is left."""
    chosen = choose(
        bank,
        own=own,
        asked=last_asked(used),
        now=now,
        season_phase=phase,
        meetings_held=meetings,
        last_category=last,
        last_prompt=max(used, key=lambda pair: (pair[1], pair[0]))[0] if used else "",
        roles=roles,
        two_seasons=TWO_SEASONS,
        start=start,
    )
    return chosen.id if chosen else ""


def last_asked(used: Sequence[tuple[str, datetime]]) -> Mapping[str, datetime]:
    return dict(sorted(used, key=lambda pair: pair[1]))


def ago(days: int) -> datetime:
    return OCTOBER - timedelta(days=days)


def test_new_community_gets_an_easy_prompt() -> None:
    first = by_id(next_of(load(), meetings=0))
    assert (first.category, first.depth, first.season) == ("noticing practice", 1, "launch")


def test_season_grows_deeper_and_varies_its_categories() -> None:
    used: list[tuple[str, datetime]] = []
    for fortnight in range(18):
        phase = SEASON_PHASES[min(fortnight // 5, 3)]
        last = by_id(used[-1][0]).category if used else ""
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
        last = by_id(used[-1][0]).category if used else ""
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
        ([("a", ago(20)), ("b", ago(30))], ""),  # all used: none
        ([("gone-from-the-bank", ago(1))], "a"),
    ],
)
def test_prompt_does_not_return_within_two_seasons(used: list[tuple[str, datetime]], asked: str) -> None:
    """Not even if no other prompt is left."""
    assert next_of([prompt("a"), prompt("b")], used) == asked


def test_category_never_comes_twice_running() -> None:
    """Not even if no other is left."""
    bank = [prompt("same", CATEGORIES[0]), prompt("old", CATEGORIES[1])]
    assert next_of(bank, [("old", ago(20))], last=CATEGORIES[0]) == ""


def test_own_prompts_of_a_community_come_first_in_their_order() -> None:
    first, second = prompt("own-2", CATEGORIES[0], depth=3), prompt("own-1", CATEGORIES[1])
    own, bank = [first, second], [prompt("shipped", CATEGORIES[2])]
    assert next_of(bank, own=own) == "own-2"
    assert next_of(bank, own=own, last=CATEGORIES[0]) == "own-1"
    assert next_of(bank, [("own-2", ago(30)), ("own-1", ago(20))], own=own) == "shipped"
    assert next_of(bank, own=[replace(first, depth=4)], meetings=3) == "shipped"


def test_follow_up_of_what_was_asked_last_comes_before_others_of_its_step() -> None:
    begun = replace(prompt("begun", CATEGORIES[0]), follow_up="then")
    bank = [begun, prompt("other", CATEGORIES[1]), prompt("then", CATEGORIES[2])]
    assert next_of(bank, [("begun", ago(30))], last=CATEGORIES[0]) == "then"
    assert next_of(bank, [("begun", ago(30)), ("x", ago(20))], last=CATEGORIES[0]) == "other"
    later = [begun, bank[1], replace(bank[2], season="apply")]
    assert next_of(later, [("begun", ago(30))], last=CATEGORIES[0]) == "other"


@pytest.mark.parametrize(("meetings", "depths"), [(0, "1234"), (1, "1234"), (2, "1234"), (3, "1234"), (4, "4123")])
def test_depth_grows_with_the_meetings_held(meetings: int, depths: str) -> None:
    """What is deeper than trust allows comes later, by how much it is. From the fourth meeting on it's all one."""
    bank = [prompt(f"d{depth}", CATEGORIES[depth], depth=depth) for depth in (4, 1, 2, 3)]
    used: list[tuple[str, datetime]] = []
    while chosen := next_of(bank, used, meetings=meetings):
        used.append((chosen, OCTOBER))
    assert "".join(id[1] for id, _ in used) == (depths if meetings >= 4 else depths.replace("4", ""))


def test_two_seasons_of_a_monthly_community_repeat_nothing() -> None:
    """For members who haven't said what they do, too: the prompts for everyone are enough."""
    for roles in (EVERY_ROLE, frozenset[str](), frozenset({"coordinator"})):
        used: list[tuple[str, datetime]] = []
        for week in range(0, 2 * 52, 3):
            now, phase = OCTOBER + timedelta(weeks=week), SEASON_PHASES[min(week % 52 // 10, 3)]
            last = by_id(used[-1][0]).category if used else ""
            used.append((next_of(load(), used, now=now, phase=phase, meetings=week // 4, last=last, roles=roles), now))
        assert len({id for id, _ in used}) == len(used) == 35
        assert all(by_id(one).category != by_id(other).category for (one, _), (other, _) in pairwise(used))


def test_members_are_asked_about_their_own_work() -> None:
    bank = [replace(prompt("for-directors"), roles=("director",)), prompt("for-all")]
    assert next_of(bank, roles=frozenset({"youth worker"})) == "for-all"
    assert next_of(bank, roles=frozenset({"director"})) == "for-directors"
    assert next_of(bank, roles=frozenset()) == "for-all"


def test_nothing_is_chosen_where_nothing_suits() -> None:
    assert next_of([prompt("deep", depth=4)], meetings=1) == ""


def test_unknown_phase_is_refused() -> None:
    with pytest.raises(ValueError, match="launch, build, apply, synthesize, not 'winter'"):
        next_of(load(), phase="winter")


@dataclass(frozen=True)
class Moment:
    used: tuple[tuple[str, datetime], ...]
    phase: str
    meetings: int
    last: str
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

    @property
    def trust(self) -> int:
        return TRUST[min(self.meetings, 4)]


askings = st.tuples(st.sampled_from([p.id for p in load()]), st.integers(-30, 1500).map(ago))
moments = st.builds(
    Moment,
    used=st.lists(askings, max_size=150).map(tuple),
    phase=st.sampled_from(SEASON_PHASES),
    meetings=st.integers(0, 8),
    last=st.just("") | st.sampled_from(CATEGORIES),
    roles=st.frozensets(st.sampled_from(ROLES)),
    start=st.integers(0, 10_000),
)


@given(moments, st.randoms(use_true_random=False))
def test_selection_is_deterministic(moment: Moment, chance: Random) -> None:
    shuffled = tuple(chance.sample(moment.used, len(moment.used)))
    assert moment.asks() == replace(moment, used=shuffled).asks()


@given(moments)
def test_selection_keeps_its_promises_after_any_history(moment: Moment) -> None:
    left = [p for p in load() if moment.suits(p) and not moment.asked_lately(p) and p.category != moment.last]
    id = moment.asks()
    assert bool(id) == bool(left)
    if not id:
        return
    chosen = by_id(id)
    assert chosen in left
    now = [p for p in left if p.season == moment.phase]
    assert chosen in now or not now
    easy = [p for p in left if p.season == chosen.season and p.depth <= moment.trust]
    assert chosen in easy or not easy


@given(moments, st.integers(1, 40))
def test_more_meetings_never_make_it_shallower_than_trust_allows(moment: Moment, more: int) -> None:
    """A prompt within the trust of fewer meetings is within that of more."""
    if not (id := moment.asks()):
        return
    later = replace(moment, meetings=moment.meetings + more)
    chosen, then = by_id(id), by_id(later.asks())
    assert later.trust >= moment.trust
    assert SEASON_PHASES.index(then.season) == SEASON_PHASES.index(chosen.season) or later.meetings >= 4
    if then.season == chosen.season:
        assert max(0, then.depth - later.trust) <= max(0, chosen.depth - moment.trust)


@given(moments, st.integers(2, 12))
def test_rotation_left_alone_repeats_nothing_and_changes_the_category(moment: Moment, times: int) -> None:
    used, last = [*moment.used], moment.last
    for day in range(times):
        now = OCTOBER + timedelta(days=14 * day)
        id = next_of(
            load(),
            used,
            now=now,
            phase=moment.phase,
            meetings=moment.meetings + day // 2,
            last=last,
            roles=moment.roles,
        )
        if not id:
            break
        assert by_id(id).category != last
        assert not any(before == id and at > now - TWO_SEASONS for before, at in used)
        used.append((id, now))
        last = by_id(id).category
