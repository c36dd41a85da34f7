"""The words of a phrase. Their signs form a string to match patterns against: "second Wednesday" is "OD"."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.cadence import error_messages

# Fits the longest list of dates, each with year and time.
LONGEST = 2000  # characters


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its sign (see `lexicon_en`), what was typed, and its number.

    The number is a weekday, month, day or year, the minutes of a duration, or for a time of day the minutes from
    midnight. `loose` marks a time that may be in the morning or the afternoon. `length` is how many minutes a stretch
    of time lasts, 0 if not said. `month` and `year` belong to a date, whose number is the day; a year of 0 is not said.
    """

    sign: str
    text: str
    number: int = 0
    loose: bool = False
    length: int = 0
    month: int = 0
    year: int = 0


COMMA = Word("&", ",")
_DASHES = re.compile("[-\u2010-\u2015\u2212]+")


class WordList:
    """The words of a phrase, to be matched by their signs and taken out piece by piece."""

    def __init__(self, words: list[Word]) -> None:
        self.left = words

    @property
    def shape(self) -> str:
        """The signs of the words that are left."""
        return "".join(word.sign for word in self.left)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.left if word.text).replace(" ,", ",")

    def has(self, sign: str) -> Word | None:
        """Return the first word with this sign; None if there is none."""
        return next((word for word in self.left if word.sign == sign), None)

    def first(self, sign: str) -> Word:
        return next(word for word in self.left if word.sign == sign)

    def replace(self, pattern: str, read: Callable[[list[Word]], Word]) -> None:
        """Replace each group of words whose signs match with the one word that `read` makes of it."""
        self.replace_all(pattern, lambda found: [read(found)])

    def replace_all(self, pattern: str, read: "Callable[[list[Word]], list[Word]]") -> None:
        """Replace each group of words whose signs match with those that `read` makes of it."""
        for found in reversed(list(re.finditer(pattern, self.shape))):
            self.left[found.start() : found.end()] = read(self.left[found.start() : found.end()])

    def pull(self, sign: str) -> list[Word]:
        """Remove every word with this sign and return them."""
        pulled = [word for word in self.left if word.sign == sign]
        self.left = [word for word in self.left if word.sign != sign]
        self.tidy()
        return pulled

    def tidy(self) -> None:
        """Drop commas at both ends, and all but one of several in a row. An "and" replaces a comma beside it."""
        left: list[Word] = []
        for word in self.left:
            if word.sign != "&" or (left and left[-1].sign != "&"):
                left.append(word)
            elif left and word.text != COMMA.text:
                left[-1] = word
        if left and left[-1].sign == "&":
            left.pop()
        self.left = left


def clean(phrase: str) -> str:
    """Return the phrase in lower case, with plain dashes and single spaces. Raises ParseError if empty or too long."""
    if len(phrase) > LONGEST:
        raise error_messages.too_long(LONGEST)
    text = unicodedata.normalize("NFKC", phrase).casefold()
    text = _DASHES.sub("-", text).replace("\u2019", "'")
    if not (text.isascii() and text.isprintable()):
        text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    text = " ".join(text.split())
    if not text:
        raise error_messages.nothing_typed()
    return text
