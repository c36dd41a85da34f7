"""Themes of a round: what several people brought up, as phrases in their own words. No model, and none if in doubt.

People are counted, not uses, so what one person says many times is no theme. A phrase never holds a word of the
question or of its options: that everybody speaks of what was asked says nothing. Only words in Latin letters count,
since only in English and Spanish it is known here which words say little.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt

from bot.domain.themes.common_words import COMMON_WORDS
from bot.domain.themes.words import Clause, Reader, Stem

MOST_THEMES = 4
# Fewer are read at a glance. A caller that must not sum up so few has a limit of its own.
FEWEST_ANSWERS = 3
# Of a phrase: the words in it that count, and the links (“in a”) between two of them.
LONGEST_PHRASE, MOST_LINKS = 3, 2
# “pickup ran late” is about late pickup too: the words may come in any order, this far apart in one clause.
REACH = 3


@dataclass(frozen=True)
class Theme:
    """A phrase as most people wrote it, and how many brought it up, some of them with other words between."""

    phrase: str
    people: int


# A lead ("no") or "", and the stems of a phrase in alphabetical order.
_Key = tuple[str, tuple[str, ...]]


@dataclass(slots=True)
class _Phrase:
    """Everything that counts as one phrase: who said it, in which clauses, and how many spelled it in which way."""

    lead: str
    stems: tuple[str, ...]
    people: set[int] = field(default_factory=set)
    clauses: set[tuple[int, int]] = field(default_factory=set)
    spellings: dict[str, set[int]] = field(default_factory=dict)

    def spelled_by(self) -> int:
        """Return how many people wrote it in one piece."""
        return len(set().union(*self.spellings.values()))

    def spelling(self) -> str:
        """Return the commonest spelling, in capitals if most who spelled it so used them; of equals the shortest."""
        people: dict[str, set[int]] = {}
        for spelled, who in self.spellings.items():
            people.setdefault(spelled.casefold(), set()).update(who)
        best = min(people, key=lambda folded: (-len(people[folded]), len(folded), folded))
        forms = [spelled for spelled in self.spellings if spelled.casefold() == best]
        return min(forms, key=lambda spelled: (-len(self.spellings[spelled]), spelled.istitle(), spelled))


def find(answers: Sequence[str], asked: Collection[str], language: str, stem: Stem) -> list[Theme]:
    """Return what several people brought up, most people first; [] if there is nothing good enough.

    `answers` holds one text for each person, `asked` the question and the labels of its options. `language` is the
    community's ("es-MX"); an answer is read in the language it seems to be in. The order of answers doesn't matter.
    """
    language = language.replace("_", "-").partition("-")[0].lower()
    if language not in COMMON_WORDS or len(answers) < FEWEST_ANSWERS:
        return []
    # By chance more answers have more in common.
    least = max(2, ceil(sqrt(len(answers)) / 2))
    read = Reader(asked, language, stem).read(answers)
    counts = Counter(stem for clauses in read for stem in {word.stem for clause in clauses for word in clause})
    shared = {stem for stem, count in counts.items() if stem and count >= least}
    everyday = {word.stem for clauses in read for clause in clauses for word in clause if word.is_everyday}
    chosen = _best(_good(_phrases(read, shared), everyday, least))
    return [Theme(phrase.spelling(), len(phrase.people)) for phrase in chosen]


def _phrases(read: list[list[Clause]], shared: Collection[str]) -> dict[_Key, _Phrase]:
    """Collect everything that may be a theme. What fewer people say than make a theme isn't in `shared`."""
    out: dict[_Key, _Phrase] = {}
    for person, clauses in enumerate(read):
        for number, clause in enumerate(clauses):
            for lead, stems, spelled in _phrases_in(clause, shared):
                key = (lead, tuple(sorted(stems)))
                phrase = out.get(key) or out.setdefault(key, _Phrase(*key))
                phrase.people.add(person)
                phrase.clauses.add((person, number))
                if spelled:
                    phrase.spellings.setdefault(spelled, set()).add(person)
    return out


def _phrases_in(clause: Clause, shared: Collection[str]) -> Iterator[tuple[str, list[str], str]]:
    """Yield the lead of each phrase in a clause, its stems, and its spelling: "" if other words are between them."""
    for start, word in enumerate(clause):
        if word.stem not in shared:
            continue
        for other in clause[start + 1 : start + 1 + REACH]:
            if other.stem in shared and other.stem != word.stem:
                yield "", [word.stem, other.stem], ""
        lead = clause[start - 1] if start and clause[start - 1].is_lead else None
        for stems, phrase in _phrases_from(clause[start : start + LONGEST_PHRASE * (MOST_LINKS + 1)], shared):
            yield "", stems, _spelled(phrase)
            if lead:
                yield lead.folded, stems, _spelled([lead, *phrase])


def _phrases_from(clause: Clause, shared: Collection[str]) -> Iterator[tuple[list[str], Clause]]:
    """Yield the stems and the words of each phrase that begins a clause, the shortest first."""
    stems: list[str] = []
    links = 0
    for end, word in enumerate(clause, 1):
        if word.stem in shared and word.stem not in stems:
            stems.append(word.stem)
            links = 0
            yield list(stems), clause[:end]
        elif word.is_link and links < MOST_LINKS:
            links += 1
        else:
            return
        if len(stems) == LONGEST_PHRASE:
            return


def _spelled(words: Clause) -> str:
    return " ".join(word.spelled for word in words)


def _good(phrases: dict[_Key, _Phrase], everyday: Collection[str], least: int) -> list[_Phrase]:
    """Return the phrases that enough people said, in which something is said, and that hold for most of their words.

    Where most who speak of shade say “no shade”, that is the theme; where one in four says “soccer season”, it is
    soccer. Everyday words have to be written as one phrase: “late parents”, and not parents and late in one sentence.
    """
    out = []
    for (lead, stems), phrase in phrases.items():
        telling = [stem for stem in stems if stem not in everyday]
        said_by = len(phrase.people) if telling else phrase.spelled_by()
        if not phrase.spellings or said_by < least or not (telling or len(stems) > 1):
            continue
        is_usual = 2 * len(phrase.people) > len(phrases["", stems].people) if lead else True
        if is_usual and all(2 * len(phrase.people) >= len(phrases["", (stem,)].people) for stem in telling):
            out.append(phrase)
    return out


def _best(phrases: Collection[_Phrase]) -> list[_Phrase]:
    """Return the phrases of most people: of those with a word in common the longest, of those said in one breath one.

    Every tie is broken by spelling, so that the same answers in another order have the same themes.
    """

    def length(phrase: _Phrase) -> int:
        return len(phrase.stems) + bool(phrase.lead)

    used: set[str] = set()
    longest = []
    for phrase in sorted(phrases, key=lambda p: (-length(p), -p.spelled_by(), -len(p.people), p.stems, p.lead)):
        if used.isdisjoint(phrase.stems):
            used.update(phrase.stems)
            longest.append(phrase)
    out: list[_Phrase] = []
    for phrase in sorted(longest, key=lambda p: (-len(p.people), -length(p), -sum(map(len, p.stems)), p.stems)):
        if len(out) == MOST_THEMES:
            break
        if not any(phrase.people <= {person for person, _ in phrase.clauses & better.clauses} for better in out):
            out.append(phrase)
    return out
