"""Turns text into the words that search compares: in lower case, without accents, endings and stop words."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, islice

import snowballstemmer

STEMMERS = {"en": "english", "es": "spanish"}
# Characters. Anything longer is a URL or noise, and no word that people search for.
LONGEST_WORD = 40
# In one text. Longer texts are found by their beginning.
MOST_WORDS = 5_000
MOST_CHARACTERS = 100_000
# Letters. A single typo turns a shorter word into too many others.
SHORTEST_SPELLING = 4

_ENGLISH = """
a about am an and any are as at be been being but by can could did do does don for from had has have he
her him his how i if in into is it its just me more most my no not of on only or other our out own s same
she should so some such t than that the their them then there these they this those to too us very was we
were what when where which who why will with would you your
"""
_SPANISH = """
a al algo ante como con contra cual cuales cuando cuanta cuantas cuanto cuantos de del desde donde durante
e el ella ellas ellos en entre era es esa ese eso esta estas este esto estos fue ha hay la las le les lo
los mas me mi mis muy ni no nos o os para pero por porque que quien quienes se ser si sin sobre son su sus
tambien te tiene tu un una unas uno unos y ya
"""
_STOP_WORDS = frozenset(f"{_ENGLISH} {_SPANISH}".split())


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is indexed of one text: how often each stem occurs, and the words as people spelled them."""

    stems: Counter[str]
    spellings: frozenset[str]


def analyse(title: str, body: str, topics: Collection[str], language: str) -> Analysis:
    """Return the stems of a text, in which the title counts twice, and its spellings."""
    all_words = chain(words(title), words(title), *map(words, topics), words(body))
    indexed = list(islice(all_words, MOST_WORDS))
    return Analysis(Counter(stem(word, language) for word in indexed), frozenset(filter(may_be_mended, indexed)))


def words(text: str) -> Iterator[str]:
    """Yield the words to compare, in order and in lower case, accents included; no stop words, none too long."""
    for run in runs(text):
        word = run.lower()
        if run[0].isalnum() and len(word) <= LONGEST_WORD and fold(word) not in _STOP_WORDS:
            yield word


def runs(text: str) -> Iterator[str]:
    """Split the text wherever a word begins or ends. Joined again, the runs are the text."""
    composed = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
    return ("".join(run) for _, run in groupby(composed, _in_word))


def may_be_mended(word: str) -> bool:
    """Return whether a word may be corrected, and be what another is corrected to."""
    return len(word) >= SHORTEST_SPELLING and word.isalpha()


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Remove accents and case, so that "Reunión" and "reunion" are the same."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c) and not c.isspace())[:LONGEST_WORD]


def stems(word: str, language: str) -> tuple[str, ...]:
    """Return the stems that a word of a query may be indexed under, likeliest first: texts may be in any language."""
    return tuple(dict.fromkeys(stem(word, tongue) for tongue in (language, *STEMMERS, "")))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word; all of it if there is no stemmer for `language` ("es", "es-MX")."""
    name = STEMMERS.get(language.replace("_", "-").partition("-")[0].lower())
    if name is None:
        return fold(word)
    # Stemmers have state and handlers run in several threads, so each word gets a stemmer of its own.
    stemmed: str = snowballstemmer.stemmer(name).stemWord(fold(word))
    return stemmed


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
