"""Lint for reflection prompts in English and Spanish: wording, length, copies, and a balanced bank.

The bank is held to it by a test. What a member proposes, or a community writes, is held to the same rules of wording,
so a fault has a kind, which `views` puts into words. The patterns know what people often type. They judge nothing else:
a question can pass all of them and still be a poor one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, process, utils

from bot.features.prompts.bank import DEPTHS, EVERYONE, PRIVATE, SEASON_PHASES, Prompt
from bot.features.prompts.lint_patterns import (
    ASKS_EN,
    ASKS_ES,
    ASKS_ES_FIRST,
    MOMENT,
    SECOND,
    SMALL_WORDS,
    WORDS,
    YES_OR_NO_EN,
    Kind,
)

MOST_WORDS = 30
LONGEST_STARTER = 100  # characters; Discord's placeholder
# Likeness from which two prompts repeat each other, of 100 (rapidfuzz).
TOO_ALIKE = 80


@dataclass(frozen=True)
class Fault:
    """`found` are the words it is about, "" if they are the whole question. For a copy, the prompt that it copies."""

    kind: Kind
    found: str = ""


# Of whom or what the bank of 120 has how many. A prompt counts for the first of its roles.
QUOTAS: Mapping[str, Mapping[str, int]] = {
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


def faults(text: str, language: str, others: Iterable[str] = ()) -> list[Fault]:
    """Return what is wrong with a question, what to mend first at the beginning. `others` are questions that exist."""
    found = [*_wording(text, language)]
    if copied := copy_of(text, others):
        found.append(Fault(Kind.COPY, copied))
    order = list(Kind)
    return sorted(found, key=lambda fault: order.index(fault.kind))


def language_of(text: str, usual: str) -> str:
    """Return the language that a question is in, as its small words tell; `usual` if they don't."""
    words = text.casefold().replace("¿", " ¿ ").split()
    small = {language: sum(word in known for word in words) for language, known in SMALL_WORDS.items()}
    most = max(small.values())
    return usual if small.get(usual) == most else max(small, key=lambda language: small[language])


def copy_of(text: str, others: Iterable[str]) -> str:
    """Return the question that this one is too much like, "" if none is."""
    best = process.extractOne(
        text, others, scorer=fuzz.token_sort_ratio, processor=utils.default_process, score_cutoff=TOO_ALIKE
    )
    return best[0] if best else ""


def _wording(text: str, language: str) -> Iterator[Fault]:
    if (words := len(text.split())) > MOST_WORDS:
        yield Fault(Kind.TOO_LONG, str(words))
    if not text.endswith("?"):
        yield Fault(Kind.NO_QUESTION)
    elif text.count("?") > 1:
        yield Fault(Kind.TWICE)
    asked = _asking(text)
    if second := SECOND[language].search(asked):
        yield Fault(Kind.TWICE, second[0])
    if _is_yes_or_no(asked, language):
        yield Fault(Kind.YES_OR_NO)
    if not MOMENT[language].search(text):
        yield Fault(Kind.NO_MOMENT)
    for kind, pattern in WORDS[language].items():
        if found := pattern.search(text):
            yield Fault(kind, found[0].strip("¿ "))


def _asking(text: str) -> str:
    """Return the part that asks: from the last "¿", or else the last sentence."""
    return re.split(r"¿|[.:!;]\s+", text)[-1]


def _is_yes_or_no(asked: str, language: str) -> bool:
    """Whether it asks for no more than yes or no.

    English tells by "did you…" before the first question word. Spanish has the question word first, perhaps behind a
    preposition, or behind a comma.
    """
    if language == "es":
        first, *later = [part.strip() for part in asked.split(",")]
        return not ASKS_ES_FIRST.match(first) and not any(ASKS_ES.match(part) for part in later)
    question_word = ASKS_EN.search(asked)
    return question_word is None or YES_OR_NO_EN.search(asked[: question_word.start()]) is not None


def lint(prompts: Sequence[Prompt]) -> list[str]:
    """Return every fault of a bank in one language, one line each, beginning with the id. [] for a good bank."""
    wording = (
        f"{prompt.id}: {fault.kind.value}{f' ({fault.found})' if fault.found else ''}."
        for prompt in prompts
        for fault in faults(prompt.text, prompt.language)
    )
    settings = (f"{prompt.id}: {fault}." for prompt in prompts for fault in _setting_faults(prompt))
    return [*wording, *settings, *_repeats(prompts), *_broken_follow_ups(prompts), *_imbalances(prompts)]


def _setting_faults(prompt: Prompt) -> Iterator[str]:
    if not prompt.starter.endswith("…") or "?" in prompt.starter:
        yield "the starter must be the opening of an answer and end with …"
    if len(prompt.starter) > LONGEST_STARTER:
        yield f"the starter has {len(prompt.starter)} characters; keep to {LONGEST_STARTER}"
    if prompt.language == "es" and prompt.text.count("¿") != 1:
        yield "needs one ¿, where the question begins"
    if prompt.category == PRIVATE and not prompt.private_default:
        yield "a well-being prompt must be private by default"
    if EVERYONE in prompt.roles and len(prompt.roles) > 1:
        yield f"roles has both “{EVERYONE}” and a role; keep one or the other"
    if (prompt.private_default or prompt.depth == DEPTHS[-1] or prompt.challenge == "brave") and not prompt.note:
        yield "needs a note that tells facilitators what can hurt"


def _repeats(prompts: Sequence[Prompt]) -> Iterator[str]:
    for id, times in Counter(prompt.id for prompt in prompts).items():
        if times > 1:
            yield f"{id}: {times} prompts have this id."
    for one, other in combinations(prompts, 2):
        alike = fuzz.token_sort_ratio(one.text, other.text, processor=utils.default_process)
        if alike >= TOO_ALIKE:
            yield f"{other.id}: too much like {one.id} ({alike:.0f} of 100); keep one."


def _broken_follow_ups(prompts: Sequence[Prompt]) -> Iterator[str]:
    """Yield the follow-ups that could never come next: gone, of the same category, or easier or earlier."""
    by_id = {prompt.id: prompt for prompt in prompts}
    for prompt in prompts:
        following = by_id.get(prompt.follow_up)
        if prompt.follow_up and following is None:
            yield f"{prompt.id}: there is no {prompt.follow_up} to follow up with."
        if following and following.category == prompt.category:
            yield f"{prompt.id}: {following.id} is of the same category, and can’t come next."
        if following and (following.depth < prompt.depth or _place(following) < _place(prompt)):
            yield f"{prompt.id}: {following.id} is shallower, or for an earlier part of the season."


def _place(prompt: Prompt) -> int:
    return SEASON_PHASES.index(prompt.season)


def _imbalances(prompts: Sequence[Prompt]) -> Iterator[str]:
    """Yield where the bank differs from QUOTAS."""
    for field, quotas in QUOTAS.items():
        have = Counter(_value(prompt, field) for prompt in prompts)
        for value, wanted in quotas.items():
            if have[value] != wanted:
                yield f"bank: {have[value]} prompts with {field} “{value}”; there should be {wanted}."


def _value(prompt: Prompt, field: str) -> str:
    value: str | tuple[str, ...] = getattr(prompt, field)
    return value if isinstance(value, str) else value[0]
