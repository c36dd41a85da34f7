"""Which reflection prompt comes next: fitting, fresh, and a little deeper than the one before."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.features.prompts.bank import EVERYONE, SEASON_PHASES, Prompt

DEEPEST = 4
MEETINGS_BEFORE_DEEPEST = 4
EASY = {"launch": 1, "build": 2, "apply": 2, "synthesize": 2}  # prompts up to this depth come first in their phase


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
    """The next prompt for a community; the same answer whenever the same things are true.

    `used` holds the ids asked so far and when, in any order; `roles` the roles its members have (none
    known: only prompts for everyone). A prompt suits if one of its roles is among them and if it is not of
    the deepest kind before the fourth meeting is over. Of those that suit:

    1. none asked within `two_seasons`, as long as another is left;
    2. none of `last_category`, as long as another is left;
    3. those of this phase of the season, then of the phases before it, then of those to come;
    4. those that are easy in that phase, then the deeper ones;
    5. each in turn, one category after the other, from the community's own place: `start`, any number at all.
       So communities that were founded together are not asked the same thing in the same week.

    When everything that suits was asked within `two_seasons`, the one asked longest ago comes again.
    LookupError when nothing suits; ValueError for a phase that no season has.
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
    circle = [prompt for prompt in _dealt(suiting) if _step(prompt, season_phase) == best]
    turn = {prompt.id: (place - start) % len(circle) for place, prompt in enumerate(circle)}
    return min((p for p in candidates if p.id in turn), key=lambda prompt: turn[prompt.id])


def _suits(prompt: Prompt, roles: Collection[str], meetings_held: int) -> bool:
    if prompt.depth >= DEEPEST and meetings_held < MEETINGS_BEFORE_DEEPEST:
        return False
    return EVERYONE in prompt.roles or any(role in roles for role in prompt.roles)


def _last_asked(used: Sequence[tuple[str, datetime]]) -> Mapping[str, datetime]:
    """Prompt id -> the last time it was asked."""
    return dict(sorted(used, key=lambda asking: asking[1]))


def _dealt(prompts: Sequence[Prompt]) -> list[Prompt]:
    """The first of each category, then the second of each, and so on: neighbours are of different categories."""
    dealt: Counter[str] = Counter()
    round_of = {}
    for prompt in prompts:
        round_of[prompt.id] = dealt[prompt.category]
        dealt[prompt.category] += 1
    return sorted(prompts, key=lambda prompt: round_of[prompt.id])


def _step(prompt: Prompt, phase: str) -> tuple[int, bool]:
    """How soon it is this prompt's turn in a season: all of one step are asked before the next."""
    return _distance(prompt.season, phase), prompt.depth > EASY[prompt.season]


def _distance(phase: str, today: str) -> int:
    """How far a prompt's phase is from today's; any phase past is nearer than one to come."""
    behind = SEASON_PHASES.index(today) - SEASON_PHASES.index(phase)
    return behind if behind >= 0 else len(SEASON_PHASES) - behind
