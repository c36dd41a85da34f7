"""How text becomes the words that search compares: small letters, no accents, no endings, no filler."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, islice

import snowballstemmer

STEMMERS = {"en": "english", "es": "spanish"}
LONGEST_WORD = 40  # characters; what is longer is an address or noise, not a word anyone looks for
MOST_WORDS = 5_000  # of one text; a book is found by its opening
MOST_CHARACTERS = 100_000  # of one text that are looked at, however few words they hold
SHORTEST_SPELLING = 4  # letters; shorter words are a slip away from too many others

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
_FILLER = frozenset(f"{_ENGLISH} {_SPANISH}".split())


@dataclass(frozen=True, slots=True)
class Analysis:
    """What search keeps of one text: stem -> how often, and the words as people spelt them."""

    stems: Counter[str]
    spellings: frozenset[str]


def analyse(title: str, body: str, topics: Collection[str], language: str) -> Analysis:
    """The stems of a text, its title counted twice, and the spellings that a slip may be mended to."""
    told = chain(words(title), words(title), *map(words, topics), words(body))
    kept = list(islice(told, MOST_WORDS))
    return Analysis(Counter(stem(word, language) for word in kept), frozenset(filter(may_be_mended, kept)))


def words(text: str) -> Iterator[str]:
    """The words worth comparing, in order: small letters, accents kept; filler and endless words left out."""
    for run in runs(text):
        word = run.lower()
        if run[0].isalnum() and len(word) <= LONGEST_WORD and fold(word) not in _FILLER:
            yield word


def runs(text: str) -> Iterator[str]:
    """The text cut where words begin and end; joined again, the runs are the text."""
    composed = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
    return ("".join(run) for _, run in groupby(composed, _in_word))


def may_be_mended(word: str) -> bool:
    """Whether a word can be a slip of the finger, or what one is mended to."""
    return len(word) >= SHORTEST_SPELLING and word.isalpha()


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """The word without accents and case, so that "Reunión" and "reunion" are the same."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c) and not c.isspace())[:LONGEST_WORD]


def stems(word: str, language: str) -> tuple[str, ...]:
    """What a word of a question may be kept under, likeliest first: texts may be in other languages."""
    return tuple(dict.fromkeys(stem(word, tongue) for tongue in (language, *STEMMERS, "")))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The part that a word's forms share; without a stemmer for `language` ("es", "es-MX"), all of it."""
    name = STEMMERS.get(language.replace("_", "-").partition("-")[0].lower())
    if name is None:
        return fold(word)
    # A stemmer keeps its work in itself, and handlers run in several threads: each word gets its own.
    stemmed: str = snowballstemmer.stemmer(name).stemWord(fold(word))
    return stemmed


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
