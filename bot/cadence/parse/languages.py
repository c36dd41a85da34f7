"""The languages in which a cadence can be typed, and which of them a phrase is in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from bot.cadence.parse import lexicon_en, lexicon_es
from bot.cadence.parse.lexicon_en import Sign, Turn
from bot.cadence.time_zones import without_accents
from bot.i18n import locale as spoken

# "tusday" is Tuesday; a shorter word is one letter from too many others.
SHORTEST_MISSPELLED = 4  # letters


@dataclass(frozen=True)
class Tongue:
    """One language that the bot can read.

    `words` maps words to their signs, and `silent` are words without a meaning here. `turns` replace idioms with words;
    `closed_turns` do so for closed days, and are only tried if a phrase matches `closed_word`. `counts` are "one",
    "two" and so on. `two_faced` gives both meanings of ambiguous words. `names` are
    words that are known with one wrong letter, too. From `an` to `half_day`, the fields are
    patterns of `lexer` for what people write beside digits.
    """

    tag: str
    words: Mapping[str, list[Sign]]
    silent: frozenset[str]
    turns: tuple[Turn, ...]
    closed_word: re.Pattern[str]
    closed_turns: tuple[Turn, ...]
    counts: tuple[str, ...]
    an: str
    half: str
    hours: str
    minutes: str
    and_a_half: str
    nth: str
    yearly: str
    course: str
    spans: str
    meetings: str
    names: tuple[str, ...]
    half_day: str
    two_faced: Mapping[str, tuple[str, str]]
    accents: bool = True

    def turned(self, text: str) -> str:
        """Replace the idioms of a cleaned phrase with single words."""
        if not self.accents:
            text = without_accents(text)
        for pattern, words in self.turns:
            text = pattern.sub(words, text)
        if self.closed_word.search(text):
            for pattern, words in self.closed_turns:
                text = pattern.sub(words, text)
        return " ".join(text.split())

    def misspelled(self, word: str) -> list[Sign]:
        """Return what a weekday, a month or a count with one wrong letter means; nothing if it may be two words."""
        if len(word) < SHORTEST_MISSPELLED:
            return []
        near = {name for name in self.names if Levenshtein.distance(word, name, score_cutoff=1) <= 1}
        found = {tuple(self.words[name]) for name in near}
        return list(found.pop()) if len(found) == 1 else []

    def knows(self, word: str) -> bool:
        return word in self.words or word in self.silent


ENGLISH = Tongue(
    tag="en",
    words=lexicon_en.WORDS,
    silent=lexicon_en.SILENT,
    turns=lexicon_en.TURNS,
    closed_word=lexicon_en.CLOSED_WORD,
    closed_turns=lexicon_en.CLOSED,
    counts=lexicon_en.COUNTS,
    an="an?",
    half=r"half\ an?",
    hours="hours?|hrs?",
    minutes="minutes?|mins?",
    and_a_half=r"\ and\ a\ half\b",
    nth="st|nd|rd|th",
    yearly=r"times\ (?:a|per|each|every)\ year",
    course=r"for\ (?:the\ next\ )?",
    spans="weeks?|months?",
    meetings="sessions?|meetings?|calls?",
    names=(
        *lexicon_en.WEEKDAYS,
        *(f"{day}s" for day in lexicon_en.WEEKDAYS),
        *lexicon_en.MONTHS,
        "every",
        "first",
        "second",
        "third",
        "fourth",
    ),
    half_day=r"(?:a\.?m\b\.?|p\.?m\b\.?|(?:in\ the\ )?(?:morning|afternoon|evening)\b)",
    two_faced={"week": ("twice a week", "every other week"), "month": ("twice a month", "every other month")},
)
SPANISH = Tongue(
    tag="es",
    words=lexicon_es.WORDS,
    silent=lexicon_es.SILENT,
    turns=lexicon_es.TURNS,
    closed_word=lexicon_es.CLOSED_WORD,
    closed_turns=lexicon_es.CLOSED,
    counts=lexicon_es.COUNTS,
    an="una?",
    half=r"media",
    hours="horas?|hrs?",
    minutes="minutos?|mins?",
    and_a_half=r"\ y\ media\b",
    nth=r"\.?(?:o|a|er|ro|ra|do|da|to|ta)",
    yearly=r"veces\ (?:al|por|cada)\ ano",
    course=r"(?:durante|por)\ (?:las\ proximas\ )?",
    spans="semanas?|mes(?:es)?",
    meetings="sesion(?:es)?|reunion(?:es)?|encuentros?|llamadas?",
    names=(
        *lexicon_es.WEEKDAYS,
        "sabados",
        "domingos",
        *lexicon_es.MONTHS,
        "primer",
        "primero",
        "segundo",
        "tercer",
        "tercero",
        "cuarto",
        "ultimo",
    ),
    half_day=r"(?:a\.?m\b\.?|p\.?m\b\.?)",
    two_faced={"sem": ("dos veces por semana", "cada dos semanas"), "men": ("dos veces al mes", "cada dos meses")},
    accents=False,
)
TONGUES = (ENGLISH, SPANISH)


def tongue_spoken() -> Tongue:
    """Return the language of the current locale, or English if cadences cannot be typed in it."""
    tag = spoken().replace("_", "-").partition("-")[0]
    return next((tongue for tongue in TONGUES if tongue.tag == tag), ENGLISH)


def locale_to_read() -> str:
    """Return the current locale if cadences can be typed in its language, else English."""
    return spoken() if spoken().startswith(tongue_spoken().tag) else ENGLISH.tag


def tongue_of(text: str) -> Tongue:
    """Return the language that knows most words of a cleaned phrase. The current locale's wins a tie."""
    words = re.findall(r"[^\W\d_]+", without_accents(text))
    here = tongue_spoken()
    return max((here, *TONGUES), key=lambda tongue: sum(tongue.knows(word) for word in words))
