"""Reads times of day in a phrase: "4pm", "9:30 to 11", "at 16:00 for 90 minutes"."""

import re
from dataclasses import dataclass
from datetime import time
from functools import partial

from bot.cadence import assumptions, error_messages
from bot.cadence.parse.tokens import Word, WordList
from bot.cadence.rule import LONGEST_MINUTES, USUAL_MINUTES

# If no time of day is given: after school and before supper.
USUAL_TIME = time(16)
# All in minutes from midnight. Without am or pm, "4:30" is refused, "7:30" and "8:15" are taken as the morning with a
# warning, and "9:30" without one.
NOON = 12 * 60
EARLIEST_MORNING = 7 * 60
SURE_MORNING = 9 * 60
# Beside a time such as "22:00", "10:00" is the morning. Clocks of 24 hours write the hours before with a zero.
EARLIEST_LITERAL = 10 * 60
# "11pm to 1am" ends on the next day. A longer night is taken for a mistake.
LONGEST_NIGHT = 8 * 60

# A bare number is an hour beside a dash and a time, or after "at", but never as the day of a month.
_STRETCH = (
    r"[HF]*(?:T-T|T-N(?:(?!o?M)|(?=M-+M(?!N)))|(?:(?<!M)|(?<=[-NO]M)|(?<=oM))N-T)|[HF]+N-N(?!o?M)|(?<![MO])N-N(?!o?M)"
)
_MOMENT = r"[HF]*T|H+N(?!o?M)"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of day, how many minutes it lasts from then, and warnings about how it was read."""

    at: time
    minutes: int
    warnings: tuple[str, ...] = ()


def fold(words: WordList, phrase: str) -> None:
    """Replace each time, or stretch of time, with one word "t": its number is minutes from midnight."""
    words.replace(_STRETCH, partial(_stretch, phrase))
    words.replace(_MOMENT, partial(_moment, phrase))
    words.pull("H")


def check_lengths(lengths: list[Word], phrase: str) -> None:
    """Raise ParseError if the length is zero, or longer than a day."""
    if lengths and not 1 <= sum(length.number for length in lengths) <= LONGEST_MINUTES:
        raise error_messages.too_short_or_long(lengths[0].text, phrase.replace(lengths[0].text, "", 1))


def one_slot(words: WordList, lengths: list[Word]) -> Slot:
    """Return the time that the phrase gives. Raises ParseError if it gives two different ones."""
    given = [word for word in words.left if word.sign == "t"]
    for other in given:
        if (other.number, other.length) != (given[0].number, given[0].length):
            raise error_messages.two_times(given[0].text, other.text)
    return slot(given[0] if given else None, lengths)


def slot(word: Word | None, lengths: list[Word]) -> Slot:
    """Return the time of a word "t", or with None the usual time. `lengths` are the durations in the phrase."""
    minutes = sum(length.number for length in lengths)
    if word is None:
        return Slot(USUAL_TIME, minutes or USUAL_MINUTES, (assumptions.no_time_said(USUAL_TIME),))
    at = time(*divmod(word.number, 60))
    warnings = (assumptions.took_morning(word.text, at),) if word.loose else ()
    return Slot(at, word.length or minutes or USUAL_MINUTES, warnings)


def _stretch(phrase: str, found: list[Word]) -> Word:
    text = " ".join(word.text for word in found if word.sign not in "HF")
    first, last = (_hour(word) for word in found if word.sign in "TN")
    starts, ends = _readings(first), [end or LONGEST_MINUTES for end in _readings(last)]
    if _is_24_hours(last) and first.number >= EARLIEST_LITERAL:
        starts = [first.number]
    if first.loose and last.loose:
        starts = [_morning(first, text, _afternoon(phrase, last.text))]
    spans = [(end - start, start) for start in starts for end in ends if start < end]
    if (
        not spans
        and not (first.loose or last.loose)
        and LONGEST_MINUTES - (first.number - last.number) <= LONGEST_NIGHT
    ):
        return Word("t", text, first.number, length=LONGEST_MINUTES - (first.number - last.number))
    if not spans:
        raise error_messages.ends_before_start(text)
    length, start = min(spans)
    doubtful = first.loose and last.loose and start < SURE_MORNING
    return Word("t", text, start, loose=doubtful, length=length)


def _moment(phrase: str, found: list[Word]) -> Word:
    word = _hour(found[-1])
    if not word.loose:
        return Word("t", word.text, word.number)
    start = _morning(word, word.text, _afternoon(phrase, word.text))
    return Word("t", word.text, start, loose=start < SURE_MORNING or ":" not in word.text)


def _hour(word: Word) -> Word:
    """Return a time unchanged, and a bare number as an hour."""
    if word.sign == "T":
        return word
    if word.number > 24:
        raise error_messages.not_a_time(word.text)
    return Word("T", word.text, word.number % 24 * 60, loose=1 <= word.number < 12)


def _readings(word: Word) -> list[int]:
    return [word.number, word.number + NOON] if word.loose else [word.number]


def _morning(word: Word, text: str, nearest: str) -> int:
    if word.number < EARLIEST_MORNING:
        raise error_messages.morning_or_afternoon(text, nearest)
    return word.number


def _afternoon(phrase: str, text: str) -> str:
    before, _, after = phrase.rpartition(text)
    return f"{before}{text}pm{after}"


def _is_24_hours(word: Word) -> bool:
    return word.number > NOON and not re.search("[a-z]", word.text)
