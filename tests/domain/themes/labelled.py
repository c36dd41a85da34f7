"""Rounds that a reader labelled with themes, and what a method makes of them: how much is right, how much is found."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.library import text_analysis

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class LabelledRound:
    """`themes` are the reader's: each a list of phrases, any of which is right for it."""

    language: str
    question: str
    answers: Sequence[str]
    themes: Sequence[Sequence[str]]


# Returns the phrases that a method shows for a round.
Method = Callable[[LabelledRound], Sequence[str]]


@dataclass(frozen=True)
class Figures:
    """What a method did on some rounds. `noisy` of the `empty` rounds, which have no theme, were shown one."""

    shown: int
    accepted: int
    themes: int
    found: int
    empty: int
    noisy: int
    repeated: int

    @property
    def acceptance(self) -> float:
        """The share of the phrases shown that the reader accepts."""
        return self.accepted / self.shown if self.shown else 0

    @property
    def recall(self) -> float:
        """The share of the reader's themes that are shown."""
        return self.found / self.themes if self.themes else 0


def load(language: str, half: str) -> list[LabelledRound]:
    """Load "tune" or "held", the half that was set aside for one measurement."""
    lines = Path(__file__).with_name(f"rounds_{language}_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    found = map(json.loads, lines)
    return [LabelledRound(language, each["question"], each["answers"], each["themes"]) for each in found]


def measure(rounds: Sequence[LabelledRound], method: Method) -> Figures:
    shown = [(round, method(round)) for round in rounds]
    pairs = [(round, phrase) for round, phrases in shown for phrase in phrases]
    themes = [(theme, phrases) for round, phrases in shown for theme in round.themes]
    return Figures(
        shown=len(pairs),
        accepted=sum(any(_is_right(phrase, theme) for theme in round.themes) for round, phrase in pairs),
        themes=len(themes),
        found=sum(any(_is_right(phrase, theme) for phrase in phrases) for theme, phrases in themes),
        empty=sum(not round.themes for round in rounds),
        noisy=sum(bool(phrases) for round, phrases in shown if not round.themes),
        repeated=sum(repeats_question(phrase, round) for round, phrase in pairs),
    )


def stems(text: str) -> set[str]:
    """Return the stems of a text in both languages, without stop words."""
    return {
        text_analysis.stem(word, language)
        for run in text_analysis.words(text)
        for word in (run, *text_analysis.words(run.replace("-", " ")))
        for language in LANGUAGES
    }


def repeats_question(phrase: str, round: LabelledRound) -> bool:
    return not stems(phrase).isdisjoint(stems(round.question))


def _is_right(phrase: str, theme: Sequence[str]) -> bool:
    """Whether a phrase is one of a theme's. Case, accents, and the endings of the plural don't count."""
    return any(_same(phrase, right) for right in theme)


def _same(one: str, other: str) -> bool:
    ours, theirs = _folded(one).split(), _folded(other).split()
    return len(ours) == len(theirs) and all(map(_same_word, ours, theirs))


def _same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long in (short, f"{short}s", f"{short}es", f"{short.removesuffix('y')}ies")


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
