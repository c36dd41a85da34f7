"""The words of a phrase, whose signs can be matched like letters: "second Wednesday" is "OD"."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.cadence import error_messages

LONGEST = 2000  # characters: the longest list of dates fits, each with its year and time


@dataclass(frozen=True, slots=True)
class Word:
    """
    One word: its sign (see lexicon), what was typed, and its number.

    The number is a weekday, a month, a day, a year, minutes of a duration, or for a time of day minutes from
    midnight. `loose` marks a time that may be in the morning or the afternoon; `length` is how many minutes
    a stretch of time lasts, 0 if that was not said.
    """

    sign: str
    text: str
    number: int = 0
    loose: bool = False
    length: int = 0


COMMA = Word("&", ",")


class Words:
    """The words of a phrase, matched by patterns over their signs and taken out piece by piece."""

    def __init__(self, words: list[Word]) -> None:
        self.left = words

    @property
    def shape(self) -> str:
        return "".join(word.sign for word in self.left)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.left if word.text).replace(" ,", ",")

    def has(self, sign: str) -> Word | None:
        return next((word for word in self.left if word.sign == sign), None)

    def take(self, pattern: str) -> "Words | None":
        """The first words whose signs match, removed with a comma left in their place; None if none match."""
        found = re.search(pattern, self.shape)
        if not found:
            return None
        taken = Words(self.left[found.start() : found.end()])
        self.left[found.start() : found.end()] = [COMMA]
        self.tidy()
        return taken

    def replace(self, pattern: str, read: Callable[[list[Word]], Word]) -> None:
        """Put one word, read from them, in place of each group of words whose signs match."""
        self.replace_all(pattern, lambda found: [read(found)])

    def replace_all(self, pattern: str, read: "Callable[[list[Word]], list[Word]]") -> None:
        """Put other words in place of each group of words whose signs match."""
        for found in reversed(list(re.finditer(pattern, self.shape))):
            self.left[found.start() : found.end()] = read(self.left[found.start() : found.end()])

    def pull(self, sign: str) -> list[Word]:
        """Remove every word with this sign, wherever it stands."""
        pulled = [word for word in self.left if word.sign == sign]
        self.left = [word for word in self.left if word.sign != sign]
        self.tidy()
        return pulled

    def tidy(self) -> None:
        """Drop commas at either end and doubled commas."""
        kept: list[Word] = []
        for word in self.left:
            if word.sign != "&" or (kept and kept[-1].sign != "&"):
                kept.append(word)
            elif kept and word.text != COMMA.text:
                kept[-1] = word  # of ", and" the "and" says more
        if kept and kept[-1].sign == "&":
            kept.pop()
        self.left = kept


def clean(phrase: str) -> str:
    """The phrase in small letters, with plain dashes and single spaces; ParseError if empty or enormous."""
    if len(phrase) > LONGEST:
        raise error_messages.too_long(LONGEST)
    text = unicodedata.normalize("NFKC", phrase).casefold()
    text = re.sub("[-\u2010-\u2015\u2212]+", "-", text).replace("\u2019", "'")
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    text = " ".join(text.split())
    if not text:
        raise error_messages.nothing_typed()
    return text
