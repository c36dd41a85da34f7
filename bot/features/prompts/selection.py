"""The rotation of reflection prompts: which one comes next. Pure and deterministic."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.features.prompts.bank import EVERYONE, SEASON_PHASES, Prompt

DEEPEST = 4
MEETINGS_BEFORE_DEEPEST = 4
# Prompts up to this depth come first in their phase of the season.
EASY = {"launch": 1, "build": 2, "apply": 2, "synthesize": 2}


def choose(
    bank: Sequence[Prompt],
    *,
    used: Sequence[tuple[str, datetime]],
    now: datetime,
    season_phase: str,
    meetings_held: int,
    last_category: str | None,
    roles: Collection[str],
    two_seasons: timedelta,
    start: int,
) -> Prompt:
    """Return the next prompt for a community. Equal arguments give the same prompt.

    `used` are the ids asked so far and when, in any order. `roles` are the roles of the members; without any, only
    prompts for everyone suit. A prompt suits if it is for one of those roles, and is not of the greatest depth before
    the fourth meeting is over. Of the prompts that suit, these are preferred, in this order:

    1. not asked within `two_seasons`, unless all were;
    2. not of `last_category`, unless all are;
    3. of this phase of the season, then of the phases before it, then of those after it;
    4. easy for that phase, then deeper;
    5. the next in turn, one category after the other, counted from the community's own `start` (any number), so that
       communities founded together are not asked the same in the same week.

    If all that suit were asked within `two_seasons`, the one asked longest ago comes again. Raises LookupError if
    nothing suits, and ValueError for an unknown phase.
    """
    if season_phase not in SEASON_PHASES:
        raise ValueError(f"A season has the phases {', '.join(SEASON_PHASES)}, not {season_phase!r}.")
    suiting = [prompt for prompt in bank if _suits(prompt, roles, meetings_held)]
    if not suiting:
        raise LookupError("No prompt suits: the bank has none for these roles and this early in a community.")
    asked = _last_asked(used)
    fresh = [prompt for prompt in suiting if prompt.id not in asked or asked[prompt.id] <= now - two_seasons]
    candidates = [p for p in fresh or suiting if p.category != last_category] or fresh or suiting
    if not fresh:
        return min(candidates, key=lambda prompt: asked[prompt.id])
    best = min(_step(prompt, season_phase) for prompt in candidates)
    circle = [prompt for prompt in _interleaved(suiting) if _step(prompt, season_phase) == best]
    turn = {prompt.id: (place - start) % len(circle) for place, prompt in enumerate(circle)}
    return min((p for p in candidates if p.id in turn), key=lambda prompt: turn[prompt.id])


def _suits(prompt: Prompt, roles: Collection[str], meetings_held: int) -> bool:
    if prompt.depth >= DEEPEST and meetings_held < MEETINGS_BEFORE_DEEPEST:
        return False
    return EVERYONE in prompt.roles or any(role in roles for role in prompt.roles)


def _last_asked(used: Sequence[tuple[str, datetime]]) -> Mapping[str, datetime]:
    """Return the last time each prompt was asked, by id."""
    return dict(sorted(used, key=lambda pair: pair[1]))


def _interleaved(prompts: Sequence[Prompt]) -> list[Prompt]:
    """Order prompts so that neighbours differ in category: the first of each, then the second of each, and so on."""
    counts: Counter[str] = Counter()
    round_of = {}
    for prompt in prompts:
        round_of[prompt.id] = counts[prompt.category]
        counts[prompt.category] += 1
    return sorted(prompts, key=lambda prompt: round_of[prompt.id])


def _step(prompt: Prompt, phase: str) -> tuple[int, bool]:
    """Return the prompt's step in a season, smaller first. All prompts of a step are asked before the next step."""
    return _distance(prompt.season, phase), prompt.depth > EASY[prompt.season]


def _distance(phase: str, today: str) -> int:
    """Return how far a prompt's phase is from today's. Every past phase is nearer than any to come."""
    behind = SEASON_PHASES.index(today) - SEASON_PHASES.index(phase)
    return behind if behind >= 0 else len(SEASON_PHASES) - behind
