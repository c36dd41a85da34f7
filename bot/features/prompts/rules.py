"""Which reflection prompt comes next: fitting, fresh, and a little deeper than the one before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.features.prompts.bank import EVERYONE, SEASON_PHASES, Prompt

DEEPEST = 4
MEETINGS_BEFORE_DEEPEST = 4
NEVER = datetime.min.replace(tzinfo=UTC)


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
) -> Prompt:
    """The next prompt for a community; the same answer whenever the same things are true.

    `used` holds the ids asked so far and when, in any order; `roles` the roles its members have (none
    known: only prompts for everyone). A prompt suits if one of its roles is among them and if it is not of
    the deepest kind before the fourth meeting is over. Of those that suit:

    1. none asked within `two_seasons`, as long as another is left;
    2. none of `last_category`, as long as another is left;
    3. those of this phase of the season, then of the phases before it, then of those to come;
    4. the shallowest, then the category heard least recently, then the first in the bank.

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
    heard = _last_heard(bank, asked)
    return min(candidates, key=lambda prompt: _order(prompt, season_phase, heard))


def _suits(prompt: Prompt, roles: Collection[str], meetings_held: int) -> bool:
    if prompt.depth >= DEEPEST and meetings_held < MEETINGS_BEFORE_DEEPEST:
        return False
    return EVERYONE in prompt.roles or any(role in roles for role in prompt.roles)


def _last_asked(used: Sequence[tuple[str, datetime]]) -> Mapping[str, datetime]:
    """Prompt id -> the last time it was asked."""
    return dict(sorted(used, key=lambda asking: asking[1]))


def _last_heard(bank: Sequence[Prompt], asked: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """Category -> the last time any of its prompts was asked."""
    times = sorted((asked[prompt.id], prompt.category) for prompt in bank if prompt.id in asked)
    return {category: time for time, category in times}


def _order(prompt: Prompt, phase: str, heard: Mapping[str, datetime]) -> tuple[int, int, datetime]:
    return _distance(prompt.season, phase), prompt.depth, heard.get(prompt.category, NEVER)


def _distance(phase: str, today: str) -> int:
    """How far a prompt's phase is from today's; any phase past is nearer than one to come."""
    behind = SEASON_PHASES.index(today) - SEASON_PHASES.index(phase)
    return behind if behind >= 0 else len(SEASON_PHASES) - behind
