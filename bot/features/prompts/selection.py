"""The rotation of reflection prompts: which one comes next. Pure and deterministic."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.features.prompts.bank import EVERYONE, SEASON_PHASES, Prompt

DEEPEST = 4
MEETINGS_BEFORE_DEEPEST = 4
# How deep a community is asked first, after none, one, two, three, and more meetings. Deeper prompts wait until these
# are used up, and the deepest until MEETINGS_BEFORE_DEEPEST in any case.
TRUST = (1, 2, 2, 3, DEEPEST)


def choose(
    bank: Sequence[Prompt],
    *,
    own: Sequence[Prompt] = (),
    asked: Mapping[str, datetime],
    now: datetime,
    season_phase: str,
    meetings_held: int,
    last_category: str,
    last_prompt: str,
    roles: Collection[str],
    two_seasons: timedelta,
    start: int,
) -> Prompt | None:
    """Return the next prompt for a community, None if nothing is left. Equal arguments give the same prompt.

    `asked` says when one of its members was last asked a prompt, by id. `roles` are those that suit the community;
    without any, only prompts for everyone do. Never chosen is a prompt

    - that was asked within `two_seasons`,
    - of `last_category` ("" for none),
    - for other roles, or
    - of the greatest depth before the fourth meeting is over.

    Of the others, the community's `own` come first, in their order. Of the bank, these are preferred, in this order:

    1. of this phase of the season, then of the phases before it, then of those after it;
    2. no deeper than TRUST, then by how much they are;
    3. what follows up `last_prompt`, an id ("" for none);
    4. the next in turn, one category after the other, counted from the community's own `start` (any number), so that
       communities founded together are not asked the same in the same week.

    Raises ValueError for an unknown phase.
    """
    if season_phase not in SEASON_PHASES:
        raise ValueError(f"A season has the phases {', '.join(SEASON_PHASES)}, not {season_phase!r}.")
    recent = {id for id, at in asked.items() if at > now - two_seasons}

    def can_come(prompt: Prompt) -> bool:
        is_new = prompt.id not in recent and prompt.category != last_category
        return is_new and _suits(prompt, roles, meetings_held)

    if mine := next(filter(can_come, own), None):
        return mine
    candidates = [prompt for prompt in bank if can_come(prompt)]
    if not candidates:
        return None

    def step(prompt: Prompt) -> tuple[int, int]:
        trust = TRUST[min(meetings_held, len(TRUST) - 1)]
        return _distance(prompt.season, season_phase), max(0, prompt.depth - trust)

    best = min(step(prompt) for prompt in candidates)
    # The circle holds what was asked too, so that the turn goes on where it was.
    suiting = [prompt for prompt in bank if _suits(prompt, roles, meetings_held)]
    circle = [prompt for prompt in _interleaved(suiting) if step(prompt) == best]
    turn = {prompt.id: (place - start) % len(circle) for place, prompt in enumerate(circle)}
    following = {prompt.follow_up for prompt in bank if prompt.id == last_prompt}
    in_turn = [prompt for prompt in candidates if prompt.id in turn]
    return min(in_turn, key=lambda prompt: (prompt.id not in following, turn[prompt.id]))


def _suits(prompt: Prompt, roles: Collection[str], meetings_held: int) -> bool:
    if prompt.depth >= DEEPEST and meetings_held < MEETINGS_BEFORE_DEEPEST:
        return False
    return EVERYONE in prompt.roles or any(role in roles for role in prompt.roles)


def _interleaved(prompts: Sequence[Prompt]) -> list[Prompt]:
    """Order prompts so that neighbours differ in category: the first of each, then the second of each, and so on."""
    counts: Counter[str] = Counter()
    round_of = {}
    for prompt in prompts:
        round_of[prompt.id] = counts[prompt.category]
        counts[prompt.category] += 1
    return sorted(prompts, key=lambda prompt: round_of[prompt.id])


def _distance(phase: str, today: str) -> int:
    """Return how far a prompt's phase is from today's. Every past phase is nearer than any to come."""
    behind = SEASON_PHASES.index(today) - SEASON_PHASES.index(phase)
    return behind if behind >= 0 else len(SEASON_PHASES) - behind
