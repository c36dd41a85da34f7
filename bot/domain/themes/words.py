"""The words of answers, clause by clause, each marked with what it is good for in a phrase."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.domain.themes.common_words import COMMON_WORDS

# Returns the stem of a word in a language: ("parents", "en").
Stem = Callable[[str, str], str]

SHORTEST_WORD, LONGEST_WORD = 3, 30
# Characters of one answer, and of all: of very many long ones the beginnings are read.
MOST_READ, MOST_READ_IN_ALL = 5_000, 500_000

_LINK_OR_ADDRESS = re.compile(r"://|@|^www\.", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>|:[\w+-]+:|[*~`]")
# A word, with the apostrophes and hyphens inside it, or a character that ends a clause.
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[^\w']|_")


class _Visible(dict[int, str | None]):
    """Removes marks that don't make a letter of their own, and what is invisible, when a text is translated with it."""

    def __missing__(self, code: int) -> str | None:
        kept = None if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf") else chr(code)
        self[code] = kept
        return kept


_VISIBLE = _Visible()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an answer. `stem` is "" unless the word can be a theme or part of one."""

    spelled: str
    folded: str
    stem: str
    is_everyday: bool
    is_link: bool
    is_lead: bool


Clause = list[Word]


class Reader:
    """Splits answers into clauses, and marks in each word what it is good for."""

    def __init__(self, asked: Collection[str], language: str, stem: Stem) -> None:
        self.language, self.stem = language, stem
        self.known: dict[tuple[str, str], Word] = {}
        self.everyday = {tongue: _everyday(tongue, stem) for tongue in COMMON_WORDS}
        clauses = [list(map(_fold, clause)) for text in asked for clause in _clauses(text)]
        compounds = {first + second for clause in clauses for first, second in pairwise(clause)}
        words = {part for clause in clauses for word in clause for part in _parts(word)} | compounds
        self.asked = {stem(word, tongue) for word in words for tongue in COMMON_WORDS}

    def read(self, answers: Sequence[str]) -> list[list[Clause]]:
        most = min(MOST_READ, MOST_READ_IN_ALL // len(answers))
        texts = [_clauses(answer[:most]) for answer in answers]
        written = {_joined(word) for clauses in texts for clause in clauses for word in clause}
        return [self._words([_compounded(clause, written) for clause in clauses]) for clauses in texts]

    def _words(self, clauses: list[list[str]]) -> list[Clause]:
        language = self._language(clauses)
        return [[self._known_word(spelled, language) for spelled in clause] for clause in clauses]

    def _language(self, clauses: list[list[str]]) -> str:
        """Return the language with the most small words in these clauses; the community's if there are none."""
        words = [_fold(word) for clause in clauses for word in clause]
        tongues = sorted(COMMON_WORDS, key=lambda tongue: tongue != self.language)
        return max(tongues, key=lambda tongue: sum(word in COMMON_WORDS[tongue].fillers for word in words))

    def _known_word(self, spelled: str, language: str) -> Word:
        key = (spelled, language)
        if key not in self.known:
            self.known[key] = self._word(spelled, language)
        return self.known[key]

    def _word(self, spelled: str, language: str) -> Word:
        common, folded = COMMON_WORDS[language], _joined(spelled)
        stems = {self.stem(part, language) for part in _parts(_fold(spelled))}
        counts = (
            folded not in common.fillers
            and SHORTEST_WORD <= len(folded) <= LONGEST_WORD
            and folded.isascii()
            and folded[0].isalpha()
            and self.asked.isdisjoint(stems)
        )
        stem = self.stem(folded, language) if counts else ""
        return Word(
            spelled,
            folded,
            stem,
            is_everyday=counts and stem in self.everyday[language],
            is_link=folded in common.links,
            is_lead=folded in common.leads and self.asked.isdisjoint(stems),
        )


def _clauses(text: str) -> list[list[str]]:
    """Split a text into clauses of words as they were written, less capitals that only begin a clause or shout."""
    out: list[list[str]] = [[]]
    # One character may become eighteen.
    text = unicodedata.normalize("NFKC", text[:MOST_READ])[:MOST_READ].replace("’", "'")
    if not text.isascii():
        text = text.translate(_VISIBLE)
    if text.isupper():
        text = text.lower()
    for line in text.splitlines():
        for chunk in line.split():
            if _LINK_OR_ADDRESS.search(chunk):
                out.append([])
                continue
            for token in _TOKEN.findall(chunk if chunk.isalnum() else _MARKUP.sub("", chunk)):
                if not token[0].isalnum():
                    out.append([])
                elif not out[-1] and token[0].isupper() and token[1:].islower():
                    out[-1].append(token.lower())
                else:
                    out[-1].append(token)
        out.append([])
    return [clause for clause in out if clause]


@lru_cache
def _everyday(language: str, stem: Stem) -> frozenset[str]:
    common = COMMON_WORDS[language]
    return frozenset(stem(word, language) for word in common.everyday | common.fillers)


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    """Remove case and accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def _joined(word: str) -> str:
    """Fold a word and join its parts: “de-escalation” is “deescalation”, “pick up” is “pickup”."""
    return _fold(word).replace("-", "").replace(" ", "")


def _parts(folded: str) -> set[str]:
    return {folded.replace("-", "").replace(" ", ""), *re.split("[- ]", folded)}


def _compounded(clause: list[str], written: Collection[str]) -> list[str]:
    """Join neighbors that somebody in this round wrote as one word: “pick up” where others say “pickup”."""
    out: list[str] = []
    for word in clause:
        if out and " " not in out[-1] and _joined(out[-1] + word) in written:
            out[-1] += f" {word}"
        else:
            out.append(word)
    return out
