"""Lint for reflection prompts: wording, length, repeats, and a balanced bank. English only."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from rapidfuzz import fuzz, utils

from bot.features.prompts.bank import EVERYONE, Prompt

MOST_WORDS = 30
LONGEST_STARTER = 100  # characters; Discord's placeholder
# Likeness from which two prompts repeat each other, of 100 (rapidfuzz).
TOO_ALIKE = 80

_YES_NO = r"(?:^|,\s+)(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might)\b"
_QUESTION_WORD = r"\b(?:what|how|where|when|which|whose|why)\b"
_MOMENT = r"\b(?:last|latest|recent|recently|past|next|today|yesterday|this (?:week|month|season))\b"
_PEOPLE = r"students?|child|children|kids?|young persons?|colleagues?|parents?|famil(?:y|ies)|volunteers?|staff"
_BANNED = (
    (r"any (?:thoughts|ideas|feedback|comments)|thoughts on|how do you feel about", "is too open to answer"),
    (
        r"don[’']t you think|have you (?:tried|considered|thought)|why (?:not|don[’']t|didn[’']t)"
        r"|wouldn[’']t it|shouldn[’']t|should|must|ought|you need to",
        "hides advice; ask what they saw, chose or expect",
    ),
    (r"(?:and|or) (?:what|how|where|when|which|who|why)", "asks two questions; keep the better one"),
    (
        rf"who|whom|(?:which|what) (?:{_PEOPLE})|students?[’']s? names?",
        "asks about a person; ask about practice",
    ),
    (
        r"stakeholders?|leverag\w+|synerg\w+|utili[sz]\w+|deliverables?|modalit\w+|pedagog\w+|rubrics?|fidelity"
        r"|best practices?|capacity[- ]building|outcomes?|KPIs?|SEL|CQI|PDSA|scaffold\w*|differentiat\w+",
        "uses a word of the trade; say it plainly",
    ),
    (r"amazing|awesome|incredibl[ey]|inspir\w+|grateful|blessed|proudest", "presses for good cheer"),
)
# At least this many of 120 prompts. A smaller bank needs the same shares, rounded down.
_QUOTAS = {
    "category": {
        "noticing practice": 12,
        "wins and strengths": 8,
        "challenges and dilemmas": 12,
        "data and evidence": 12,
        "planning small tests": 12,
        "learning from tests": 12,
        "equity, access, belonging": 12,
        "relationships and partnership": 8,
        "leading, supervising, coaching": 8,
        "well-being and growth": 8,
        "community and process": 6,
        "synthesis and legacy": 10,
    },
    "cqi": {"assess": 25, "plan": 20, "do": 15, "study": 25, "act": 20, "none": 15},
    "roles": {EVERYONE: 60, "youth worker": 20, "supervisor": 15, "director": 15, "coordinator": 10},
    "season": {"launch": 20, "build": 40, "apply": 35, "synthesize": 25},
}
_FULL_BANK = 120


def lint(prompts: Sequence[Prompt]) -> list[str]:
    """Return every fault found, one line each, beginning with the id of the prompt. [] for a good bank."""
    wording = (f"{prompt.id}: {fault}." for prompt in prompts for fault in _wording_faults(prompt))
    return [*wording, *_repeats(prompts), *_shortages(prompts)]


def _wording_faults(prompt: Prompt) -> Iterator[str]:
    words, question = len(prompt.text.split()), re.split(r"[.:!]\s+", prompt.text)[-1]
    if words > MOST_WORDS:
        yield f"{words} words; keep to {MOST_WORDS}"
    if prompt.text.count("?") != 1 or not prompt.text.endswith("?"):
        yield "needs one question mark, at its end"
    if _is_yes_or_no(question):
        yield "can be answered yes or no; ask what, how, where or when"
    if not _has(_MOMENT, prompt.text):
        yield "names no moment; ask about the last session, the past two weeks, next week"
    for pattern, fault in _BANNED:
        if found := re.search(rf"\b(?:{pattern})\b", prompt.text, re.IGNORECASE):
            yield f"“{found[0]}” {fault}"
    yield from _setting_faults(prompt)


def _setting_faults(prompt: Prompt) -> Iterator[str]:
    if not prompt.starter.endswith("…") or "?" in prompt.starter:
        yield "the starter must be the opening of an answer and end with …"
    if len(prompt.starter) > LONGEST_STARTER:
        yield f"the starter has {len(prompt.starter)} characters; keep to {LONGEST_STARTER}"
    if prompt.category == "well-being and growth" and not prompt.private_default:
        yield "a well-being prompt must be private by default"
    if EVERYONE in prompt.roles and len(prompt.roles) > 1:
        yield f"roles has both “{EVERYONE}” and a role; keep one or the other"


def _repeats(prompts: Sequence[Prompt]) -> Iterator[str]:
    for id, times in Counter(prompt.id for prompt in prompts).items():
        if times > 1:
            yield f"{id}: {times} prompts have this id."
    for one, other in combinations(prompts, 2):
        alike = fuzz.token_sort_ratio(one.text, other.text, processor=utils.default_process)
        if alike >= TOO_ALIKE:
            yield f"{other.id}: too much like {one.id} ({alike:.0f} of 100); keep one."


def _shortages(prompts: Sequence[Prompt]) -> Iterator[str]:
    """Yield what the bank has too few prompts of, by _QUOTAS."""
    for field, shares in _QUOTAS.items():
        have = Counter(value for prompt in prompts for value in _values(prompt, field))
        for value, share in shares.items():
            wanted = share * len(prompts) // _FULL_BANK
            if have[value] < wanted:
                yield f"bank: {have[value]} prompts with {field} “{value}”; there should be {wanted}."


def _values(prompt: Prompt, field: str) -> Iterable[str]:
    value: str | tuple[str, ...] = getattr(prompt, field)
    return (value,) if isinstance(value, str) else value


def _is_yes_or_no(question: str) -> bool:
    """Whether "Did you…" or the like comes before the first question word, or there is no question word."""
    lead, *rest = re.split(_QUESTION_WORD, question, maxsplit=1, flags=re.IGNORECASE)
    return not rest or _has(_YES_NO, lead)


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
